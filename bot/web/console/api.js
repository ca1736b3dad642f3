// The console's calls to the service. An error carries the Norwegian sentence the service gave.

export class ApiError extends Error {
  constructor(status, code, text) {
    super(text);
    this.status = status;
    this.code = code;
  }
}

async function call(method, path, body) {
  const response = await fetch(`/console/api/${path}`, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const data = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiError(response.status, data.code, data.error);
  return data;
}

export const get = (path) => call("GET", path);
export const post = (path, body = {}) => call("POST", path, body);

// A socket that stays: it connects again with growing pauses, and tells when it is up or down.
export class Live {
  constructor(onNews, onLink) {
    this.onNews = onNews;
    this.onLink = onLink;
    this.pause = 500;
    this.watched = null;
    this.stopped = false;
    this.connect();
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}/console/ws`);
    this.socket.onopen = () => {
      this.pause = 500;
      this.onLink(true);
      this.watch(this.watched);
      this.onNews({ type: "queue" });
      if (this.watched) this.onNews({ type: "conversation", id: this.watched });
    };
    this.socket.onmessage = (event) => this.onNews(JSON.parse(event.data));
    this.socket.onclose = () => {
      if (this.stopped) return;
      this.onLink(false);
      setTimeout(() => this.connect(), this.pause * (0.75 + Math.random() / 2));
      this.pause = Math.min(this.pause * 2, 15000);
    };
  }

  watch(id) {
    this.watched = id;
    if (id && this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ watch: id }));
  }

  stop() {
    this.stopped = true;
    this.socket.close();
  }
}

/** A WebSocket that comes back. Knows nothing of messages, only of hello, welcome and silence. */

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15000;
const JITTER = 0.3;
const WELCOME_MS = 10000;
const STABLE_MS = 5000;
const SLEPT_MS = 30000;

export class Connection {
  #url;
  #on;
  #socket = null;
  #attempt = 0;
  #timers = new Map();
  #wanted = false;
  #hiddenAt = null;
  #watching = new AbortController();
  online = false;

  /** `on` has hello() -> the first frame, frame(object), up(frame) and down(). */
  constructor(url, on) {
    this.#url = url;
    this.#on = on;
  }

  /** Connect, and stay connected until close(). */
  open() {
    if (this.#wanted) return;
    this.#wanted = true;
    const signal = (this.#watching = new AbortController()).signal;
    addEventListener("online", () => this.restart(), { signal });
    addEventListener("offline", () => this.#drop(), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.restart(), { signal });
    document.addEventListener("visibilitychange", () => this.#woke(), { signal });
    this.#connect();
  }

  close() {
    this.#wanted = false;
    this.#watching.abort();
    this.#stop("retry");
    this.#drop();
  }

  /** Connect anew at once, e.g. because the socket is suspected to be dead. */
  restart() {
    if (!this.#wanted) return;
    this.#attempt = 0;
    this.#drop();
    this.#connect();
  }

  /** Send a frame; false when there is no connection. */
  send(frame) {
    if (!this.online || this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  // A phone that slept may hold a socket that looks open and is dead; nobody tells the page.
  #woke() {
    if (document.hidden) {
      this.#hiddenAt = Date.now();
    } else if (!this.online || (this.#hiddenAt !== null && Date.now() - this.#hiddenAt > SLEPT_MS)) {
      this.restart();
    }
  }

  #connect() {
    this.#stop("retry");
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    this.#after("welcome", WELCOME_MS, () => this.#drop());
    socket.addEventListener("open", () => socket.send(JSON.stringify(this.#on.hello())));
    socket.addEventListener("message", (event) => socket === this.#socket && this.#receive(event.data));
    socket.addEventListener("close", () => socket === this.#socket && this.#drop());
  }

  #receive(data) {
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return;
    }
    if (frame?.type === "welcome") {
      this.online = true;
      this.#stop("welcome");
      this.#after("stable", STABLE_MS, () => (this.#attempt = 0));
      this.#on.up(frame);
    } else if (frame) {
      this.#on.frame(frame);
    }
  }

  /** Let go of the socket, and try again later if still wanted. */
  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    this.#stop("welcome");
    this.#stop("stable");
    socket?.close();
    const was = this.online;
    this.online = false;
    if (was) this.#on.down();
    if (!this.#wanted || this.#timers.has("retry")) return;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#attempt++);
    this.#after("retry", wait * (1 + Math.random() * JITTER), () => this.#connect());
  }

  #after(name, ms, action) {
    this.#stop(name);
    this.#timers.set(name, setTimeout(() => {
      this.#timers.delete(name);
      action();
    }, ms));
  }

  #stop(name) {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }
}

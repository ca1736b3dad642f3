// One conversation on the screen: transcript, summary, composer. Drafts are kept by conversation and never cross.

import { get, post } from "./api.js";
import { $, ask, clock, element, fill } from "./dom.js";
import { crisisLine } from "./figures.js";
import { isDanger } from "./queue.js";

const GSM7 = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/;
const TYPING_MILLISECONDS = 3000;

export class Conversation {
  constructor(texts, me, blocks, { onGone, onError }) {
    this.texts = texts;
    this.me = me;
    this.blocks = blocks;
    this.onGone = onGone;
    this.onError = onError;
    this.id = null;
    this.seen = 0;
    this.drafts = new Map();
    this.outbox = new Map(); // conversation id -> messages not yet stored
    this.lastTyping = 0;
    for (const action of ["claim", "handback", "putback", "close"]) {
      $(action).addEventListener("click", () => this.act(action));
    }
    $("block").addEventListener("click", () => this.block());
    $("blocked-lift").addEventListener("click", () => this.lift());
    document.addEventListener("visibilitychange", () => {
      if (this.id && !document.hidden) this.refresh();
    });
    $("composer").addEventListener("submit", (event) => this.submit(event));
    $("draft").addEventListener("input", () => this.changed());
    $("draft").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.submit(event);
    });
  }

  async open(id) {
    this.id = id;
    this.seen = 0;
    $("log").replaceChildren();
    $("draft").value = this.drafts.get(id) ?? "";
    $("send-error").textContent = "";
    $("typing").textContent = "";
    $("nothing").hidden = true;
    $("conversation").hidden = false;
    await this.refresh();
    $("conversation-title").focus();
  }

  shut() {
    this.id = null;
    $("conversation").hidden = true;
    $("nothing").hidden = false;
  }

  // Reads on from the last number seen. Two calls never run at once; the later asks again.
  async refresh() {
    if (this.reading) {
      this.again = true;
      return;
    }
    this.reading = true;
    const id = this.id;
    try {
      const data = await get(`conversations/${id}?after=${this.seen}&visible=${document.hidden ? 0 : 1}`);
      if (id === this.id) this.show(data);
    } catch (error) {
      if (error.status === 404 && id === this.id) {
        this.onError(error);
        this.shut();
        this.onGone();
      } else if (error.status) this.onError(error);
    } finally {
      this.reading = false;
    }
    if (this.again && this.id) {
      this.again = false;
      await this.refresh();
    }
  }

  show({ conversation, summary, messages, crises, block }) {
    this.conversation = conversation;
    this.blocked = block;
    const { texts } = this;
    const mine = conversation.owner === this.me.id && conversation.state === "counselor";
    const level = texts.level[conversation.level];
    $("conversation-title").textContent = [texts.channel[conversation.channel], level || texts.state[conversation.state]].join(" · ");
    $("conversation").className = conversation.level;
    $("claim").hidden = !["bot", "waiting", "callback"].includes(conversation.state);
    for (const action of ["handback", "putback"]) $(action).hidden = !mine;
    $("close").hidden = $("block").hidden = !(mine || conversation.state === "callback");
    this.showNotices(crises, block);
    $("composer").hidden = !mine;
    $("summary").replaceChildren(
      ...summary.flatMap(({ label, value }) => [element("dt", { text: label }), element("dd", { text: value })]),
    );
    const log = $("log");
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    for (const item of messages) {
      if (item.seq <= this.seen) {
        this.redact(item);
        continue;
      }
      this.seen = item.seq;
      this.forget(item.id);
      log.append(this.message(item));
    }
    this.showOutbox();
    if (atEnd || messages.length) log.scrollTop = log.scrollHeight;
    if (messages.some((item) => item.author === "relative")) $("typing").textContent = "";
    this.changed();
  }

  showNotices(crises, block) {
    const line = crises.length ? crisisLine(crises.at(-1), this.texts) : "";
    $("crises").hidden = !line;
    if ($("crises").textContent !== line) $("crises").textContent = line;
    $("blocked").hidden = !block;
    $("blocked-text").textContent = block ? this.blocks.line(block) : "";
  }

  // A number told in parts is known when its last part comes: what is on the screen of the first ones goes then.
  // Danger that the language model sees is known a moment after the message.
  redact(item) {
    const shown = $("log").querySelector(`[data-seq="${item.seq}"]`);
    if (!shown) return;
    const text = shown.querySelector(".text");
    if (text.textContent !== item.text) text.textContent = item.text;
    const why = whyDanger(item.danger, this.texts);
    if (why && !shown.querySelector(".why")) shown.append(element("p", { className: "why", text: why }));
  }

  message(item) {
    const { texts } = this;
    const name = item.author === "counselor" ? item.name : texts[item.author];
    const delivery = item.delivery ? texts.delivery[item.delivery] : "";
    const buttons = (item.buttons ?? []).map((button) => button.title).join(" | ");
    const why = whyDanger(item.danger, texts);
    return element(
      "article",
      { className: `message ${item.author} ${item.kind} ${item.delivery ?? ""}`, "data-seq": item.seq },
      element("p", { className: "by", text: [name, clock(item.at), delivery].filter(Boolean).join(" · ") }),
      element("p", { className: "text", text: item.text }),
      buttons && element("p", { className: "buttons", text: buttons }),
      why && element("p", { className: "why", text: why }),
    );
  }

  async act(action) {
    const { texts, id } = this;
    const danger = action === "close" && isDanger(this.conversation);
    const question = danger ? texts.close_danger_ask : texts[`${action}_ask`];
    if (question && !(await ask(question, danger ? texts.close_danger_yes : texts.yes))) return;
    try {
      await post(`conversations/${id}/${action}`, action === "close" ? { danger_met: danger } : {});
      if (action === "claim") setTimeout(() => $("draft").focus());
    } catch (error) {
      this.onError(error);
    }
    if (this.id === id) await this.refresh();
  }

  async block() {
    const { id } = this;
    const danger = isDanger(this.conversation);
    const choice = await this.blocks.ask(danger);
    if (!choice) return;
    try {
      await post(`conversations/${id}/block`, { ...choice, danger_met: danger });
      await this.blocks.refresh();
    } catch (error) {
      this.onError(error);
    }
    if (this.id === id) await this.refresh();
  }

  async lift() {
    const { id } = this;
    await this.blocks.lift(this.blocked.id);
    if (this.id === id) await this.refresh();
  }

  submit(event) {
    event.preventDefault();
    const text = $("draft").value.trim();
    if (!text) return;
    const message = { id: crypto.randomUUID(), text, conversation: this.id, failed: "" };
    this.outbox.set(this.id, [...(this.outbox.get(this.id) ?? []), message]);
    $("draft").value = "";
    this.changed();
    this.send(message);
  }

  // The text stays on the screen, with its own id, until the service says it is stored.
  async send(message) {
    message.failed = "";
    this.showOutbox();
    try {
      await post(`conversations/${message.conversation}/messages`, { id: message.id, text: message.text });
      if (message.conversation === this.id) await this.refresh();
    } catch (error) {
      message.failed = error.message || this.texts.failed;
      this.showOutbox();
    }
  }

  forget(id) {
    const left = (this.outbox.get(this.id) ?? []).filter((message) => message.id !== id);
    this.outbox.set(this.id, left);
  }

  showOutbox() {
    const log = $("log");
    log.querySelectorAll(".outgoing").forEach((row) => row.remove());
    for (const message of this.outbox.get(this.id) ?? []) {
      const status = message.failed ? `${this.texts.not_sent}: ${message.failed}` : this.texts.sending;
      const row = element("article", { className: "message counselor outgoing" },
        element("p", { className: "by", text: status }),
        element("p", { className: "text", text: message.text }));
      if (message.failed) {
        const retry = element("button", { text: this.texts.retry });
        retry.addEventListener("click", () => this.send(message));
        row.append(retry);
      }
      log.append(row);
    }
  }

  changed() {
    const text = $("draft").value;
    this.drafts.set(this.id, text);
    const sms = this.conversation?.channel === "sms";
    $("length").textContent = !text ? "" : fill(sms ? this.texts.sms_parts : this.texts.characters, { n: text.length, parts: segments(text) });
    if (text && Date.now() - this.lastTyping > TYPING_MILLISECONDS) {
      this.lastTyping = Date.now();
      post(`conversations/${this.id}/typing`).catch(() => {});
    }
  }

  typing() {
    $("typing").textContent = this.texts.typing;
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => ($("typing").textContent = ""), TYPING_MILLISECONDS * 2);
  }
}

function segments(text) {
  const [alone, joined] = GSM7.test(text) ? [160, 153] : [70, 67];
  return text.length <= alone ? 1 : Math.ceil(text.length / joined);
}

// Which words a rule took for danger, and how likely the language model finds it: for the counselor to judge.
function whyDanger(danger, texts) {
  if (!danger) return "";
  const words = danger.words.map((word) => `«${word}»`).join(", ");
  return [
    words && fill(texts.danger_words, { words }),
    danger.likelihood !== null && fill(texts.danger_likelihood, { percent: Math.round(danger.likelihood * 100) }),
  ].filter(Boolean).join(" ");
}

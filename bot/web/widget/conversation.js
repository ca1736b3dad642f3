/**
 * A relative's side of a conversation: what was said, what is not yet sent, who has it.
 *
 * An own message is in the outbox (kept in the tab) until the server has acknowledged its id; it is sent
 * again, with the same id, as often as needed. What comes from the server has a rising number; numbers that
 * were seen are ignored. So nothing is lost and nothing is shown twice, whatever the line does.
 *
 * An entry is the server's item with `status` ("sending", "unsent", "sent", "refused"), `key`, and `error`.
 */

import { Connection } from "./connection.js";
import { newId, newToken } from "./ids.js";

const SILENCE_MS = 3000;
const OUTAGE_MS = 8000;
const ACK_MS = 5000;
const TYPING_MS = 3000;
const DEFAULT_LIMIT = 4000;
const PASSING = "uventet_feil"; // the server could not store it just now: not the message's fault

const BEGIN = { state: "bot", place: null, counselor: null };
const CLOSED = { ...BEGIN, state: "closed" };

export class Conversation {
  #store;
  #connection;
  #on;
  #token;
  #last = 0;
  #history = 0;
  #timers = {};
  #resent = false;
  #typedAt = 0;
  #ended = false; // by the relative, until somebody says something
  #told = BEGIN; // by the server
  entries = [];
  limit = DEFAULT_LIMIT;
  state = BEGIN; // what to show
  contact = null; // null: not known yet; true; false: none for SILENCE_MS
  outage = false;

  /**
   * `on` is called with what to show: entry(entry), removed(entry), cleared(), state(), contact(),
   * history(loading), typing(), refused(text), erased().
   */
  constructor(store, url, on) {
    this.#store = store;
    this.#on = on;
    this.#token = store.get("token") ?? newToken();
    this.#connection = new Connection(url, {
      hello: () => ({ type: "hello", token: this.#token, after: this.#last, malform: store.get("language") }),
      up: (frame) => this.#up(frame),
      down: () => this.#down(),
      frame: (frame) => this.#receive(frame),
    });
    for (const kept of store.list("outbox")) this.#add({ ...kept, author: "relative", seq: null });
  }

  /** Whether anything was said, or is about to be. */
  get used() {
    return this.entries.length > 0 || this.#store.get("token") !== null;
  }

  open() {
    this.#down();
    this.#on.history(this.#store.get("token") !== null);
    this.#connection.open();
  }

  /** Say something. It is kept before it is sent, so that it survives whatever happens next. */
  say(text, payload = null) {
    this.#store.set("token", this.#token);
    if (this.#todo === "end") this.#todo = null;
    this.#showEnded(false);
    const entry = { id: newId(), author: "relative", kind: "text", text, payload, at: new Date().toISOString(), seq: null };
    this.#add(entry);
    this.#keep();
    this.#post(entry);
  }

  /** Send a refused message once more. */
  retry(entry) {
    entry.error = null;
    this.#mark(entry, this.contact === false ? "unsent" : "sending");
    this.#keep();
    this.#post(entry);
  }

  /** Take a refused message away. */
  discard(entry) {
    this.entries = this.entries.filter((other) => other !== entry);
    this.#keep();
    this.#on.removed(entry);
  }

  /** Tell a counselor that the relative is writing; the bot does not care. */
  typing() {
    const now = Date.now();
    if (this.state.state !== "counselor" || now - this.#typedAt < TYPING_MS) return;
    this.#typedAt = now;
    this.#connection.send({ type: "typing" });
  }

  /** End it. Without contact it is ended as soon as there is some. */
  end() {
    this.#todo = this.#connection.send({ type: "end" }) ? null : "end";
    this.#showEnded(true);
  }

  /** Delete everything, here now and on the server as soon as it can be reached. */
  erase() {
    const told = this.used;
    this.#empty();
    if (!told) return this.#forget();
    this.#todo = "erase";
    this.#connection.send({ type: "erase" });
    this.#watch();
  }

  /** Whether there is a wish to delete that the server has not confirmed. */
  get erasing() {
    return this.#todo === "erase";
  }

  /** Begin afresh; the old conversation is no longer reachable from this browser. */
  renew() {
    this.#empty();
    this.#forget();
  }

  /** Leave in a hurry: say goodbye if the line is up, wait for nothing. */
  leave() {
    this.#connection.send({ type: "end" });
    clearTimeout(this.#timers.silence);
    clearTimeout(this.#timers.outage);
    clearTimeout(this.#timers.ack);
    this.#connection.close();
  }

  get #todo() {
    return this.#store.get("todo");
  }

  set #todo(value) {
    this.#store.set("todo", value);
  }

  get #waiting() {
    return this.entries.filter((entry) => entry.author === "relative" && entry.status !== "sent");
  }

  #keep() {
    const kept = this.#waiting.map(({ id, text, payload, at, status, error }) => ({
      id, text, payload, at, status: status === "refused" ? status : undefined, error,
    }));
    this.#store.set("outbox", kept.length ? JSON.stringify(kept) : null);
  }

  #add(entry) {
    entry.key = entry.id ?? `nr-${entry.seq}`;
    entry.status ??= entry.seq !== null ? "sent" : this.contact === false ? "unsent" : "sending";
    this.entries.push(entry);
    this.#on.entry(entry);
  }

  #mark(entry, status, seq = entry.seq) {
    if (entry.status === status && entry.seq === seq) return;
    entry.status = status;
    entry.seq = seq;
    this.#on.entry(entry);
  }

  #post({ id, text, payload }) {
    if (!this.erasing) this.#connection.send({ type: "send", id, text, payload: payload ?? null });
    this.#watch();
  }

  /** Send what is waiting, in order, or what must be done first. */
  #flush() {
    if (this.erasing) this.#connection.send({ type: "erase" });
    else for (const entry of this.#waiting) {
      if (entry.status === "refused") continue;
      this.#mark(entry, "sending");
      this.#post(entry);
    }
    if (this.#todo === "end" && this.#connection.send({ type: "end" })) this.#todo = null;
    this.#watch();
  }

  // No answer: send again; still none: the socket is dead though it looks alive.
  #watch() {
    clearTimeout(this.#timers.ack);
    this.#timers.ack = setTimeout(() => {
      const open = this.#todo !== null || this.#waiting.some((entry) => entry.status !== "refused");
      if (!open || !this.#connection.online) return;
      this.#resent = !this.#resent;
      if (this.#resent) this.#flush();
      else this.#connection.restart();
    }, ACK_MS);
  }

  #up(frame) {
    clearTimeout(this.#timers.silence);
    clearTimeout(this.#timers.outage);
    this.limit = frame.limits?.text ?? DEFAULT_LIMIT;
    const last = frame.last ?? 0;
    if (last < this.#last) return this.#restarted();
    this.#history = last;
    if (frame.state !== this.#told.state) this.#setState({ state: frame.state });
    this.#setContact(true);
    if (this.#last >= last) this.#on.history(false);
    this.#resent = false;
    this.#flush();
  }

  /** The server no longer has what we saw (it was deleted): show what it has, keep what is unsent. */
  #restarted() {
    const waiting = this.#waiting;
    this.#last = 0;
    this.entries = [];
    this.#on.cleared();
    for (const entry of waiting) this.#add(entry);
    this.#connection.restart();
  }

  #down() {
    clearTimeout(this.#timers.silence);
    clearTimeout(this.#timers.outage);
    this.#timers.silence = setTimeout(() => this.#silent(), SILENCE_MS);
    this.#timers.outage = setTimeout(() => this.#setOutage(true), OUTAGE_MS);
  }

  #silent() {
    this.#setContact(false);
    for (const entry of this.#waiting) if (entry.status === "sending") this.#mark(entry, "unsent");
  }

  #setOutage(outage) {
    if (this.outage === outage) return;
    this.outage = outage;
    this.#on.contact();
  }

  #setContact(contact) {
    if (contact) this.outage = false;
    this.contact = contact;
    this.#on.contact();
  }

  #setState({ state, place = null, counselor = null }) {
    this.#told = { state, place, counselor };
    this.#showEnded(this.#ended);
  }

  #showEnded(ended) {
    this.#ended = ended;
    this.state = ended ? CLOSED : this.#told;
    this.#on.state();
  }

  #receive(frame) {
    switch (frame.type) {
      case "ack":
        return this.#acknowledged(frame);
      case "messages":
        return this.#arrived(frame.items ?? []);
      case "state":
        return this.#setState(frame);
      case "typing":
        return this.#on.typing();
      case "erased":
        return this.#gone();
      case "error":
        return this.#error(frame);
    }
  }

  #acknowledged({ id, seq }) {
    const entry = this.entries.find((other) => other.id === id);
    if (!entry || entry.status === "sent") return;
    this.#mark(entry, "sent", seq);
    this.#keep();
    this.#resent = false;
    this.#setOutage(false);
    this.#watch();
  }

  #arrived(items) {
    if (this.erasing) return;
    for (const item of items) {
      if (item.seq <= this.#last) continue;
      this.#last = item.seq;
      const own = item.id ? this.entries.find((entry) => entry.id === item.id) : null;
      if (own) this.#mark(Object.assign(own, { text: item.text, at: item.at }), "sent", item.seq);
      else this.#add({ ...item, status: "sent" });
      if (this.#ended && !own && item.seq > this.#history) this.#showEnded(false);
    }
    this.#keep();
    if (this.#last >= this.#history) this.#on.history(false);
  }

  #error({ id, code, text }) {
    const entry = id ? this.entries.find((other) => other.id === id && other.status !== "sent") : null;
    if (!entry) return this.#on.refused(text ?? "");
    if (code === PASSING) {
      this.#mark(entry, "unsent");
      return this.#setOutage(true); // the line is up, but nobody gets what is written: show whom to call
    }
    entry.error = text ?? null;
    this.#mark(entry, "refused");
    this.#keep();
  }

  #gone() {
    const asked = this.erasing;
    const waiting = asked ? this.#waiting : [];
    this.#empty();
    this.#forget();
    for (const entry of waiting) this.say(entry.text, entry.payload);
    this.#on.erased();
  }

  #empty() {
    this.entries = [];
    this.#ended = false;
    this.#last = 0;
    this.#history = 0;
    this.#keep();
    this.#on.cleared();
    this.#setState({ state: "bot" });
  }

  #forget() {
    this.#todo = null;
    this.#store.set("token", null);
    this.#token = newToken();
    this.#connection.restart();
  }
}

/** Puts the chat together. Loaded by widget.js when the relative opens it. */

import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { el } from "./dom.js";
import { onThreeEscapes, quickExit } from "./exit.js";
import { introduction, Log } from "./log.js";
import { ask, Panel } from "./panel.js";
import { Store } from "./storage.js";
import { Texts } from "./texts.js";
import { save, transcript } from "./transcript.js";

const FETCH_MS = 8000;
const TYPING_SHOWN_MS = 6000;
const NOTICE_MS = 5000;
const HUMAN = "/snakke_med_menneske";

/** Build the chat inside the button's root; rejects when the server cannot be reached. */
export async function start({ root, launcher, style, options }) {
  const [catalogue, css] = await Promise.all([
    read(options.base, "texts.json").then((response) => response.json()),
    read(options.base, "widget.css").then((response) => response.text()),
  ]);
  style(css);
  return new App(catalogue, root, launcher, options);
}

async function read(base, name) {
  const response = await fetch(new URL(name, base), { credentials: "omit", signal: AbortSignal.timeout(FETCH_MS) });
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response;
}

class App {
  #root;
  #launcher;
  #store;
  #texts;
  #conversation;
  #log;
  #composer;
  #panel;
  #badge = el("span", { class: "badge", "aria-hidden": "true", hidden: true });
  #spoken = el("div", { class: "spoken", role: "status" });
  #loading = true;
  #unread = 0;
  #lostContact = false;
  #notice = "";
  #timers = {};

  constructor(catalogue, root, launcher, options) {
    this.#root = root;
    this.#launcher = launcher;
    this.#store = new Store(options.keep);
    this.#texts = new Texts(catalogue, this.#store.get("language") ?? options.language);
    const intro = introduction(this.#texts, options.privacyUrl, (text) => this.#choose({ title: text }));
    this.#log = new Log(this.#texts, intro, {
      choose: (button) => this.#choose(button),
      retry: (entry) => this.#conversation.retry(entry),
      discard: (entry) => this.#conversation.discard(entry),
      renew: () => this.#renew(),
      erase: () => this.#erase(),
      download: () => this.#download(),
      nameOf: (entry) => this.#nameOf(entry),
    });
    this.#composer = new Composer(this.#texts, this.#store.get("draft") ?? "", {
      send: (text) => this.#say(text),
      draft: (text) => this.#store.set("draft", text || null),
      typing: () => this.#conversation.typing(),
    });
    const leave = () => exit();
    this.#panel = new Panel(this.#texts, { log: this.#log.frame, composer: this.#composer.element }, {
      closed: () => this.#closed(),
      exit: leave,
      human: () => this.#human(),
      download: () => this.#download(),
      end: () => this.#end(),
      erase: () => this.#erase(),
      language: (language) => this.#speak(language),
    });
    launcher.append(this.#badge);
    root.append(this.#panel.element, this.#spoken);
    this.#conversation = this.#connect(new URL("ws", options.base));
    const exit = quickExit(this.#conversation, this.#store, options.exitUrl);
    onThreeEscapes(leave);
    this.#texts.each(() => this.#relabel());
    this.#conversation.open();
  }

  /** Open the panel. `focus` false: the page was reloaded, the reader is somewhere else. */
  open(opener, focus) {
    if (this.#panel.isOpen) return this.#composer.focus();
    this.#unread = 0;
    this.#store.set("open", "yes");
    this.#launcher.hidden = true;
    this.#panel.open(opener, focus ? this.#composer : null);
    this.#composer.fit();
    this.#log.rest(this.#conversation.entries.length > 0);
    this.#relabel();
  }

  #connect(url) {
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return new Conversation(this.#store, url.href, {
      entry: (entry) => this.#entry(entry),
      removed: (entry) => this.#log.remove(entry),
      cleared: () => this.#log.clear(),
      state: () => this.#showState(),
      contact: () => this.#showContact(),
      history: (loading) => this.#history(loading),
      typing: () => this.#showTyping(),
      refused: (text) => this.#tell(text),
      erased: () => this.#tell(this.#texts.get("erased")),
    });
  }

  #entry(entry) {
    this.#log.put(entry);
    if (entry.author === "relative") return;
    this.#hideTyping();
    if (this.#loading || this.#panel.isOpen) return;
    this.#unread += 1;
    this.#spoken.textContent = "";
    this.#spoken.textContent = this.#texts.get("unread_notice");
    this.#relabel();
  }

  #nameOf(entry) {
    if (entry.author === "relative") return this.#texts.get("you");
    if (entry.author === "counselor") {
      const name = entry.name ?? this.#conversation.state.counselor;
      return name ? this.#texts.get("counselor_named", { name }) : this.#texts.get("counselor");
    }
    return this.#texts.get(entry.author === "bot" ? "bot" : "system");
  }

  #say(text, payload = null) {
    this.#tell("");
    this.#conversation.say(text, payload);
  }

  #choose(button) {
    const pressed = this.#root.getRootNode().activeElement;
    this.#say(button.title, button.payload ?? null);
    // The pressed button is shut now, and focus must not fall off. On a phone the keyboard stays down.
    if (pressed?.classList.contains("choice")) {
      if (matchMedia("(pointer: coarse)").matches) this.#log.element.focus({ preventScroll: true });
      else this.#composer.focus();
    }
  }

  #human() {
    const { state } = this.#conversation.state;
    if (state === "waiting") return this.#tell(this.#texts.get("human_waiting"));
    if (state === "counselor") return this.#tell(this.#texts.get("human_now"));
    this.#say(this.#texts.get("human_text"), HUMAN);
  }

  async #end() {
    if (!this.#conversation.entries.length) return this.#panel.close();
    if (await ask(this.#root, this.#texts, "end")) this.#conversation.end();
  }

  async #erase() {
    if (!(await ask(this.#root, this.#texts, "erase"))) return;
    this.#composer.clear();
    this.#conversation.erase();
    if (this.#conversation.erasing) this.#showErasing();
    else this.#tell(this.#texts.get("erased"));
    this.#composer.focus();
  }

  #renew() {
    this.#conversation.renew();
    this.#composer.focus();
  }

  #download() {
    const text = transcript(this.#texts, this.#conversation.entries, (entry) => this.#nameOf(entry));
    save(this.#root, text, this.#texts.get("transcript_file"));
  }

  #speak(language) {
    this.#store.set("language", language);
    this.#texts.use(language);
  }

  #closed() {
    this.#store.set("open", "no");
    this.#launcher.hidden = false;
    this.#tell("");
  }

  #history(loading) {
    if (this.#loading && loading) return this.#log.busy(true);
    if (!loading && this.#loading) {
      this.#log.busy(false);
      this.#log.rest(this.#conversation.entries.length > 0);
    }
    this.#loading = loading;
  }

  #showState() {
    const { state, place, counselor } = this.#conversation.state;
    const known = this.#conversation.contact !== null;
    this.#log.showClosed(state === "closed");
    if (!known) return this.#panel.state(this.#texts.get("state_connecting"));
    if (state === "waiting" && place) return this.#panel.state(this.#texts.get("state_waiting_place", { n: place }));
    if (state === "counselor") {
      const key = counselor ? "state_counselor" : "state_counselor_unnamed";
      return this.#panel.state(this.#texts.get(key, { name: counselor }));
    }
    this.#panel.state(this.#texts.get(`state_${state}`) ?? "");
  }

  #showContact() {
    const { contact, outage, limit } = this.#conversation;
    this.#composer.limit(limit);
    this.#log.showOutage(outage);
    this.#showState();
    if (contact === false) {
      this.#lostContact = true;
      this.#hideTyping();
      this.#showBanner();
    } else if (contact && this.#lostContact) {
      this.#lostContact = false;
      this.#tell(this.#texts.get("online_again"));
    }
    if (this.#conversation.erasing) this.#showErasing();
  }

  #showErasing() {
    this.#tell(this.#texts.get(this.#conversation.contact ? "erasing" : "erase_waiting"), false);
  }

  /** Say something for a moment, in the banner. */
  #tell(text, passing = true) {
    clearTimeout(this.#timers.notice);
    this.#notice = text;
    this.#showBanner();
    if (passing && text) this.#timers.notice = setTimeout(() => this.#tell(""), NOTICE_MS);
  }

  #showBanner() {
    const offline = this.#conversation.contact === false;
    if (offline && !this.#conversation.erasing) this.#panel.banner(this.#texts.get("offline"), true);
    else this.#panel.banner(this.#notice, false);
  }

  #showTyping() {
    const { state, counselor } = this.#conversation.state;
    const name = counselor ?? this.#texts.get("counselor");
    this.#panel.typing(this.#texts.get(state === "counselor" ? "typing_counselor" : "typing_bot", { name }));
    clearTimeout(this.#timers.typing);
    this.#timers.typing = setTimeout(() => this.#hideTyping(), TYPING_SHOWN_MS);
  }

  #hideTyping() {
    clearTimeout(this.#timers.typing);
    this.#panel.typing("");
  }

  #relabel() {
    this.#root.lang = this.#texts.language;
    this.#badge.hidden = this.#unread === 0;
    this.#badge.textContent = String(this.#unread);
    const key = this.#unread ? "open_unread" : "open";
    this.#launcher.setAttribute("aria-label", this.#texts.get(key, { n: this.#unread }));
    this.#launcher.title = this.#texts.get("open");
    this.#showState();
    this.#showBanner();
  }
}

/** The list of messages. A log region: a screen reader reads what is added, and focus stays where it is. */

import { contactList, sourceList } from "./contacts.js";
import { el, icon, paragraphs, spoken, webAddress } from "./dom.js";

const NEAR_PX = 80;
const MARKS = { bot: "robot", counselor: "person", system: "info" };

export class Log {
  #texts;
  #on;
  #items = el("ol", { class: "items" });
  #drawn = new Map(); // key -> { entry, item }
  #outage = el("section", { class: "outage", hidden: true, "aria-labelledby": "outage-title" });
  #closed = el("section", { class: "closed", hidden: true });
  #more;
  #follows = false; // the end is in view, and stays so when the window shrinks

  /**
   * `on` has choose(button), start(text), retry(entry), discard(entry), renew(), erase(), download(),
   * nameOf(entry). `intro` is what stands above the first message.
   */
  constructor(texts, intro, on) {
    this.#texts = texts;
    this.#on = on;
    this.element = el("div", { class: "log", role: "log", "aria-live": "polite", tabindex: "0" },
      intro, this.#items, this.#closed, this.#outage);
    this.#more = el("button", { type: "button", class: "more", hidden: true, onclick: () => this.toEnd() });
    this.frame = el("div", { class: "log-frame" }, this.element, this.#more);
    this.element.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#follows && this.toEnd()).observe(this.element);
    texts.each(() => this.#relabel());
  }

  /** Draw an entry, or draw it again when it has changed. */
  put(entry) {
    const known = this.#drawn.get(entry.key);
    if (known) return this.#update(known);
    const atEnd = this.#atEnd();
    const item = this.#draw(entry);
    this.#drawn.set(entry.key, { entry, item });
    this.#place(item, entry);
    this.#refresh();
    if (entry.author === "relative" && this.#outage.hidden) this.toEnd();
    else if (entry.author === "relative") this.#follow(item);
    else if (atEnd) this.#follow(item);
    else this.#more.hidden = false;
  }

  remove(entry) {
    this.#drawn.get(entry.key)?.item.remove();
    this.#drawn.delete(entry.key);
    this.#refresh();
  }

  clear() {
    this.#drawn.clear();
    this.#items.replaceChildren();
    this.#more.hidden = true;
    this.#refresh();
  }

  /** While old messages are loaded, nothing is read aloud. */
  busy(loading) {
    this.element.setAttribute("aria-busy", String(loading));
  }

  /** Show the end of a conversation, or the beginning of a new one. */
  rest(atEnd) {
    if (atEnd) return this.toEnd();
    this.element.scrollTop = 0;
    this.#follows = false;
  }

  /** Show whom to call when the chat has no contact. */
  showOutage(shown) {
    if (this.#outage.hidden === !shown) return;
    this.#outage.hidden = !shown;
    if (shown) this.#follow(this.#outage);
  }

  showClosed(shown) {
    if (this.#closed.hidden === !shown) return;
    this.#closed.hidden = !shown;
    if (shown) this.toEnd();
  }

  toEnd() {
    const scroller = this.#scroller();
    scroller.scrollTop = scroller.scrollHeight;
    this.#follows = true;
    this.#more.hidden = true;
  }

  #scrolled() {
    this.#follows = this.#atEnd();
    if (this.#follows) this.#more.hidden = true;
  }

  // On a very low screen (400 % zoom) the whole panel scrolls instead of the log.
  #scroller() {
    const whole = getComputedStyle(this.element).overflowY === "visible";
    return whole ? (this.element.closest("dialog") ?? this.element) : this.element;
  }

  #atEnd() {
    const scroller = this.#scroller();
    return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_PX;
  }

  /** Scroll to something new, but never past its beginning: it is read from the top. */
  #follow(item) {
    const scroller = this.#scroller();
    const top = item.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
    scroller.scrollTop = Math.min(scroller.scrollHeight, Math.max(0, top - 12));
  }

  /** Put an item where its number belongs; what has none yet comes last. */
  #place(item, entry) {
    const order = entry.seq ?? Infinity;
    item.order = order;
    let before = this.#items.lastElementChild;
    while (before && before !== item && before.order > order) before = before.previousElementSibling;
    if (before === item) return;
    if (before) before.after(item);
    else this.#items.prepend(item);
  }

  #update({ entry, item }) {
    if (entry.author !== "relative") return;
    const old = item.querySelector(".status");
    const error = item.querySelector(".refusal");
    if (old.textContent !== this.#status(entry)) old.textContent = this.#status(entry);
    item.dataset.status = entry.status;
    error?.remove();
    if (entry.status === "refused") item.append(this.#refusal(entry));
    const order = entry.seq ?? Infinity;
    item.order = order;
    const early = item.previousElementSibling?.order > order;
    const late = item.nextElementSibling && item.nextElementSibling.order < order;
    if (early || late) {
      item.remove();
      this.#place(item, entry);
    }
    this.#refresh();
  }

  /** In danger the numbers to tap stand right after the first words; the lines that spell them out are left out. */
  #numbersFirst(entry) {
    const contacts = entry.contacts ?? [];
    const spelled = (part) => contacts.some((contact) => contact.display && part.startsWith(`${contact.name}: ${contact.display}`));
    const [first, ...rest] = entry.text.split(/\n{2,}/).filter((part) => !contacts.length || !spelled(part));
    return [
      ...paragraphs(first ?? entry.text),
      contacts.length ? contactList(this.#texts, contacts) : null,
      ...paragraphs(rest.join("\n\n")),
    ];
  }

  #status(entry) {
    return this.#texts.get(entry.status);
  }

  #draw(entry) {
    const crisis = entry.kind === "crisis";
    const at = Number.isNaN(Date.parse(entry.at)) ? new Date() : new Date(entry.at);
    const own = entry.author === "relative";
    const item = el("li", { class: `item ${entry.author}${crisis ? " crisis" : ""}` },
      el("div", { class: "head" },
        own ? null : icon(crisis ? "warning" : MARKS[entry.author] ?? "info"),
        el("span", { class: "name" }, this.#on.nameOf(entry)),
        el("time", { datetime: at.toISOString() }, this.#texts.time(at)),
        own ? el("span", { class: "status", "aria-live": "off" }, this.#status(entry)) : null,
      ),
      el("div", { class: "bubble" },
        crisis ? el("p", { class: "crisis-title" }, this.#texts.get("crisis")) : null,
        ...(crisis ? this.#numbersFirst(entry) : [
          ...paragraphs(entry.text),
          entry.contacts?.length ? contactList(this.#texts, entry.contacts) : null,
        ]),
        sourceList(this.#texts, entry.sources),
      ),
      entry.buttons?.length ? this.#choices(entry) : null,
    );
    if (own) item.dataset.status = entry.status;
    if (entry.status === "refused") item.append(this.#refusal(entry));
    return item;
  }

  #choices(entry) {
    return el("div", { class: "choices", role: "group", "aria-label": this.#texts.get("choices") },
      ...entry.buttons.map((button) => this.#choice(button)));
  }

  /** A choice is said in the chat, or leads to a page when its payload is an address. */
  #choice(button) {
    const address = webAddress(button.payload);
    if (!address) {
      return el("button", {
        type: "button", class: "choice", onclick: (event) => this.#on.choose(button, event.currentTarget),
      }, button.title);
    }
    return el("a", { class: "choice", href: address, target: "_blank", rel: "noopener noreferrer" },
      button.title, icon("outside"), spoken(` (${this.#texts.get("new_tab")})`));
  }

  #refusal(entry) {
    return el("div", { class: "refusal" },
      entry.error ? el("p", {}, entry.error) : null,
      el("button", { type: "button", class: "small", onclick: () => this.#on.retry(entry) }, this.#texts.get("retry")),
      el("button", { type: "button", class: "small", onclick: () => this.#on.discard(entry) }, this.#texts.get("discard")),
    );
  }

  /** Only the choices that came last, and that nothing has been said to, can be used. */
  #refresh() {
    this.element.classList.toggle("used", this.#drawn.size > 0);
    let open = true;
    let item = this.#items.lastElementChild;
    for (; item; item = item.previousElementSibling) {
      const buttons = item.querySelectorAll(".choice");
      if (item.classList.contains("relative")) open = false;
      for (const button of buttons) button.disabled = !open;
      if (buttons.length) open = false;
    }
  }

  #relabel() {
    this.element.setAttribute("aria-label", this.#texts.get("log"));
    this.#more.replaceChildren(icon("down"), this.#texts.get("new_messages"));
    this.#outage.replaceChildren(
      el("h3", { id: "outage-title" }, icon("phone"), this.#texts.get("outage_title")),
      el("p", {}, this.#texts.get("outage_text")),
      contactList(this.#texts, this.#texts.contacts),
    );
    const action = (key, does) => el("button", { type: "button", class: "choice", onclick: does }, this.#texts.get(key));
    this.#closed.replaceChildren(
      el("p", {}, this.#texts.get("closed_text")),
      el("div", { class: "choices" },
        action("download", () => this.#on.download()),
        action("new_chat", () => this.#on.renew()),
        action("erase", () => this.#on.erase())),
    );
    const entries = [...this.#drawn.values()].map(({ entry }) => entry);
    if (!entries.length) return;
    this.busy(true);
    this.clear();
    for (const entry of entries) this.put(entry);
    this.busy(false);
    this.toEnd();
  }
}

/** Return what stands above the first message: what this is, what happens to the words, and where to call. */
export function introduction(texts, privacyUrl, start) {
  const intro = el("section", { class: "intro" });
  texts.each(() => {
    const [ambulance] = texts.contacts;
    const starters = texts.get("starters").map((text) =>
      el("li", {}, el("button", { type: "button", class: "choice starter", onclick: () => start(text) }, text)));
    intro.replaceChildren(
      el("h3", {}, texts.get("intro_title")),
      el("p", {}, texts.get("intro_what")),
      el("p", { class: "privacy" }, texts.get("intro_privacy"), privacyUrl ? " " : null, privacyUrl
        ? el("a", { href: privacyUrl, target: "_blank", rel: "noopener noreferrer" }, texts.get("intro_privacy_link"),
            spoken(` (${texts.get("new_tab")})`)) : null),
      el("p", { class: "danger" }, icon("phone"), el("span", {}, `${texts.get("intro_danger")} `,
        el("a", { href: `tel:${ambulance.dial}` }, ambulance.display), ".")),
      el("ul", { class: "choices", "aria-label": texts.get("starters_label") }, ...starters),
    );
  });
  return intro;
}

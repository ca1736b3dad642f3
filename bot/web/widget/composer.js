/** Where the relative writes. */

import { el, icon } from "./dom.js";

const NEAR = 200;

export class Composer {
  #texts;
  #on;
  #limit = Infinity;
  #field = el("textarea", { id: "message", rows: "1", enterkeyhint: "send", "aria-describedby": "hint count" });
  #count = el("p", { id: "count", class: "count", role: "status" });

  /** `on` has send(text), draft(text) and typing(). `draft` is what was written before a reload. */
  constructor(texts, draft, on) {
    this.#texts = texts;
    this.#on = on;
    const label = el("label", { for: "message", class: "spoken" });
    const hint = el("p", { id: "hint", class: "hint" });
    const send = el("button", { type: "submit", class: "send" });
    this.element = el("form", { class: "composer", novalidate: true }, label,
      el("div", { class: "writing" }, this.#field, send), el("div", { class: "under" }, hint, this.#count));
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.#field.addEventListener("input", () => {
      this.#changed();
      if (this.#field.value) this.#on.typing();
    });
    texts.each(() => {
      label.textContent = texts.get("message");
      hint.textContent = texts.get("hint");
      this.#field.placeholder = texts.get("placeholder");
      send.replaceChildren(icon("send"), el("span", {}, texts.get("send")));
      this.#measure();
    });
    this.#field.value = draft;
  }

  focus() {
    this.#field.focus();
  }

  /** Fit the field to its text; needed once it is visible. */
  fit() {
    this.#field.style.height = "auto";
    const border = this.#field.offsetHeight - this.#field.clientHeight;
    this.#field.style.height = `${this.#field.scrollHeight + border}px`;
  }

  limit(characters) {
    this.#limit = characters;
    this.#measure();
  }

  /** Throw the draft away. */
  clear() {
    this.#field.value = "";
    this.#changed();
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.altKey || event.ctrlKey) return;
    event.preventDefault();
    this.#send();
  }

  #changed() {
    this.#on.draft(this.#field.value);
    this.fit();
    this.#measure();
  }

  // The server counts characters, JavaScript counts halves of some.
  #left() {
    return this.#limit - [...this.#field.value.trim()].length;
  }

  #measure() {
    const left = this.#left();
    const near = left <= Math.min(NEAR, this.#limit / 2);
    const text = !near ? "" : left < 0 ? this.#texts.get("too_long", { n: -left }) : this.#texts.get("left", { n: left });
    if (this.#count.textContent !== text) this.#count.textContent = text;
    this.#count.classList.toggle("over", left < 0);
    if (left < 0) this.#field.setAttribute("aria-invalid", "true");
    else this.#field.removeAttribute("aria-invalid");
  }

  #send() {
    const text = this.#field.value.trim();
    this.focus();
    if (!text || this.#left() < 0) return;
    this.#on.send(text);
    this.clear();
  }
}

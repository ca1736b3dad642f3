/** The window of the chat: header, quick exit, the way to a person, menu, and where focus goes. */

import { el, icon } from "./dom.js";

const FULL_SCREEN = "(max-width: 640px), (max-height: 480px)";

export class Panel {
  #texts;
  #on;
  #opener = null;
  #modal = false;
  #full = matchMedia(FULL_SCREEN);
  #state = el("p", { class: "state", role: "status" });
  #banner = el("div", { class: "banner", role: "status" });
  #typing = el("p", { class: "typing", hidden: true });
  #menuButton;
  #menu;

  /** `parts` are log frame and composer elements; `on` has closed(), exit(), human() and the menu's items. */
  constructor(texts, parts, on) {
    this.#texts = texts;
    this.#on = on;
    const title = el("h2", { id: "title" });
    const close = el("button", { type: "button", class: "round", onclick: () => this.close() }, icon("close"));
    const exit = el("button", { type: "button", class: "exit", onclick: () => on.exit() });
    const human = el("button", { type: "button", class: "human", onclick: () => on.human() });
    this.#menuButton = el("button", {
      type: "button", class: "round", "aria-expanded": "false", "aria-controls": "menu", onclick: () => this.#toggleMenu(),
    }, icon("menu"));
    this.#menu = el("div", { class: "menu", id: "menu", hidden: true, onfocusout: (event) => this.#leftMenu(event) });
    this.element = el("dialog", { class: "panel", "aria-labelledby": "title" },
      el("div", { class: "header" },
        el("div", { class: "titles" }, title, this.#state),
        el("div", { class: "tools" }, this.#menuButton, close, this.#menu)),
      el("div", { class: "bar" }, human, exit),
      this.#banner, parts.log, this.#typing, parts.composer);
    this.element.addEventListener("keydown", (event) => event.key === "Escape" && this.#escape(event));
    this.element.addEventListener("pointerdown", ({ target }) => {
      if (!this.#menu.contains(target) && !this.#menuButton.contains(target)) this.#hideMenu();
    });
    this.element.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    this.element.addEventListener("close", () => !this.element.open && this.close());
    this.#full.addEventListener("change", () => this.isOpen && this.#reopen());
    visualViewport?.addEventListener("resize", () => this.#fit());
    visualViewport?.addEventListener("scroll", () => this.#fit());
    texts.each(() => {
      title.textContent = texts.get("title");
      for (const [button, key] of [[close, "close"], [this.#menuButton, "menu"]]) {
        button.setAttribute("aria-label", texts.get(key));
        button.title = texts.get(key);
      }
      human.replaceChildren(icon("person"), el("span", {}, texts.get("human")));
      exit.replaceChildren(icon("exit"), el("span", {}, texts.get("exit")));
      exit.title = texts.get("exit_help");
      this.#drawMenu();
    });
  }

  isOpen = false;

  /** Open; `focus` is what gets the focus, null to leave it where it is (after a reload). */
  open(opener, focus) {
    this.#opener = opener;
    this.isOpen = true;
    this.#show();
    focus?.focus();
  }

  close() {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#hideMenu();
    if (this.element.open) this.element.close();
    this.#on.closed();
    this.#opener?.focus();
  }

  state(text) {
    if (this.#state.textContent !== text) this.#state.textContent = text;
  }

  banner(text, warning) {
    this.#banner.classList.toggle("warning", warning);
    if (this.#banner.textContent === text) return;
    this.#banner.replaceChildren(...(text ? [icon(warning ? "warning" : "info"), el("span", {}, text)] : []));
  }

  typing(text) {
    this.#typing.hidden = !text;
    this.#typing.replaceChildren(...(text ? [el("span", { class: "dots", "aria-hidden": "true" },
      el("i"), el("i"), el("i")), text] : []));
  }

  // A full screen is modal (the page behind cannot be reached), a corner of a page is not.
  #show() {
    this.#modal = this.#full.matches;
    if (this.#modal) this.element.showModal();
    else this.element.setAttribute("open", "");
    this.#fit();
  }

  #reopen() {
    if (this.#modal === this.#full.matches) return;
    const focused = this.element.getRootNode().activeElement;
    this.element.close();
    this.#show();
    focused?.focus({ preventScroll: true });
  }

  // The keyboard of a phone covers the lower part of what is fixed; only visualViewport tells.
  #fit() {
    const view = visualViewport;
    const covered = this.#modal && view && view.scale === 1 && view.height < innerHeight - 1;
    this.element.style.setProperty("--height", covered ? `${view.height}px` : "100dvh");
    this.element.style.setProperty("--top", covered ? `${view.offsetTop}px` : "0px");
  }

  #escape(event) {
    event.preventDefault();
    if (this.#menu.hidden) return this.close();
    this.#hideMenu();
    this.#menuButton.focus();
  }

  #drawMenu() {
    const item = (key, mark, does) => el("button", {
      type: "button", class: "menu-item", onclick: () => {
        this.#hideMenu();
        this.#menuButton.focus();
        does();
      },
    }, icon(mark), this.#texts.get(key));
    const language = (code) => el("button", {
      type: "button", class: "menu-language", lang: code, "aria-pressed": String(this.#texts.language === code),
      onclick: () => {
        this.#on.language(code);
        this.#menu.querySelector(`[lang="${code}"]`).focus();
      },
    }, this.#texts.nameOf(code));
    this.#menu.replaceChildren(
      item("download", "download", () => this.#on.download()),
      item("end", "stop", () => this.#on.end()),
      item("erase", "bin", () => this.#on.erase()),
      el("div", { class: "languages", role: "group", "aria-label": this.#texts.get("language_label") },
        language("nb"), language("nn")),
    );
  }

  #toggleMenu() {
    if (!this.#menu.hidden) return this.#hideMenu();
    this.#menu.hidden = false;
    this.#menuButton.setAttribute("aria-expanded", "true");
    this.#menu.querySelector("button").focus();
  }

  #hideMenu() {
    this.#menu.hidden = true;
    this.#menuButton.setAttribute("aria-expanded", "false");
  }

  #leftMenu(event) {
    const next = event.relatedTarget;
    if (next && !this.#menu.contains(next) && next !== this.#menuButton) this.#hideMenu();
  }
}

/** Ask a question that must be answered first; return whether the answer was yes. */
export function ask(root, texts, key) {
  const dialog = el("dialog", { class: "ask", "aria-labelledby": "ask-title", "aria-describedby": "ask-text" });
  const answer = (value) => () => dialog.close(value);
  const no = el("button", { type: "button", class: "secondary", onclick: answer("no") }, texts.get("cancel"));
  const yes = el("button", { type: "button", class: "primary", onclick: answer("yes") }, texts.get(`${key}_yes`));
  dialog.append(
    el("h2", { id: "ask-title" }, texts.get(`${key}_title`)),
    el("p", { id: "ask-text" }, texts.get(`${key}_text`)),
    el("div", { class: "answers" }, no, yes),
  );
  root.append(dialog);
  dialog.showModal();
  no.focus();
  return new Promise((resolve) => dialog.addEventListener("close", () => {
    dialog.remove();
    resolve(dialog.returnValue === "yes");
  }, { once: true }));
}

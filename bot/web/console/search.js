// Look a subject up while talking: title and short answer, and a button that puts the answer into the draft.

import { post } from "./api.js";
import { $, element, fill } from "./dom.js";

export class Search {
  // `current` gives the open conversation: by SMS the shorter answer is put in.
  constructor(texts, current, onError) {
    this.texts = texts;
    this.current = current;
    this.onError = onError;
    $("search").addEventListener("submit", (event) => this.submit(event));
  }

  async submit(event) {
    event.preventDefault();
    const words = $("search-words").value.trim();
    if (!words) return;
    try {
      this.show((await post("search", { q: words })).items);
    } catch (error) {
      this.onError(error);
    }
  }

  show(items) {
    const { texts } = this;
    $("search-status").textContent = items.length ? fill(texts.search_found, { n: items.length }) : texts.search_none;
    $("hits").replaceChildren(...items.map((item) => this.hit(item)));
  }

  hit(item) {
    const { texts } = this;
    const insert = element("button", { text: texts.insert, type: "button", "aria-label": `${texts.insert}: ${item.title}` });
    insert.addEventListener("click", () => this.insert(item));
    const page = element("a", { text: texts.read_page, href: item.url, target: "_blank", rel: "noopener", "aria-label": `${texts.read_page}: ${item.title}` });
    return element(
      "li",
      {},
      element("strong", { text: item.title }),
      element("p", { text: item.short }),
      element("div", { className: "row" }, insert, page),
    );
  }

  // What is already written stays; only who has the conversation can write.
  insert(item) {
    if ($("composer").hidden) return;
    const draft = $("draft");
    const text = this.current()?.channel === "sms" ? item.sms : item.short;
    draft.value = [draft.value.trimEnd(), text].filter(Boolean).join("\n\n");
    draft.dispatchEvent(new Event("input", { bubbles: true }));
    draft.focus();
  }
}

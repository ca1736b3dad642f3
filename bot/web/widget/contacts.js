/** Contacts to call with one tap. */

import { el, icon, spoken, webAddress } from "./dom.js";

/** Return a list of contacts; numbers that are no numbers and addresses that are no addresses stay text. */
export function contactList(texts, contacts) {
  return el("ul", { class: "contacts" }, ...contacts.map((contact) => el("li", { class: "contact" },
    el("div", { class: "contact-what" },
      el("span", { class: "contact-name" }, contact.name),
      contact.hours ? el("span", { class: "contact-hours" }, contact.hours) : null,
    ),
    callLink(texts, contact),
    siteLink(texts, contact),
  )));
}

function callLink(texts, { name, display, dial }) {
  const digits = String(dial ?? "").replace(/[\s()-]/g, "");
  if (!/^\+?\d{3,15}$/.test(digits)) return display ? el("span", {}, display) : null;
  const number = display ?? digits;
  return el("a", { class: "call", href: `tel:${digits}`, "aria-label": texts.get("call_to", { name, number }) },
    icon("phone"), el("span", {}, texts.get("call", { number })));
}

function siteLink(texts, { name, url }) {
  const address = webAddress(url);
  if (!address) return null;
  return el("a", {
    class: "site", href: address, target: "_blank", rel: "noopener noreferrer",
    "aria-label": `${texts.get("website_of", { name })} (${texts.get("new_tab")})`,
  }, texts.get("website"), icon("outside"));
}

/** Return the sources of an answer, or null when there is none. */
export function sourceList(texts, sources) {
  if (!sources?.length) return null;
  return el("div", { class: "sources" },
    el("p", { class: "sources-title" }, texts.get("sources")),
    el("ul", {}, ...sources.map((source) => {
      const address = webAddress(source.url);
      const date = texts.date(source.reviewed);
      return el("li", {},
        address
          ? el("a", { href: address, target: "_blank", rel: "noopener noreferrer" },
              source.title || address, icon("outside"), spoken(` (${texts.get("new_tab")})`))
          : el("span", {}, source.title ?? ""),
        date ? el("span", { class: "checked" }, texts.get("checked", { date })) : null,
      );
    })),
  );
}

/** The conversation as a text file, for the relative to keep. */

import { el } from "./dom.js";

/** Return the conversation as plain text, the way it was shown. */
export function transcript(texts, entries, nameOf) {
  const now = new Date();
  const day = { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" };
  const parts = entries.map((entry) => {
    const when = new Date(entry.at).toLocaleString("nb-NO", { dateStyle: "short", timeStyle: "short" });
    const contacts = (entry.contacts ?? []).map((c) => `  ${[c.name, c.display, c.hours].filter(Boolean).join(", ")}`);
    const sources = (entry.sources ?? []).map((source) => `  ${texts.get("sources")}: ${source.title} ${source.url}`);
    const status = entry.status === "sent" ? "" : ` (${texts.get(entry.status)})`;
    return [`${nameOf(entry)}, ${when}${status}:`, entry.text, ...contacts, ...sources].join("\n");
  });
  const head = [texts.get("transcript_title"), texts.get("transcript_saved", { date: now.toLocaleString("nb-NO", day) })];
  return `${[head.join("\n"), ...parts].join("\n\n")}\n`;
}

/** Hand a text to the browser as a file. */
export function save(root, text, name) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = el("a", { href: url, download: name, hidden: true });
  root.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

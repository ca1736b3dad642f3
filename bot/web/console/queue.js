// The list of who waits and who is being talked with: danger first, as the service orders it.

import { $, ago, element, fill } from "./dom.js";

export const isDanger = (item) => item.level === "high" || item.level === "imminent";
export const isWaiting = (item) => item.state === "waiting" || item.state === "callback";

export const isOverdue = (item) => item.alarmed && isDanger(item);

export function showQueue(items, texts, { me, open, onOpen }) {
  const focused = document.activeElement?.dataset?.id;
  $("queue-empty").hidden = items.length > 0;
  $("queue").replaceChildren(...items.map((item) => row(item, texts, me, open, onOpen)));
  if (focused) $("queue").querySelector(`[data-id="${focused}"]`)?.focus();
}

function row(item, texts, me, open, onOpen) {
  const owner = item.owner === me.id ? texts.mine : item.owner_name ? fill(texts.with, { name: item.owner_name }) : "";
  const level = texts.level[item.level];
  const button = element(
    "button",
    { "data-id": item.id, "aria-current": item.id === open ? "true" : "false", className: `item ${item.level} ${item.state}${isOverdue(item) ? " overdue" : ""}` },
    element("span", { className: "line" },
      element("strong", { text: level || texts.state[item.state] }),
      element("span", { text: texts.channel[item.channel] })),
    element("span", { className: "line small" },
      element("span", { text: texts.reason[item.reason] ?? (level ? texts.state[item.state] : "") }),
      element("span", { text: item.waiting_since ? fill(texts.waited, { time: ago(item.waiting_since, texts) }) : owner })),
    isOverdue(item) && element("span", { className: "small mark", text: texts.overdue }),
    item.blocked && element("span", { className: "small mark", text: texts.blocked_sender }),
  );
  button.addEventListener("click", () => onOpen(item.id));
  return element("li", {}, button);
}

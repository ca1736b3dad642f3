// How soon danger was seen and answered: one line for the open conversation, and the figures of the last weeks.

import { get } from "./api.js";
import { $, clock, element, fill, lasting } from "./dom.js";

export function crisisLine(crisis, texts) {
  const said = (after, by, done, not) =>
    after === null ? not : fill(done, { name: by ?? texts.former_counselor, time: lasting(after, texts) });
  return [
    fill(texts.crisis_at, { time: clock(crisis.at) }),
    said(crisis.seen_after, crisis.seen_by, texts.crisis_seen, texts.crisis_unseen),
    said(crisis.replied_after, crisis.replied_by, texts.crisis_replied, texts.crisis_unreplied),
    crisis.alarmed_at && fill(texts.crisis_alarmed, { time: clock(crisis.alarmed_at) }),
    ...Object.entries(crisis.alarms).map(([way, status]) => `${texts.way[way]}: ${texts.way_status[status]}`),
  ].filter(Boolean).join(" · ");
}

export class Figures {
  constructor(texts, onError) {
    this.texts = texts;
    this.onError = onError;
    $("figures").addEventListener("toggle", () => $("figures").open && this.read());
  }

  async read() {
    try {
      this.show(await get("crises"));
    } catch (error) {
      this.onError(error);
    }
  }

  show({ days, items }) {
    const { texts } = this;
    const any = items[0].crises > 0;
    $("figures-none").hidden = any;
    $("figures-none").textContent = fill(texts.figures_none, { n: days });
    $("figures-table").hidden = !any;
    const levels = items.map((item) => (item.level === null ? texts.figures_all : texts.level[item.level]));
    $("figures-head").replaceChildren(
      ...[fill(texts.figures_days, { n: days }), ...levels].map((text) => element("th", { scope: "col", text })),
    );
    const columns = items.map((item) => this.column(item));
    $("figures-rows").replaceChildren(...Object.entries(texts.figures_rows).map(([name, label]) =>
      element("tr", {},
        element("th", { scope: "row", text: label }),
        ...columns.map((column) => element("td", { text: String(column[name]) })))));
  }

  column({ crises, waiting, alarmed, to_view: seen, to_reply: replied }) {
    const time = (seconds) => (seconds === null ? "–" : lasting(seconds, this.texts));
    return {
      crises,
      waiting,
      alarmed,
      seen: time(seen.median),
      seen_most: time(seen.nine_of_ten),
      replied_number: replied.number,
      replied: time(replied.median),
      replied_most: time(replied.nine_of_ten),
    };
  }
}

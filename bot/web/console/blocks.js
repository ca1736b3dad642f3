// Blocked senders: the dialog that ends a conversation and blocks, the list of who is blocked, and lifting it.

import { get, post } from "./api.js";
import { $, confirmed, element, fill, moment } from "./dom.js";

export class Blocks {
  constructor(texts, onError) {
    this.texts = texts;
    this.onError = onError;
    $("blocks").addEventListener("toggle", () => $("blocks").open && this.read());
  }

  // Gives {reason, hours}, or null when the counselor thinks better of it. Choices come from the service.
  async ask(danger) {
    const { texts } = this;
    try {
      const { reasons, hours } = await get("blocks");
      choose($("block-reason"), ["", ...reasons], { ...texts.block_reasons, "": texts.block_choose });
      choose($("block-hours"), hours, texts.block_lasts);
    } catch (error) {
      this.onError(error);
      return null;
    }
    $("block-danger").hidden = !danger;
    if (!(await confirmed($("block-dialog")))) return null;
    return { reason: $("block-reason").value, hours: Number($("block-hours").value) };
  }

  line(block) {
    const { texts } = this;
    return fill(texts.blocked_until, {
      time: moment(block.until),
      reason: texts.block_reasons[block.reason],
      name: block.by ?? texts.former_counselor,
    });
  }

  async read() {
    try {
      this.show((await get("blocks")).items);
    } catch (error) {
      this.onError(error);
    }
  }

  show(items) {
    $("blocks-none").hidden = items.length > 0;
    $("blocks-list").replaceChildren(...items.map((block) => this.row(block)));
  }

  row(block) {
    const { texts } = this;
    const text = `${texts.channel[block.channel]}: ${this.line(block)}`;
    const lift = element("button", { text: texts.lift, "aria-label": `${texts.lift}: ${text}` });
    lift.addEventListener("click", async () => {
      await this.lift(block.id);
      $("blocks").querySelector("summary").focus();
    });
    return element("li", {}, element("p", { className: "small", text }), lift);
  }

  async lift(id) {
    try {
      await post(`blocks/${id}/lift`);
    } catch (error) {
      this.onError(error);
    }
    await this.refresh();
  }

  async refresh() {
    if ($("blocks").open) await this.read();
  }
}

function choose(select, values, words) {
  select.replaceChildren(...values.map((value) => element("option", { value, text: words[value] ?? value })));
}

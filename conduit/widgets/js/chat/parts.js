// The parts of an answer, by their kinds.

import { element, icon, setText } from "../element.js";
import { CardPart } from "./card_part.js";
import { ComparePart } from "./compare_part.js";
import { RollPart } from "./roll.js";
import { shown } from "./shown.js";
import { TablePart } from "./table_part.js";
import { TextPart } from "./text_part.js";
import { ThoughtPart } from "./thought_part.js";
import { ToolPart } from "./tool_part.js";

/** One line, or a few, of plain text. */
class LinePart {
  constructor(kind, symbol) {
    this.words = element("span");
    this.root = element("div", { class: `cc-line cc-${kind}` }, symbol && icon(symbol), this.words);
  }

  update({ text = "" } = {}) {
    if (text === this.text) return;
    this.text = text;
    this.words.replaceChildren(...shown(text));
  }

  close() {}
}

class NotePart extends LinePart {
  constructor() {
    super("note");
  }
}

/** What the person said while the answer was being written. */
class SteerPart extends LinePart {
  constructor() {
    super("steer");
    this.state = element("span", { class: "cc-steered" });
    this.root.append(this.state);
  }

  update(item = {}) {
    super.update(item);
    setText(this.state, item.taken ? "Taken up" : "Waits for the model's next step");
    this.root.toggleAttribute("data-taken", Boolean(item.taken));
  }
}

/** What a command printed. */
class OutputPart {
  constructor() {
    this.root = element("pre", { class: "cc-output", tabindex: 0, role: "region", "aria-label": "Output" });
  }

  update({ text = "" } = {}) {
    if (text === this.text) return;
    this.text = text;
    this.root.replaceChildren(...shown(text));
  }

  close() {}
}

/** A kind of part that this page does not know. */
class UnknownPart extends LinePart {
  constructor() {
    super("note");
  }

  update() {
    super.update({ text: "This part cannot be shown here." });
  }
}

const PARTS = {
  text: TextPart, thought: ThoughtPart, tool: ToolPart, clip: RollPart, plan: CardPart, table: TablePart,
  compare: ComparePart, note: NotePart, steer: SteerPart, output: OutputPart,
};

/** A view of a part; it follows its item until it is closed. */
export function partOf(ctx, id) {
  const item = ctx.store.get(id);
  const part = new (PARTS[item?.kind] ?? UnknownPart)(ctx, id);
  part.root.dataset.part = item?.kind ?? "";
  part.update(item ?? {});
  return part;
}

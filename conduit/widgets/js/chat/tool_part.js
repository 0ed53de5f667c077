// A part of an answer: a tool that was called, as one folded line; behind it what it was given and what it gave.

import { element } from "../element.js";
import { CodeBlock } from "./code_block.js";
import { Fold } from "./fold.js";
import { bare } from "./shown.js";

/** What tools do, in words; others are told by their names. */
const DOES = {
  change_set: "Change the Live set", forget: "Forget a memory", inspect_variable: "Look at a variable", list_files: "List files",
  list_kept_clips: "List kept clips", list_memories: "List memories", list_variables: "List variables", push_clip: "Write a clip to Live",
  read_clip: "Read a clip from Live", read_device: "Read a device", read_file: "Read a file", read_kept_clip: "Read a kept clip",
  read_set: "Read the Live set", remember: "Remember something", search_browser: "Search Live's browser",
  search_conversations: "Search conversations", search_files: "Search files",
};
const MOST_PARSED = 100_000;

/** A tool's name in plain words. */
export function wordsOf(name) {
  if (Object.hasOwn(DOES, name)) return DOES[name];
  const words = bare(name).replace(/[_\-.]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1) || "Tool";
}

export class ToolPart {
  constructor(ctx) {
    this.ctx = ctx;
    this.codes = new Map();
    this.fold = new Fold((body) => this.#unfold(body));
    this.root = this.fold.root;
    this.root.classList.add("cc-tool");
  }

  update(item) {
    this.item = item;
    const { name = "", state = "running", summary = "" } = item;
    this.fold.show({ state, name: wordsOf(name), note: bare(summary) });
    this.root.dataset.tool = bare(name);
    this.root.firstChild.title = bare(name);
  }

  #unfold(body) {
    this.#put(body, "Given", this.item.arguments);
    this.#put(body, this.item.state === "failed" ? "What went wrong" : "Result", this.item.result);
  }

  #put(body, title, value) {
    const text = written(value);
    const key = title === "Given" ? "given" : "result";
    if (this.codes.get(key)?.of === text + title) return;
    this.codes.get(key)?.code.close();
    this.codes.get(key)?.root.remove();
    this.codes.delete(key);
    if (!text) return;
    const { code, language } = asJson(text);
    const block = new CodeBlock({ language, say: (said) => this.ctx.say(said) });
    block.show(code, false);
    const root = element("section", { "aria-label": title }, element("div", { class: "cc-fold-title", text: title }), block.root);
    this.codes.set(key, { of: text + title, code: block, root });
    if (key === "given") body.prepend(root);
    else body.append(root);
  }

  close() {
    for (const { code } of this.codes.values()) code.close();
  }
}

const written = (value) => (value == null ? "" : typeof value === "string" ? value : JSON.stringify(value));

/** A text as JSON with its lines, where it is JSON. */
function asJson(text) {
  if (text.length > MOST_PARSED || !/^\s*[[{]/.test(text)) return { code: text, language: "" };
  try {
    return { code: JSON.stringify(JSON.parse(text), null, 2), language: "json" };
  } catch {
    return { code: text, language: "" };
  }
}

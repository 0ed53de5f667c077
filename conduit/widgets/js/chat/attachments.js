// What goes along with a message: pictures, sound and MIDI files, each a chip with its name. The bytes go to the kernel
// at once; a file in trouble says so on its chip, and is left out.

import { button, element, icon, setText } from "../element.js";
import { plural } from "../naming.js";

const MOST = 8_000_000;
export const TAKEN = "image/*,audio/*,.mid,.midi";
/** By the type of a file: its symbol. */
const KINDS = [[/^image\//, "picture"], [/^audio\/(x-)?midi?$/, "rows"], [/^audio\//, "sound"]];
const MIDI = /\.midi?$/i;
const LISTED = "application/x-jupyter-icontentsrich";

/** Answers are told apart on all pages that show this panel. */
let asked = Math.floor(Math.random() * 2 ** 30);

const mimeOf = ({ name, type }) => (MIDI.test(name) ? "audio/midi" : type);
const symbolOf = (mime) => KINDS.find(([kind]) => kind.test(mime))?.[1];

function troubleOf({ size, mime }) {
  if (!symbolOf(mime)) return "only pictures, sound and MIDI files";
  if (size > MOST) return "over 8 MB";
  return size ? "" : "an empty file";
}

export class Attachments {
  /** @param ports `{ send(intent, buffers), changed(), known(id) }`: `known` gives what the kernel has of a file, `{ mime, data }` */
  constructor({ send, changed, known }) {
    Object.assign(this, { send, changed, known, chips: [], removed: new Set() });
    this.root = element("ul", { class: "cc-chips", "aria-label": "Attached files", hidden: true });
  }

  /** What is there to be sent: `[{ id, name, mime }]`. */
  get media() {
    return this.chips.filter(({ id }) => id).map(({ id, name, mime }) => ({ id, name, mime }));
  }

  /** How many files are still on their way. */
  get waiting() {
    return this.chips.filter(({ id, trouble }) => !id && !trouble).length;
  }

  /** Take files, or blobs with a name. */
  async add(files) {
    for (const file of [...files]) await this.#add(file);
  }

  async #add(file) {
    const mime = mimeOf(file);
    const name = file.name || "pasted";
    const chip = this.#show({ n: (asked += 1), name, mime, file, trouble: troubleOf({ size: file.size, mime }) });
    if (chip.trouble) return;
    const data = await file.arrayBuffer();
    if (this.chips.includes(chip)) this.send({ type: "attach", n: chip.n, name, mime }, [data]);
  }

  /** Show again what the kernel still has. */
  restore(media) {
    for (const { id, name, mime } of media) {
      const known = this.known(id);
      if (known) this.#show({ id, name, mime, file: new Blob([known.data], { type: mime }) });
    }
  }

  /** What the kernel says to a file. */
  hear({ n, id, error }) {
    const chip = this.chips.find((one) => one.n === n);
    if (this.removed.delete(n) && id) this.send({ type: "detach", media: id });
    if (!chip) return;
    Object.assign(chip, error ? { trouble: error } : { id });
    this.#mark(chip);
    this.changed();
  }

  #show(chip) {
    const words = element("span", { class: "cc-file" }, element("bdi", { text: chip.name }), element("span", { class: "cc-trouble", role: "status" }));
    const remove = button({ action: "detach", label: `Remove ${chip.name}`, symbol: "cross", press: () => this.#remove(chip) });
    chip.root = element("li", { class: "cc-along" }, this.#picture(chip), words, remove);
    chip.words = words.lastChild;
    this.chips.push(chip);
    this.root.append(chip.root);
    this.#mark(chip);
    this.changed();
    return chip;
  }

  #picture(chip) {
    if (!chip.file || chip.trouble || !chip.mime.startsWith("image/")) return icon(symbolOf(chip.mime) ?? "warning");
    chip.url = URL.createObjectURL(chip.file);
    return element("img", { src: chip.url, alt: "", class: "cc-thumb" });
  }

  #mark({ root, words, id, trouble }) {
    root.toggleAttribute("data-waiting", !id && !trouble);
    root.toggleAttribute("data-trouble", Boolean(trouble));
    root.title = trouble ?? "";
    setText(words, trouble ?? "");
    this.root.hidden = false;
  }

  #remove(chip) {
    if (chip.id) this.send({ type: "detach", media: chip.id });
    else this.removed.add(chip.n);
    this.#drop(chip);
    this.changed();
  }

  #drop(chip) {
    URL.revokeObjectURL(chip.url);
    chip.root.remove();
    this.chips = this.chips.filter((one) => one !== chip);
    this.root.hidden = !this.chips.length;
  }

  /** Give what is to be sent, and begin anew. */
  drain() {
    const { media } = this;
    this.close();
    return media;
  }

  /** What the chips that are on their way make one wait for, in words. */
  get words() {
    return this.waiting ? `Sends when ${plural(this.waiting, "file")} arrived` : "";
  }

  close() {
    for (const chip of [...this.chips]) this.#drop(chip);
  }
}

/** Hand on files that are dropped on an element, from the desktop or from JupyterLab's file browser; `over` says whether some are above it. */
export function onFiles(root, { take, over }) {
  const keep = (event) => {
    const { dataTransfer, mimeData } = event;
    const ours = dataTransfer ? dataTransfer.types.includes("Files") : mimeData?.hasData(LISTED);
    if (!ours) return false;
    event.preventDefault();
    event.stopPropagation();
    if (mimeData) event.dropAction = event.proposedAction;
    const within = event.type.endsWith("leave") && root.contains(event.relatedTarget);
    over(within || !/drop$|leave$/.test(event.type));
    return true;
  };
  for (const kind of ["dragover", "dragleave", "lm-dragenter", "lm-dragover", "lm-dragleave"]) root.addEventListener(kind, keep);
  root.addEventListener("drop", (event) => keep(event) && take(event.dataTransfer.files));
  root.addEventListener("lm-drop", async (event) => {
    if (keep(event)) take([fileOf(await event.mimeData.getData(LISTED).withContent())]);
  });
}

/** A file of JupyterLab's as the browser's own. */
function fileOf({ name, format, content, mimetype }) {
  const text = format === "json" ? JSON.stringify(content) : content;
  const part = format === "base64" ? Uint8Array.from(atob(content), (c) => c.charCodeAt(0)) : text;
  return new File([part], name, { type: mimetype ?? "" });
}

// The bar of the panel: who answers and how well, what is asked for, where it goes and what it has cost. What is
// chosen shows at once, until the kernel says what became of it. A narrow bar keeps its rarer controls in a menu.

import { button, element, setText } from "../element.js";
import { menu, popover } from "../menu.js";
import { roving } from "../roving.js";
import { pick } from "./pick.js";
import { Target } from "./target.js";
import { Wishes } from "./wishes.js";

const MODES = [["chat", "Chat", "Talk about music"], ["generate", "Generate", "Every message becomes a clip"]];
const AUTO = "auto";
const ANY = "Any genre";
const NEAR = 0.9;
const HEALTH = { "●": "well", "◐": "partly", "○": "down" };

const pressed = (made, on) => made.setAttribute("aria-pressed", String(Boolean(on)));
/** A full model name without its provider, which stands beside it. */
const brief = (name, provider) => (name.startsWith(`${provider}/`) || name.startsWith(`${provider}:`) ? name.slice(provider.length + 1) : name);

export class ModelBar {
  constructor(ctx, id) {
    Object.assign(this, { ctx, id, item: {} });
    this.wishes = new Wishes({ changed: () => this.#show(), isWaiting: () => ctx.store.state === "waiting" });
    this.#build();
    this.offState = ctx.store.on("", () => this.#showGone());
    this.stop = ctx.store.onMessage(({ type, late }) => {
      if (type !== "toast" || late) return;
      this.wishes.drop();
      this.#show();
    });
    this.update(ctx.store.get(id));
  }

  #build() {
    this.health = element("span", { class: "cc-health", role: "img" });
    this.model = pick({ action: "model", label: "Model", text: AUTO, items: () => this.#models() });
    this.modes = element("span", { class: "cd-group cd-segments", role: "group", "aria-label": "Mode" }, ...MODES.map(([name, text, label]) =>
      button({ action: `mode-${name}`, label, text, kind: "segment", "aria-pressed": "false", press: () => this.#set("mode", name) })));
    this.genre = pick({ action: "genre", label: "Genre", text: ANY, items: () => this.#genres() });
    this.target = new Target((track, slot) => this.#aim(track, slot));
    this.auto = menu({ action: "auto", label: "What is approved without a question", text: "Asks first", items: () => this.#autos() });
    this.more = menu({ action: "more", label: "More", symbol: "more", items: () => this.#more() });
    for (const [one, name] of [[this.genre, "genre"], [this.auto, "auto"], [this.more, "rest"], [this.model, "model"]]) one.root.classList.add(`cc-${name}`);
    const bar = element(
      "div", { class: "cc-bar", role: "toolbar", "aria-label": "Model and target" },
      this.health, this.model.root, this.modes, this.genre.root, this.target.root, this.auto.root, element("span", { class: "cd-space" }),
      this.#usage(), this.more.root,
    );
    this.approves = element("span", { role: "status" });
    const ask = button({ action: "ask-again", label: "Approve nothing without asking", text: "Ask again", press: () => this.#askAgain() });
    this.risk = element("div", { class: "cc-approves", hidden: true }, this.approves, ask);
    this.root = element("div", { class: "cc-bar-frame" }, bar, this.risk);
    roving(bar);
  }

  #usage() {
    this.spent = element("span", { class: "cc-spent" });
    this.meter = element("span", { class: "cc-meter" }, element("span"));
    this.usage = button({ action: "usage", label: "Used", kind: "plain", "aria-haspopup": "dialog", "aria-expanded": "false" });
    this.usage.classList.replace("cd-square", "cc-usage");
    this.usage.append(this.meter, this.spent);
    const shown = (open) => this.usage.setAttribute("aria-expanded", String(open));
    const panel = popover(this.usage, { role: "dialog", label: "Used", shown, fill: () => this.#account().map((text) => element("p", { text })) });
    panel.classList.add("cc-account");
    this.usage.popoverTargetElement = panel;
    return element("span", { class: "cd-menu cc-used" }, this.usage, panel);
  }

  /** What was used, in sentences. */
  #account() {
    const { usage, budget } = this.item;
    return [usage ? `This conversation: ${usage}` : "Nothing was used yet.", budget?.words].filter(Boolean);
  }

  /** The item as the kernel tells it. */
  update(item = {}) {
    this.item = item;
    this.wishes.heard(item);
    this.#show();
  }

  #set(name, value, read = (item) => item[name]) {
    if (value === this.#now(name, read(this.item))) return;
    this.ctx.store.send({ type: "set", name, value });
    this.#wish(name, value, read);
  }

  #aim(track, slot) {
    this.ctx.store.send({ type: "aim", track, slot });
    this.#wish("aim", { track, slot }, ({ target }) => [target?.track, target?.slot]);
  }

  /** Nobody grants a wish where the kernel is gone. */
  #wish(name, value, read) {
    if (this.ctx.store.state !== "gone") this.wishes.make(name, value, { item: this.item, read });
  }

  #now(name, said = this.item[name]) {
    return this.wishes.value(name, said);
  }

  #models() {
    const chosen = this.#now("model");
    const choice = (name, text, group) => ({ text, group, action: `model-${name}`, checked: name === chosen, press: () => this.#set("model", name) });
    return [
      { ...choice(AUTO, AUTO), note: "the first that answers" },
      ...(this.item.models ?? []).flatMap(([provider, symbol, words, names]) => [
        { heading: [`${symbol} ${provider}`, words].filter(Boolean).join(" · ") }, ...names.map((name) => choice(name, brief(name, provider), provider)),
      ]),
    ];
  }

  #genres() {
    const chosen = this.#now("genre") || "";
    return ["", ...(this.item.genres ?? [])].map((name) =>
      ({ text: name || "any", action: `genre-${name || "any"}`, checked: name === chosen, press: () => this.#set("genre", name) }));
  }

  /** `[[kind, label, on]]` as they show. */
  #kinds() {
    return (this.item.auto ?? []).map(([kind, label, on]) => [kind, label, Boolean(this.#now(`auto:${kind}`, on))]);
  }

  #autos() {
    return [{ heading: "Approve without asking" }, ...this.#kinds().map(([kind, text, on]) =>
      ({ text, several: true, checked: on, action: `auto-${kind}`, press: () => this.#approve(kind, !on) }))];
  }

  #approve(kind, on) {
    this.#set(`auto:${kind}`, on, (item) => Boolean(item.auto?.find(([one]) => one === kind)?.[2]));
  }

  #askAgain() {
    this.auto.button.focus();
    for (const [kind] of this.#kinds()) this.#approve(kind, false);
  }

  /** What a narrow bar leaves out. */
  #more() {
    const left = (one) => !one.checkVisibility();
    return [
      ...(left(this.auto.button) && this.#kinds().length ? this.#autos() : []),
      ...(left(this.genre.button) ? [{ heading: "Genre" }, ...this.#genres()] : []),
      ...(left(this.usage) ? [{ heading: this.#account().join("\n") }] : []),
    ];
  }

  #show() {
    const { item } = this;
    const { health = {}, target = {} } = item;
    this.#showHealth(health);
    this.#showModel(this.#now("model") || AUTO);
    for (const [i, [name]] of MODES.entries()) pressed(this.modes.children[i], name === (this.#now("mode") || "chat"));
    const genre = this.#now("genre");
    setText(this.genre.button.lastChild, genre || ANY);
    this.genre.button.toggleAttribute("data-set", Boolean(genre));
    this.target.show({ ...target, ...this.wishes.value("aim", {}) });
    this.#showAuto();
    this.#showUsage(item);
    this.#showGone();
  }

  #showHealth({ symbol = "○", words = "" }) {
    setText(this.health, symbol);
    this.health.title = words;
    this.health.setAttribute("aria-label", words || "Health is not known");
    this.health.dataset.health = HEALTH[symbol] ?? "down";
  }

  #showModel(name) {
    const provider = (this.item.models ?? []).find(([, , , names]) => names.includes(name))?.[0] ?? "";
    setText(this.model.button.lastChild, brief(name, provider));
    this.model.button.title = [`Model: ${name}`, this.item.health?.words].filter(Boolean).join("\n");
  }

  #showAuto() {
    const kinds = this.#kinds();
    const on = kinds.filter(([, , is]) => is).map(([, label]) => label);
    const made = this.auto.button;
    this.auto.root.hidden = !kinds.length;
    this.auto.root.toggleAttribute("data-on", on.length > 0);
    setText(made.lastChild, on.length ? "Approves some" : "Asks first");
    made.title = on.length ? "What is approved without a question" : "Nothing reaches the set without your approval";
    setText(this.approves, on.length ? `Approves by itself: ${on.join(", ")}` : "");
    this.risk.hidden = !on.length;
  }

  #showUsage({ usage = "", budget = {} }) {
    const share = budget.share ?? -1;
    setText(this.spent, usage.split(" · ").at(-1) || budget.words || "");
    this.usage.title = this.#account().join("\n");
    this.usage.setAttribute("aria-label", `${this.spent.textContent}. ${this.#account().join(" ")}`);
    this.usage.parentNode.hidden = !this.spent.textContent;
    this.meter.hidden = share < 0;
    this.meter.firstChild.style.width = `${Math.min(1, Math.max(0, share)) * 100}%`;
    this.usage.toggleAttribute("data-near", share >= NEAR);
  }

  /** Without a kernel nothing can be chosen; what was used can still be read. */
  #showGone() {
    const gone = this.ctx.store.state === "gone";
    for (const one of [this.model.button, ...this.modes.children, this.genre.button, this.target.button, this.auto.button]) one.disabled = gone;
  }

  close() {
    this.offState();
    this.stop();
    this.wishes.drop();
  }
}

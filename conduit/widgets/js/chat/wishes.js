// What a person chose and the kernel has not yet answered: it shows at once, and gives way to what the kernel says.

const LAPSE_MS = 4000;

export class Wishes {
  /** @param ports `{ changed(), isWaiting(), later(f, ms), forget(timer) }`: `isWaiting` while a busy kernel cannot answer */
  constructor({ later = (f, ms) => setTimeout(f, ms), forget = (timer) => clearTimeout(timer), ...ports }) {
    this.ports = { later, forget, ...ports };
    this.made = new Map();
  }

  /** Wish for a value of what `read(item)` gives. */
  make(name, value, { item, read }) {
    this.ports.forget(this.made.get(name)?.timer);
    this.made.set(name, { value, read, before: JSON.stringify(read(item)) });
    this.#lapse(name);
    this.ports.changed();
  }

  /** What shows: the wish, or what the kernel says. */
  value(name, said) {
    return this.made.has(name) ? this.made.get(name).value : said;
  }

  /** The kernel says something: what differs from before is its answer. */
  heard(item) {
    for (const [name, { read, before }] of this.made) if (JSON.stringify(read(item)) !== before) this.#end(name);
  }

  /** None of them is to be. */
  drop() {
    for (const name of [...this.made.keys()]) this.#end(name);
  }

  #lapse(name) {
    this.made.get(name).timer = this.ports.later(() => {
      if (this.ports.isWaiting()) return this.#lapse(name);
      this.#end(name);
      this.ports.changed();
    }, LAPSE_MS);
  }

  #end(name) {
    this.ports.forget(this.made.get(name).timer);
    this.made.delete(name);
  }
}

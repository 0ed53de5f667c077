// What a view listens to in the store, each under a name of its own, so that what it is about may change.

export class Live {
  constructor(store) {
    this.store = store;
    this.heard = new Map();
  }

  /** Hear of the item `id`, at once and whenever it differs, in place of what was heard under this name. */
  on(name, id, listener) {
    const before = this.heard.get(name);
    if (before?.id === id) return;
    before?.off();
    this.heard.delete(name);
    if (!id) return;
    this.heard.set(name, { id, off: this.store.on(id, listener) });
    listener(this.store.get(id));
  }

  /** Hear no more under a name. */
  off(name) {
    this.heard.get(name)?.off();
    this.heard.delete(name);
  }

  get names() {
    return [...this.heard.keys()];
  }

  close() {
    for (const { off } of this.heard.values()) off();
    this.heard.clear();
  }
}

// Whether there is something to stop: from the moment a message is handed over, before the kernel says that it
// answers, until nothing runs any more. A message that the kernel did not take can be had back.

/** Until a message is thought to need no answer. */
const QUIET_MS = 10_000;

export class Sending {
  /** @param ports `{ changed(), isWaiting(), later(f, ms), forget(timer) }`: `isWaiting` while a busy kernel cannot answer */
  constructor({ later = (f, ms) => setTimeout(f, ms), forget = (timer) => clearTimeout(timer), ...ports }) {
    this.ports = { later, forget, ...ports };
    Object.assign(this, { message: null, stopping: false, running: "", order: null });
  }

  get isRunning() {
    return Boolean(this.message || this.running);
  }

  /** A message was handed over. */
  begin(message) {
    this.message = message;
    this.#wait();
  }

  #wait() {
    this.ports.forget(this.timer);
    this.timer = this.ports.later(() => {
      if (this.ports.isWaiting()) return this.#wait();
      this.settle();
      this.ports.changed();
    }, QUIET_MS);
  }

  /** The panel's item: a turn that runs, or one more that does not, is the answer. */
  update({ running = "", order = [] }) {
    const seen = order.join();
    const answered = running || (this.order !== null && seen !== this.order);
    Object.assign(this, { running, order: seen });
    if (answered) this.settle();
    else if (!this.isRunning) this.stopping = false;
  }

  /** The kernel has what was handed over. */
  settle() {
    this.ports.forget(this.timer);
    this.message = null;
    if (!this.running) this.stopping = false;
  }

  /** Give the message that the kernel did not take, once. */
  takeBack() {
    const { message } = this;
    this.settle();
    return message;
  }
}

// What voices are built of: noise, envelope, filter, band-limited oscillator shapes. Pure.

export const hertz = (pitch) => 440 * 2 ** ((pitch - 69) / 12);

/** White noise, seeded (xorshift, Marsaglia 2003). */
export class Noise {
  constructor(seed) {
    this.state = seed | 0;
  }

  next() {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return x / 2147483648;
  }
}

/** Attack in a line, decay to a level, release; times in seconds. */
export class Envelope {
  constructor(rate, { attack, decay, sustain, release }) {
    this.rise = 1 / Math.max(1, attack * rate);
    this.fall = 1 - Math.exp(-1 / (decay * rate));
    this.sustain = sustain;
    this.off = Math.exp(-1 / (release * rate));
    this.stage = 3;
    this.level = 0;
  }

  start() {
    this.stage = 0;
    this.level = 0;
  }

  release() {
    this.stage = 2;
  }

  get over() {
    return this.stage >= 1 && this.level < 1e-4;
  }

  next() {
    if (this.stage === 0) {
      this.level += this.rise;
      if (this.level >= 1) [this.level, this.stage] = [1, 1];
    } else if (this.stage === 1) this.level += (this.sustain - this.level) * this.fall;
    else this.level *= this.off;
    return this.level;
  }
}

/** A state-variable filter (Zavalishin, The Art of VA Filter Design, 2012): low, band and high at once. */
export class Filter {
  constructor(rate) {
    this.rate = rate;
    this.reset();
    this.set(1000, 0);
  }

  reset() {
    this.s1 = 0;
    this.s2 = 0;
  }

  /** @param resonance 0-0.98 */
  set(hz, resonance) {
    const g = Math.tan(Math.PI * Math.min(hz / this.rate, 0.45));
    this.k = 2 - 2 * resonance;
    this.a1 = 1 / (1 + g * (g + this.k));
    this.a2 = g * this.a1;
    this.a3 = g * this.a2;
    return this;
  }

  /** Tuned as another is. */
  like({ k, a1, a2, a3 }) {
    this.k = k;
    this.a1 = a1;
    this.a2 = a2;
    this.a3 = a3;
  }

  /** The low output of a stretch of samples, in their place. */
  lowAll(samples, count) {
    const { a1, a2, a3 } = this;
    let { s1, s2 } = this;
    for (let i = 0; i < count; i += 1) {
      const v3 = samples[i] - s2;
      const v1 = a1 * s1 + a2 * v3;
      const v2 = s2 + a2 * s1 + a3 * v3;
      s1 = 2 * v1 - s1;
      s2 = 2 * v2 - s2;
      samples[i] = v2;
    }
    this.s1 = s1;
    this.s2 = s2;
  }

  /** The low output; `band` and `high` hold the other two. */
  low(x) {
    const v3 = x - this.s2;
    const v1 = this.a1 * this.s1 + this.a2 * v3;
    const v2 = this.s2 + this.a2 * this.s1 + this.a3 * v3;
    this.s1 = 2 * v1 - this.s1;
    this.s2 = 2 * v2 - this.s2;
    this.band = v1 * this.k;
    this.high = x - this.k * v1 - v2;
    return v2;
  }
}

/** The correction that takes the step out of a naive saw (polynomial BLEP, Välimäki and Huovilainen, 2007). */
function blep(phase, step) {
  if (phase < step) {
    const t = phase / step;
    return t + t - t * t - 1;
  }
  if (phase > 1 - step) {
    const t = (phase - 1) / step;
    return t * t + t + t + 1;
  }
  return 0;
}

export const square = (phase, step) => (phase < 0.5 ? 1 : -1) + blep(phase, step) - blep(phase < 0.5 ? phase + 0.5 : phase - 0.5, step);

/**
 * An oscillator of a shape, as a function that adds `count` samples to two sides and gives the phase it has reached.
 * One function a shape: a shape that is called through a variable costs three times as much.
 */
export const OSCILLATORS = {
  saw(left, right, count, phase, step, toLeft, toRight) {
    for (let i = 0; i < count; i += 1) {
      phase += step;
      if (phase >= 1) phase -= 1;
      const value = 2 * phase - 1 - blep(phase, step);
      left[i] += value * toLeft;
      right[i] += value * toRight;
    }
    return phase;
  },
  square(left, right, count, phase, step, toLeft, toRight) {
    for (let i = 0; i < count; i += 1) {
      phase += step;
      if (phase >= 1) phase -= 1;
      const value = square(phase, step);
      left[i] += value * toLeft;
      right[i] += value * toRight;
    }
    return phase;
  },
  sine(left, right, count, phase, step, toLeft, toRight) {
    for (let i = 0; i < count; i += 1) {
      phase += step;
      if (phase >= 1) phase -= 1;
      const value = sine(phase);
      left[i] += value * toLeft;
      right[i] += value * toRight;
    }
    return phase;
  },
};

/** The sine of a phase in turns, within 3e-5: its Taylor series to the 13th power over half a turn either way. */
export function sine(turns) {
  const t = turns - Math.floor(turns + 0.5);
  const z = t * t;
  return t * (6.283185307 - z * (41.34170224 - z * (81.60524928 - z * (76.70585975 - z * (42.05869394 - z * (15.09464258 - z * 3.81995258))))));
}

/** Close to a hyperbolic tangent: straight up to a half, never above 1. */
export function soft(x) {
  const c = Math.max(-3, Math.min(3, x));
  return (c * (27 + c * c)) / (27 + 9 * c * c);
}

// Where a beat falls on the clock of frames, which beat is heard at a frame, where swing and metronome put theirs. Pure.

const SHORTEST_BEATS = 1 / 32;
const SLACK = 1e-9;

/** A score with every field there and a loop that lies inside it, or none. */
export function complete(score) {
  const whole = { bpm: 120, swing: 0.5, swingStep: 0.5, metronome: false, meter: [4, 4], changes: [], parts: [], loop: null, ...score };
  whole.length = Math.max(SHORTEST_BEATS, whole.length ?? 0);
  if (whole.loop) {
    const [from, to] = [Math.max(0, whole.loop[0]), Math.min(whole.length, whole.loop[1])];
    whole.loop = to - from >= SHORTEST_BEATS ? [from, to] : [0, whole.length];
  }
  return whole;
}

/** Where a straight beat is heard: the first half of each pair of steps lasts `swing` of it. Monotone, 0 stays 0. */
export function swung(beat, { swing, swingStep }) {
  if (swing === 0.5) return beat;
  const pair = 2 * swingStep;
  const whole = Math.floor(beat / pair);
  const x = beat / pair - whole;
  return pair * (whole + (x < 0.5 ? 2 * x * swing : swing + (2 * x - 1) * (1 - swing)));
}

/** The straight beat that is heard at a beat. */
export function straight(beat, { swing, swingStep }) {
  if (swing === 0.5) return beat;
  const pair = 2 * swingStep;
  const whole = Math.floor(beat / pair);
  const x = beat / pair - whole;
  return pair * (whole + (x < swing ? x / swing / 2 : 0.5 + (x - swing) / (1 - swing) / 2));
}

/** The beat at which a pass that has reached a beat turns or ends. */
export const endOf = ({ loop, length }, beat) => (loop && beat < loop[1] ? loop[1] : length);

/** A beat that is heard at a frame, which may have a fraction, and the pace from there on. */
export class Clock {
  constructor(beat, frame, perBeat) {
    Object.assign(this, { beat, frame, perBeat });
  }

  frameOf(beat) {
    return this.frame + (beat - this.beat) * this.perBeat;
  }

  beatAt(frame) {
    return this.beat + (frame - this.frame) / this.perBeat;
  }
}

/** The beat that is heard at a frame, rounds since the anchor taken off. */
export function heard({ beat, frame: at, perBeat, loop, end }, frame) {
  const reached = beat + Math.max(0, frame - at) / perBeat;
  if (reached < end) return reached;
  return loop ? loop[0] + ((reached - end) % (loop[1] - loop[0])) : end;
}

/** The first click at or after a beat: `{ beat, strong }`, strong where a bar begins. */
export function nextClick({ meter, changes }, from) {
  const spans = [[0, ...meter], ...changes.filter(([beat]) => beat > 0)];
  if (changes.length && changes[0][0] <= 0) spans[0] = [0, changes[0][1], changes[0][2]];
  let at = spans.length - 1;
  while (at > 0 && spans[at][0] > from + SLACK) at -= 1;
  const [since, upper, lower] = spans[at];
  const count = Math.max(0, Math.ceil((from - since) / (4 / lower) - SLACK));
  const beat = since + (count * 4) / lower;
  const following = spans[at + 1];
  if (following && following[0] <= beat + SLACK) return { beat: following[0], strong: true };
  return { beat, strong: count % upper === 0 };
}

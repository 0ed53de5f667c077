// One part of the mix: its voices, what its controls say, its place between left and right. Pure.

import { INSTRUMENTS, instrumentOf, sampledAs, sustains } from "./instruments.js";
import { soundName } from "./names.js";
import { sine } from "./parts.js";
import { zonesOf } from "./sampler.js";

const GLIDE_S = 0.004;
const DYING = 128;
const BEND_SEMITONES = 2;
const BLOCK = 128;

const VOLUME = 7;
const PEDAL = 64;
const BEND = 128;
const MODULATION = 1;
const SEND = 91;
// As in conduit/audio/moving.py: the vibrato that modulation asks for at most, and the share that goes to the room at most.
const VIBRATO = { hz: 5.5, cents: 50 };
const ROOM = 0.4;
// Controls that shape a part's level; without them it is as loud as its gain says.
const UNITY = { [VOLUME]: 100, 11: 127, 10: 64 };

export class Rack {
  /** @param mixer `{ rate, noise, banks }`, shared by all parts */
  constructor(mixer) {
    Object.assign(this, { mixer, pools: {}, list: [], audible: true, left: 0, right: 0, toLeft: 0, toRight: 0 });
    // Voices that are rendered, and those of them that are not on their way out.
    Object.assign(this, { living: 0, sounding: 0 });
    this.dry = [new Float32Array(BLOCK), new Float32Array(BLOCK)];
    this.spare = [new Float32Array(BLOCK), new Float32Array(BLOCK)];
    this.glide = 1 - Math.exp(-1 / (GLIDE_S * mixer.rate));
    this.reset(new Float64Array(0), 0);
  }

  /** What the part is now; a change of its sound lets the notes ring out. */
  set(part, audible) {
    const key = `${part.sound}:${part.instrument}:${part.program}:${part.drums}`;
    if (this.key !== undefined && key !== this.key) this.release();
    Object.assign(this, { part, key, audible });
    this.#aim();
  }

  settle() {
    [this.left, this.right] = [this.toLeft, this.toRight];
  }

  /** The controls as they stand before a row. */
  reset(rows, until) {
    this.controls = { ...UNITY, [PEDAL]: 0, [BEND]: 0, [MODULATION]: 0 };
    for (let i = 0; i < until; i += 3) this.controls[rows[i + 1]] = rows[i + 2];
    for (const control of [PEDAL, BEND, VOLUME, MODULATION]) this.control(control, this.controls[control]);
  }

  control(control, value) {
    this.controls[control] = value;
    if (control === PEDAL && value < 64) this.#liftPedal();
    if (control === BEND) this.#bend(2 ** ((value / 8192) * (BEND_SEMITONES / 12)));
    if (control === MODULATION) this.#bend(this.bend);
    if (control in UNITY) this.#aim();
  }

  /** Let a voice that sustains swing about its pitch, from its beginning on. */
  #sway(voice) {
    const depth = (this.controls[MODULATION] / 127) * VIBRATO.cents;
    if (!depth || !sustains(this.part)) return;
    const turns = ((this.mixer.frame - voice.bornAt) / this.mixer.rate) * VIBRATO.hz;
    voice.bend = this.bend * 2 ** ((depth * sine(turns)) / 1200);
  }

  #liftPedal() {
    for (const voice of this.voices()) {
      if (voice.alive && voice.sustained) voice.release();
      voice.sustained = false;
    }
  }

  #bend(ratio) {
    this.bend = ratio;
    for (const voice of this.voices()) voice.bend = ratio;
  }

  /** Volume and expression as in General MIDI level 2: amplitude goes with the square. */
  #aim() {
    const { [VOLUME]: volume, 11: expression, 10: pan } = this.controls;
    const loud = (volume / 100) ** 2 * (expression / 127) ** 2 * (this.audible ? this.part?.gain ?? 1 : 0);
    const angle = (Math.PI / 4) * (1 + Math.max(-1, (pan - 64) / 63));
    this.toLeft = loud * Math.SQRT2 * Math.cos(angle);
    this.toRight = loud * Math.SQRT2 * Math.sin(angle);
  }

  *voices() {
    for (const pool of this.list) yield* pool.voices;
  }

  release() {
    for (const voice of this.voices()) if (voice.alive) voice.release();
  }

  silence() {
    for (const voice of this.voices()) voice.alive = false;
    this.living = this.sounding = 0;
  }

  /** What a note sounds like: `[pool, zone]` for each of its voices; the synthesizer until samples are there. */
  layers(pitch, velocity) {
    const instrument = instrumentOf(this.part);
    const name = soundName(this.part);
    const bank = this.part.sound === "gm" && this.mixer.banks.get(name);
    if (!bank) return [[this.#pool(instrument, () => INSTRUMENTS[instrument]), undefined]];
    const pool = this.#pool(`sampled ${name}`, () => sampledAs(name, instrument));
    return zonesOf(bank, pitch, velocity).map((zone) => [pool, zone]);
  }

  #pool(name, sound) {
    if (!this.pools[name]) this.list.push((this.pools[name] = { sound: sound(), voices: [] }));
    return this.pools[name];
  }

  /** Begin one voice of a note: `{ pitch, velocity, held, start }`, held in frames. */
  begin([pool, zone], note, { stamp, bornAt }) {
    for (const voice of pool.voices) if (voice.alive && voice.stamp !== stamp) this.#choke(voice, note.pitch, zone);
    let voice = pool.voices.find(({ alive }) => !alive);
    if (!voice) pool.voices.push((voice = pool.sound.make(this.mixer.rate, this.mixer.noise)));
    Object.assign(voice, { held: note.held, since: note.start, stamp, bornAt, dying: 0, sustained: false, bend: this.bend });
    voice.start(note.pitch, note.velocity, zone);
    this.living += 1;
    this.sounding += 1;
  }

  #choke(voice, pitch, zone) {
    if (zone ? zone.choke && voice.zone?.choke === zone.choke : voice.chokedBy?.(pitch)) (voice.choke ?? voice.release).call(voice);
  }

  /** Let a voice go within a block, without a click. */
  drop(voice) {
    if (voice.dying) return;
    voice.dying = DYING;
    this.sounding -= 1;
  }

  /** Take back a voice that began on this very frame; false where there is none. */
  unbegin(frame) {
    for (const voice of this.voices()) {
      if (!voice.alive || voice.bornAt !== frame) continue;
      voice.alive = false;
      this.living -= 1;
      this.sounding -= 1;
      return true;
    }
    return false;
  }

  #off(voice) {
    voice.held = 0;
    if (this.controls[PEDAL] >= 64) voice.sustained = true;
    else voice.release();
  }

  /** Add `count` frames, at most 128, to both sides and to the room. */
  render(left, right, send, count) {
    if (this.left === 0 && this.right === 0 && !this.audible) return this.silence();
    let endLeft = this.left;
    let endRight = this.right;
    this.living = this.sounding = 0;
    for (let k = 0; k < this.list.length; k += 1) {
      const { sound: { level, room: own }, voices } = this.list[k];
      const asked = this.controls[SEND];
      const room = asked === undefined ? own : (asked / 127) * ROOM;
      if (!this.#dry(voices, count)) continue;
      const [dryLeft, dryRight] = this.dry;
      endLeft = this.left;
      endRight = this.right;
      for (let i = 0; i < count; i += 1) {
        endLeft += (this.toLeft - endLeft) * this.glide;
        endRight += (this.toRight - endRight) * this.glide;
        const l = dryLeft[i] * level * endLeft;
        const r = dryRight[i] * level * endRight;
        left[i] += l;
        right[i] += r;
        send[i] += (l + r) * room;
      }
    }
    this.#glideTo(endLeft, endRight);
  }

  /** Where the level stands after a block; a part that sounds nothing is where it wants to be. */
  #glideTo(left, right) {
    const near = (a, b) => (Math.abs(a - b) < 1e-4 ? b : a);
    const idle = left === this.left && right === this.right;
    this.left = idle ? this.toLeft : near(left, this.toLeft);
    this.right = idle ? this.toRight : near(right, this.toRight);
  }

  #dry(voices, count) {
    let any = false;
    for (let k = 0; k < voices.length; k += 1) {
      const voice = voices[k];
      if (!voice.alive) continue;
      if (!any) for (const side of this.dry) side.fill(0, 0, count);
      any = true;
      this.#sway(voice);
      if (voice.dying) this.#fadeOut(voice, count);
      else this.#play(voice, count);
      this.living += voice.alive;
      this.sounding += voice.alive && !voice.dying;
    }
    return any;
  }

  #play(voice, count) {
    const [left, right] = this.dry;
    let from = 0;
    if (voice.held > 0 && voice.held <= count) {
      from = voice.held;
      voice.render(left, right, 0, from);
      this.#off(voice);
    } else voice.held -= count;
    if (from < count && voice.alive) voice.render(left, right, from, count);
  }

  #fadeOut(voice, count) {
    const [left, right] = this.spare;
    for (const side of this.spare) side.fill(0, 0, count);
    voice.render(left, right, 0, count);
    for (let i = 0; i < count; i += 1) {
      const keep = Math.max(0, voice.dying - i) / DYING;
      this.dry[0][i] += left[i] * keep;
      this.dry[1][i] += right[i] * keep;
    }
    voice.dying -= count;
    if (voice.dying <= 0) voice.alive = false;
  }
}

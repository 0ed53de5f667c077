// Notes as lines of the clip notation (docs/notation.md), for the clipboard. Pure.
//
// Written are plain notes, a word each; read are notes, chords of pitches, drum lanes and bars that repeat others. Ticks in
// the text are 960 a beat.

import { metreAt, metres, pitchName, usesFlats } from "../naming.js";
import { NEAR } from "./ops.js";

const TICKS = 960;
const STEP = 0.25;
const VELOCITY = 96;
const MOST = 127;
const MOST_ROWS = 100_000;
const LONGEST_WORD = 256;
const NEEDED = ["start", "duration", "pitch", "velocity"];
/** Parts of a step that are written as decimals, by twelfths. */
const DECIMALS = { 0: "", 3: ".25", 4: ".33", 6: ".5", 8: ".67", 9: ".75" };
const THIRDS = { 33: 1 / 3, 67: 2 / 3 };
const MARKS = { X: 120, x: VELOCITY, o: 56 };
const TONES = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const LINE = /^\s*(\d{1,4})(?:-(\d{1,4}))?\s*([|=])\s*(.*)$/;
const BARS = /^(\d{1,4})(?:-(\d{1,4}))?\s*$/;
const PASSED_OVER = /^\s*($|clip |%%|```)/;
/** Words after which a line holds no notes. */
const NO_NOTES = new RegExp(`^(${[
  "chords", "mod", "breath", "portamento", "portamentotime", "volume", "pan", "expression", "sustain", "sostenuto", "soft", "resonance",
  "release", "attack", "cutoff", "decay", "reverb", "chorus", "bend", "pressure", "cc\\d{1,3}",
].join("|")})$`);
const PLACE = /^(?=.)(\d+(?:\.\d+)?)?(?:\+(\d+))?$/;
const MARK = /\/\d+(?:\.\d+)?|\+\d+|[vr]\d+|d-?\d+|\?(?:\d+\.?\d*|\.\d+)|~/g;
const PART = new RegExp(`^(.+?)((?:${MARK.source})*)$`);
const PITCH = /^([A-G])([#b]*)(-?\d+)?$/i;

/** Beats in steps, or null where no decimals say them exactly. */
function steps(beats) {
  const twelfths = Math.round(beats * 48);
  const part = DECIMALS[twelfths % 12];
  return part === undefined || Math.abs(twelfths / 48 - beats) > NEAR ? null : Math.floor(twelfths / 12) + part;
}

const ticks = (beats) => `+${Math.round(beats * TICKS)}`;
const lengthOf = (beats) => (steps(beats) === null ? ticks(beats) : `/${steps(beats)}`);

/** Write rows, in order of time, as lines: the number of the bar, then a word for each note. */
export function write(clip, rows) {
  const all = metres(clip.meter, clip.changes);
  const flats = usesFlats(clip.key);
  const lines = [];
  let [bar, hold] = [-1, null];
  for (const { start, duration, pitch, velocity, chance, muted } of rows) {
    const metre = metreAt(all, start);
    const whole = Math.floor((start - metre.from) / metre.bar + NEAR);
    const at = start - metre.from - whole * metre.bar;
    if (bar !== metre.first + whole) {
      bar = metre.first + whole;
      hold = { duration: STEP, velocity: VELOCITY };
      lines.push(`${bar + 1} |`);
    }
    const name = clip.drum_names?.[pitch] ?? pitchName(pitch, { flats });
    const length = Math.abs(duration - hold.duration) < NEAR ? "" : lengthOf(duration);
    const loud = velocity === hold.velocity ? "" : `v${velocity}`;
    const rest = (chance < 100 ? `?${chance / 100}` : "") + (muted ? "~" : "");
    lines[lines.length - 1] += ` ${steps(at + STEP) ?? ticks(at)}:${name}${length}${loud}${rest}`;
    hold = { duration, velocity };
  }
  return lines.join("\n");
}

/** Read rows as JSON, in which times stay exact; null where it is none. */
export function readExact(text) {
  try {
    return JSON.parse(text).filter((row) => NEEDED.every((field) => Number.isFinite(row[field])));
  } catch {
    return null;
  }
}

/** Read lines: rows at the times of this clip's bars, and what cannot be read. */
export function read(text, clip) {
  const all = metres(clip.meter, clip.changes);
  const drums = new Map(Object.entries(clip.drum_names ?? {}).map(([pitch, name]) => [name, Number(pitch)]));
  const bars = new Map();
  const [rows, unread] = [[], []];
  const put = (bar, inBar) => {
    if (!inBar.length || rows.length > MOST_ROWS) return;
    if (!bars.has(bar)) bars.set(bar, []);
    for (const row of inBar) bars.get(bar).push(row);
    const metre = all.findLast((one) => one.first < bar) ?? all[0];
    const from = metre.from + (bar - 1 - metre.first) * metre.bar;
    for (const row of inBar) rows.push({ ...row, start: from + row.start });
  };
  for (const line of text.split("\n")) {
    const [, first, last, sign, words] = LINE.exec(line) ?? [];
    const targets = numbers(first, last);
    const given = targets[0] > 0 && (sign === "=" ? repeated(words, targets, bars) : same(readWords(words, drums, unread)));
    if (given) targets.forEach((bar, i) => put(bar, given(i)));
    else if (!PASSED_OVER.test(line)) unread.push(line.trim());
  }
  return { rows: rows.sort((a, b) => a.start - b.start || a.pitch - b.pitch), unread };
}

const numbers = (first, last = first) => Array.from({ length: Math.max(0, last - first + 1) || 0 }, (_, i) => Number(first) + i);

const same = (rows) => () => rows;

/** Gives what the bars hold that `text` names, for one after the other; null where there is nothing, or where it would come upon notes. */
function repeated(text, targets, bars) {
  const [, first, last] = BARS.exec(text) ?? [];
  const given = numbers(first, last);
  if (targets.some((bar) => bars.has(bar)) || !given.some((bar) => bars.has(bar))) return null;
  return (i) => bars.get(given[i % given.length]) ?? [];
}

function readWords(text, drums, unread) {
  const hold = { duration: STEP, velocity: VELOCITY, octave: "" };
  const words = text.split(/\s+/).filter(Boolean);
  const [first = "", ...rest] = words;
  const [, name, marks] = partsOf(first);
  if (drums.has(name) && rest.length) return readLane(drums.get(name), marks, rest.join(""), hold);
  const end = words.findIndex((word) => NO_NOTES.test(word));
  if (end >= 0) unread.push(words.splice(end).join(" "));
  const found = [];
  for (const word of words) {
    const held = { ...hold };
    const rows = found.length < MOST_ROWS ? readWord(word, drums, hold) : null;
    if (rows) found.push(...rows);
    else {
      Object.assign(hold, held);
      unread.push(word);
    }
  }
  return found;
}

/** A word as what it names and its marks; the marks are looked for from one letter after the other, so it may not be long. */
const partsOf = (word) => (word.length <= LONGEST_WORD && PART.exec(word)) || [];

function readLane(pitch, marks, lane, hold) {
  const sound = { ...readMarks(marks, hold), pitch };
  return [...lane].flatMap((mark, i) => (MARKS[mark] ? [{ ...sound, start: i * STEP, velocity: MARKS[mark] }] : []));
}

/** Rows of a word such as `1,5:C3,E/2v90`: what stands after a pitch is also for those before it that have nothing. */
function readWord(word, drums, hold) {
  const [places, sounds = ""] = word.length <= LONGEST_WORD ? word.split(":") : [""];
  const starts = places.split(",").map(readPlace);
  const parts = sounds.split(",").map(partsOf);
  const found = [];
  let waiting = [];
  for (const [i, [, name = "", marks]] of parts.entries()) {
    waiting.push(readPitch(name, drums, hold));
    if (!marks && i < parts.length - 1) continue;
    const sound = readMarks(marks, hold);
    found.push(...waiting.map((pitch) => ({ ...sound, pitch })));
    waiting = [];
  }
  if (!starts.every((start) => start >= 0) || !found.every(isNote)) return null;
  return starts.flatMap((start) => found.map((row) => ({ ...row, start })));
}

const isNote = ({ pitch, velocity, duration, chance }) =>
  pitch >= 0 && pitch <= MOST && velocity >= 1 && velocity <= MOST && duration > 0 && chance <= 100;

/** A number; two decimals that stand for a third are one. */
function number(text) {
  const [whole, part] = text.split(".");
  return THIRDS[part] ? Number(whole) + THIRDS[part] : Number(text);
}

function readPlace(text) {
  const [whole, step, after] = PLACE.exec(text) ?? [];
  if (!whole) return NaN;
  return (step ? number(step) - 1 : 0) * STEP + Number(after ?? 0) / TICKS;
}

/** A pitch by name, number or drum; NaN where it is none. */
function readPitch(name, drums, hold) {
  if (drums.has(name)) return drums.get(name);
  const [, letter, signs, octave] = PITCH.exec(name) ?? [];
  if (!letter) return name ? Number(name) : NaN;
  hold.octave = octave ?? hold.octave;
  const bent = [...signs].reduce((sum, sign) => sum + (sign === "#" ? 1 : -1), 0);
  return hold.octave ? TONES[letter.toUpperCase()] + bent + 12 * (Number(hold.octave) + 2) : NaN;
}

/** Length and velocity, which hold on, and what is said of this one only. */
function readMarks(text, hold) {
  const said = {};
  for (const mark of text?.match(MARK) ?? []) said[mark[0]] = mark.slice(1);
  if (said["/"] || said["+"]) hold.duration = number(said["/"] ?? "0") * STEP + Number(said["+"] ?? 0) / TICKS;
  hold.velocity = Number(said.v ?? hold.velocity);
  const chance = 100 * Number(said["?"] ?? 1);
  return { duration: hold.duration, velocity: hold.velocity, muted: "~" in said ? 1 : 0, chance };
}

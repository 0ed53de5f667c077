// What can be done with a take, as one list: where it can be pushed, and the items of its menu. Pure.


const NO_ANSWER = "Live does not answer; start it, or use the simulated set";
const SENTENCE_CHARS = 44;

const heading = (text) => ({ heading: text });
const brief = (text) => (text.length > SENTENCE_CHARS ? `${text.slice(0, SENTENCE_CHARS - 1).trimEnd()}…` : text);

/** Where a take can go: `[{ text, why, push: { track, slot, new_track } }]`; `why` says what stands against it. */
export function placesOf({ target = {} } = {}) {
  const { tracks = [], track = 0, slot = 0, label = "", connected } = target;
  const why = connected ? "" : NO_ANSWER;
  const name = tracks[track - 1]?.[0];
  const chosen = name === undefined || !slot ? [] : [{ text: `Push to ${track} ${name} / slot ${slot}`, push: { track, slot, new_track: false } }];
  const fresh = { text: "Push to a new track", push: { track: tracks.length + 1, slot: slot || 1, new_track: true } };
  return [...chosen, fresh].map((place) => ({ ...place, why, label }));
}

/** The plans that wait for a decision: `[[id, sentence]]`. */
export function plansOf(items) {
  const found = [];
  for (const { kind, plan } of items.values()) if (kind === "plan" && plan?.status === "pending") found.push([plan.id, plan.sentence]);
  return found;
}

/**
 * Items of a take's menu.
 * @param about `{ take, places, plans, shown, gone }`: `shown` what the take can be compared with, `{ clip, name }` or null
 * @param acts `{ push(place), drop(plan), file(kind), cell(), entry(), compare(), rename(), star() }`
 */
export function itemsOf({ take, places, plans, shown, gone }, acts) {
  const act = (action, text, press, more) => ({ action, text, press, disabled: gone, ...more });
  return [
    ...places.map((place) => act(place.push.new_track ? "push-new" : "push", place.text, () => acts.push(place), { disabled: gone || Boolean(place.why) })),
    ...plans.map(([plan, sentence]) => act("drop", `Put into the plan: ${brief(sentence)}`, () => acts.drop(plan))),
    heading("Clip"),
    shown && act("compare", `Compare with ${brief(shown.name)}`, () => acts.compare()),
    take.entry && act("entry", "Go to its turn", () => acts.entry(), { disabled: false }),
    act("cell", "Open in a cell", () => acts.cell()),
    act("rename", "Rename", () => acts.rename(), { note: "F2" }),
    act("star", take.star ? "Take the star away" : "Star", () => acts.star()),
    heading("Save as"),
    act("midi", "MIDI file", () => acts.file("midi")),
    act("wav", "WAV", () => acts.file("wav")),
  ];
}

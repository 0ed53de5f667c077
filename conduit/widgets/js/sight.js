// When the roll has to show other rows and another time, and for which notes. Pure.

/** What differs between states when another clip is shown, and stays the same while one is edited. */
const SIGNS = [({ streaming }) => Boolean(streaming), ({ active }) => active, ({ epoch }) => epoch, ({ turn }) => turn, ({ clip }) => clip.label, ({ compared }) => !compared];

/** Whether a state asks for a view of its own: it shows another clip than the state before, or one that is being written. */
export const isAnother = (before, state) => !before || Boolean(state.streaming) || SIGNS.some((sign) => sign(before) !== sign(state));

/** The notes that need rows: in a comparison those of both sides. */
export function notesInSight({ clip: { notes }, compared }) {
  if (!compared) return notes;
  const { before } = compared;
  const pitch = new Set([...before.pitch, ...notes.pitch]);
  return { count: notes.count + before.count, low: Math.min(before.low, notes.low), high: Math.max(before.high, notes.high), pitch: [...pitch] };
}

/** Tells layouts of rows apart. */
export const rowsKey = (rows) => rows && `${rows.lanes.pitches.length}:${rows.range}:${rows.rowHeight}`;

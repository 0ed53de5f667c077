// What was typed and not sent, kept by the page through a reload; and the last messages that were sent from here.

const MOST = 50;

const keyOf = (id) => `conduit-draft-${id}`;

/** What is kept for a panel: `{ text, media: [{ id, name, mime }], sent: [texts] }`. A host may keep nothing. */
export function readDraft(id) {
  try {
    return { text: "", media: [], sent: [], ...JSON.parse(sessionStorage.getItem(keyOf(id)) ?? "{}") };
  } catch {
    return { text: "", media: [], sent: [] };
  }
}

export function keepDraft(id, { text, media, sent }) {
  try {
    sessionStorage.setItem(keyOf(id), JSON.stringify({ text, media, sent: sent.slice(-MOST) }));
  } catch {
    // Full, or forbidden: the input itself still holds it.
  }
}

// A field that grew at its end: text, or bytes.

const bytesOf = (came) => new Uint8Array(came.buffer ?? came, came.byteOffset ?? 0, came.byteLength);

/** What was there and what came after it. */
export function grown(before, more) {
  if (typeof more === "string") return (before ?? "") + more;
  if (Array.isArray(more)) return [...(before ?? []), ...more];
  if (!before?.byteLength) return more;
  const both = new Uint8Array(before.byteLength + more.byteLength);
  both.set(bytesOf(before));
  both.set(bytesOf(more), before.byteLength);
  return new DataView(both.buffer);
}

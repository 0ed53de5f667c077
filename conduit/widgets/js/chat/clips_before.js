// The clip that stands before another one in the conversation.

/** Gives `{ clip, label }` of the nearest part before that shows another clip; null where there is none. */
export function clipBefore(store, clip) {
  let before = null;
  for (const entry of store.get("panel")?.order ?? []) {
    for (const id of store.get(entry)?.parts ?? []) {
      const part = store.get(id);
      if (part?.kind !== "clip") continue;
      if (part.clip === clip) return before;
      before = { clip: part.clip, label: part.label };
    }
  }
  return before;
}

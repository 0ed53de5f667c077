// A drag that changes the clip: each move shows what would come, the end makes it one edit.

/**
 * @param make `(event) => { notes, controls, facts, fresh }`, always from the clip at the press
 * @param options `tap(event)`: what a press without a move does; `now`: an event that counts as a move already
 */
export function draftOf(editor, make, { tap, now } = {}) {
  const { desk, roll, clip } = editor;
  const stale = () => Boolean(desk.closed) || desk.clip.notes !== clip.notes || desk.clip.controls !== clip.controls;
  let change;
  const drag = {
    move(event) {
      if (stale()) return;
      change = make(event);
      const next = editor.preview(change, clip);
      if (change.notes) desk.setDraft(next.notes);
      else roll.show({ ...roll.state, clip: next });
    },
    end(event, moved) {
      if (!moved && !now) return tap?.(event);
      if (change && stale()) drag.cancel();
      else editor.edit(change ?? {});
    },
    cancel() {
      desk.setDraft(null);
      if (change && !change.notes) roll.show({ ...roll.state, clip: desk.clip });
    },
  };
  if (now) drag.move(now);
  return drag;
}

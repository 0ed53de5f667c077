// The look of views: a style sheet once a page, however many views there are, and once in each tree that a host keeps apart.

/** Let a look, known by an id, count where an element stands. */
export function wear(look, el, id) {
  const root = el.getRootNode();
  const place = root instanceof ShadowRoot ? root : document.head;
  const worn = place.querySelector(`#${id}`) ?? Object.assign(document.createElement("style"), { id });
  if (worn.textContent === look) return;
  worn.textContent = look;
  place.append(worn);
}

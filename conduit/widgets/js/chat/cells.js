// A new cell under the panel's own, in hosts that let a widget reach the notebook.

const NOTEBOOK = ".jp-Notebook";
const CELL = ".jp-Cell";

/** Insert a code cell; gives whether the host could. */
export function insertCell(model, root, source) {
  const cells = model.widget_manager?.context?.model?.sharedModel;
  if (typeof cells?.insertCell !== "function") return false;
  const at = placeOf(root);
  cells.insertCell(at < 0 ? cells.cells.length : at + 1, { cell_type: "code", source, metadata: {} });
  return true;
}

/** The index of the cell that an element stands in; -1 outside the notebook. */
function placeOf(root) {
  const own = root.closest(CELL);
  if (!own) return -1;
  const listed = Number(own.dataset.windowedListIndex ?? NaN);
  return Number.isNaN(listed) ? [...own.closest(NOTEBOOK).querySelectorAll(CELL)].indexOf(own) : listed;
}

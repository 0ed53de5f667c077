// What is half-written at the end of a text, so that it does not flicker: a mark that may mean something else with the
// next letter waits, and what was opened is closed. Pure.

/** A last line that is only the beginning of something. */
const WAITS = /^[ \t]*(?:>[> ]*)?(?:[-*+]|\d{1,9}[.)]?|#{1,6}|`{1,2}|`{3,}[^`]*|~{1,2}|~{3,}.*|=+|-+|\*+|_+|\[[ xX]?|(?:[-*+]|\d{1,9}[.)]) (?:\[[ xX]?\]?|\*+))?[ \t]*$/;
const SHORT = 200;
const ROW = /^[ \t]*\|/;
const DELIMITER = /^[ \t]*\|[ \t:|-]*$/;
const LINK = /!?\[([^\][\n]{0,500})\]\([^()\n]{0,2000}$/;
/** Where the last stretch of inline text begins: behind a blank line, or the mark of an item, heading, quote or cell. */
const STRETCH = /(?:\n[ \t]*\n|(?:^|\n)[ \t]*(?:>[ \t]?|[-*+][ \t]+|\d{1,9}[.)][ \t]+|#{1,6}[ \t]+)+|(?:^|\n)[ \t]*\|)/g;

/** The open end of a text as it is drawn. */
export function settled(text) {
  const rows = tableBegun(text);
  if (rows !== null) return rows;
  const from = text.lastIndexOf("\n") + 1;
  const last = text.slice(from);
  if (last.length < SHORT && WAITS.test(last)) return text.slice(0, from);
  return closed(text);
}

/** Code that is still written: a last line that may become the fence that ends it waits. */
export function settledCode(text) {
  const from = text.lastIndexOf("\n") + 1;
  return text.length - from < SHORT && /^ {0,3}(?:`+|~+)$/.test(text.slice(from)) ? text.slice(0, from) : text;
}

/** A table of which only the head stands there, or null: its first line waits until it is whole. */
function tableBegun(text) {
  const lines = text.split("\n");
  const whole = lines.at(-1) === "";
  if (whole) lines.pop();
  let first = lines.length;
  while (first > 0 && ROW.test(lines[first - 1])) first -= 1;
  const rows = lines.slice(first);
  const before = lines.slice(0, first);
  if (rows.length === 1 && !whole) return before.join("\n");
  if (rows.length === 1 || (rows.length === 2 && !whole && DELIMITER.test(rows[1]))) {
    const columns = rows[0].trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).length;
    return [...before, rows[0], `|${" - |".repeat(columns)}`].join("\n");
  }
  return null;
}

/** Text whose open emphasis, code and links are closed at its end. */
function closed(text) {
  let from = 0;
  for (const found of text.matchAll(STRETCH)) from = found.index + found[0].length;
  const stretch = text.slice(from);
  if (/^[ \t]*\|/.test(text.slice(text.lastIndexOf("\n", from - 1) + 1))) from = text.lastIndexOf("|") + 1;
  const before = text.slice(0, from);
  return before + closedInline((from ? text.slice(from) : stretch).replace(LINK, "$1"));
}

function closedInline(text) {
  const open = [];
  const marks = /\\.|(`+)|(\*+|_+|~~)/gs;
  for (let found = marks.exec(text); found; found = marks.exec(text)) {
    const [, ticks, mark] = found;
    const end = found.index + found[0].length;
    if (ticks) {
      const match = closing(text, ticks, end);
      if (match < 0) return end === text.length ? text.slice(0, found.index) + ends(open) : text + ticks + ends(open);
      marks.lastIndex = match;
    } else if (mark) turn(open, mark, { before: text[found.index - 1] ?? " ", after: text[end] ?? " " });
  }
  const whole = text.slice(0, text.length - halfMark(text, open.at(-1) ?? ""));
  return open.length ? whole.trimEnd() + ends(open) : whole;
}

/** How long the mark at the end is that stands before its word, or is the first half of what closes `open`. */
function halfMark(text, open) {
  const [, before, mark] = /(^|[^*_~])([*_~]{1,3})$/.exec(text.slice(-4)) ?? [];
  if (!mark) return 0;
  const half = mark[0] === open[0] && mark.length < open.length;
  return half || before === "" || /\s/.test(before) ? mark.length : 0;
}

/** Where the code opened by some ticks ends; -1 where it does not. */
function closing(text, ticks, from) {
  for (let at = text.indexOf(ticks, from); at >= 0; at = text.indexOf(ticks, at)) {
    let end = at;
    while (text[end] === "`") end += 1;
    if (end - at === ticks.length) return end;
    at = end;
  }
  return -1;
}

function turn(open, mark, { before, after }) {
  const inWord = mark[0] === "_" && /\w/.test(before) && /\w/.test(after);
  if (inWord) return;
  let rest = mark;
  while (rest && !/\s/.test(before) && open.at(-1)?.[0] === rest[0] && rest.length >= open.at(-1).length) {
    rest = rest.slice(open.pop().length);
  }
  if (rest && !/\s/.test(after) && rest.length <= 3) open.push(rest);
}

const ends = (open) => open.reverse().join("");

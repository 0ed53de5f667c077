import assert from "node:assert/strict";
import { test } from "node:test";

import { Blocks, MOST } from "../../conduit/widgets/js/chat/blocks.js";
import { settled } from "../../conduit/widgets/js/chat/half.js";
import { tokensOf } from "../../conduit/widgets/js/chat/highlight.js";
import { address, decodeEntities, isPicture } from "../../conduit/widgets/js/chat/links.js";
import { bare, pieces } from "../../conduit/widgets/js/chat/shown.js";

const blocksOf = (text) => new Blocks().read(text, false).done;
const textsOf = (blocks) => blocks.map(({ kind, text }) => [kind, text.trim()]);
/** Milliseconds of work, whatever else the machine does. */
function work(act) {
  const begun = process.cpuUsage().user;
  act();
  return (process.cpuUsage().user - begun) / 1000;
}

const many = (part, length) => part.repeat(Math.ceil(length / part.length)).slice(0, length);

function streamed(text, step = 1) {
  const blocks = new Blocks();
  const found = [];
  for (let end = step; end < text.length; end += step) found.push(...blocks.read(text.slice(0, end), true).done);
  return [...found, ...blocks.read(text, false).done];
}

const ANSWER = `# Title

A paragraph with **weight**,
in two lines.
\`\`\`py
a = 1

b = 2
\`\`\`
- one

  more of it
- two
  ~~~
  x

  y
  ~~~

1. first

2. second

> quoted

| a | b |
|---|---|
| 1 | 2 |

The end.`;

test("a text is cut where nothing behind can belong to what is before", () => {
  const found = textsOf(blocksOf(ANSWER));

  assert.deepEqual(found.map(([kind]) => kind), ["words", "words", "code", "words", "words", "words", "words", "words"]);
  assert.equal(found[2][1], "a = 1\n\nb = 2");
  assert.ok(found[3][1].startsWith("- one") && found[3][1].endsWith("~~~"));
  assert.equal(found[4][1], "1. first\n\n2. second");
});

for (const step of [1, 2, 7]) {
  test(`a text that comes in pieces of ${step} is cut as one that is there at once`, () => {
    assert.deepEqual(textsOf(streamed(ANSWER, step)), textsOf(blocksOf(ANSWER)));
  });
}

test("a block is finished as soon as it is sure, and not only with the next line's end", () => {
  const blocks = new Blocks();

  const { done, tail } = blocks.read("one\n\ntwo goes o", true);

  assert.deepEqual(textsOf(done), [["words", "one"]]);
  assert.equal(tail.text, "two goes o");
});

test("an item that is about to come keeps its list open", () => {
  const blocks = new Blocks();
  const held = ["1. a\n\n", "1. a\n\n2", "1. a\n\n2."].map((text) => blocks.read(text, true).done.length);

  assert.deepEqual(held, [0, 0, 0]);
});

test("a finished block is given once", () => {
  const blocks = new Blocks();
  const first = blocks.read("one\n\ntwo\n\nthr", true).done;
  const second = blocks.read("one\n\ntwo\n\nthree", true).done;

  assert.equal(first.length, 2);
  assert.equal(second.length, 0);
});

test("no block is longer than the lexer can take, and nothing is lost", () => {
  for (const text of [many("word ", 1_000_000), many("x", 300_000), many("a\n", 100_000), `\`\`\`\n${many("y", 300_000)}`]) {
    const blocks = blocksOf(text);

    assert.ok(blocks.every((block) => block.text.length <= (block.kind === "code" ? 5 * MOST : MOST)));
    assert.equal(blocks.map((block) => block.text).join("").length, text.replace(/^```\n/, "").length);
  }
});

test("a long list is cut at an item, a long table at a row, with its head again", () => {
  const list = blocksOf(many("- an item of the list\n", 3 * MOST));
  const table = blocksOf(`| a | b |\n|---|---|\n${"| 1 | 2 |\n".repeat(2000)}`);

  assert.ok(list.length > 2 && list.every(({ kind, text }) => kind === "words" && text.startsWith("- an item")));
  assert.ok(table.length > 1 && table.every(({ kind, text }) => kind === "words" && text.startsWith("| a | b |\n|---|---|\n| 1")));
});

test("a cut never parts a character", () => {
  const blocks = blocksOf(`x${"🎵".repeat(20_000)}`);

  assert.ok(blocks.length > 2);
  assert.ok(blocks.every(({ text }) => text.isWellFormed?.() ?? !/^[\udc00-\udfff]|[\ud800-\udbff]$/.test(text)));
});

test("what nests too deep is plain text, also while it is written", () => {
  for (const part of [">", "> ", "- ", "1. "]) {
    assert.deepEqual([...new Set(blocksOf(many(part, 20_000)).map(({ kind }) => kind))], ["plain"]);
    assert.equal(new Blocks().read(many(part, 200), true).tail.kind, "plain");
  }
});

test("a long stream costs no more at its end than at its beginning", () => {
  const paragraph = `${many("some words ", 400)}\n\n`;
  const text = paragraph.repeat(2000);
  const blocks = new Blocks();
  const took = (from, to) => work(() => {
    for (let end = from; end < to; end += 50) blocks.read(text.slice(0, end), true);
  });
  took(0, 100_000);
  const early = took(100_000, 300_000);
  const late = took(600_000, 800_000);

  assert.ok(late < 4 * early + 50, `${late} ms after ${early} ms`);
});

for (const [name, written, drawn] of [
  ["bold", "a **bo", "a **bo**"],
  ["italics in bold", "a **b *c", "a **b *c***"],
  ["closed emphasis", "a **b** and *c", "a **b** and *c*"],
  ["both at once", "***both", "***both***"],
  ["the first half of what closes", "a **bold*", "a **bold**"],
  ["the first half of what closes a strike", "~~st~", "~~st~~"],
  ["struck", "~~st", "~~st~~"],
  ["code", "`co", "`co`"],
  ["code in bold", "**see `x", "**see `x`**"],
  ["marks in code", "`a ** b", "`a ** b`"],
  ["a times sign", "2 * 3", "2 * 3"],
  ["a name", "snake_case_name", "snake_case_name"],
  ["a mark without its word", "a **", "a "],
  ["a link without its address", "see [text](htt", "see text"],
  ["an item's mark", "- a\n-", "- a\n"],
  ["a heading's mark", "a\n##", "a\n"],
  ["a fence's beginning", "a\n``", "a\n"],
  ["a fence's language", "a\n```py", "a\n"],
  ["a task's box", "- [", ""],
  ["a table's first line", "| a | b", ""],
  ["a table's head", "| a | b |\n", "| a | b |\n| - | - |"],
  ["a table's half-written rule", "| a | b |\n|--", "| a | b |\n| - | - |"],
  ["emphasis in a cell", "| a | b |\n|--|--|\n| **x", "| a | b |\n|--|--|\n| **x**"],
]) {
  test(`half-written: ${name}`, () => {
    assert.equal(settled(written), drawn);
  });
}

test("what is hidden in a text becomes a mark, many of a kind one mark", () => {
  assert.deepEqual(pieces("a\u202eb"), ["a", { code: "202E", name: "right-to-left override", count: 1 }, "b"]);
  assert.deepEqual(pieces(`x${"\u200b".repeat(5000)}`), ["x", { code: "200B", name: "zero-width space", count: 5000 }]);
  for (const char of ["\u2066", "\u2069", "\u202a", "\u0000", "\u0007", "\ufeff", "\u{e0041}"]) {
    assert.equal(pieces(`a${char}b`)[1].count, 1, char.codePointAt(0).toString(16));
  }
});

test("what belongs to a script or an emoji stays", () => {
  const family = "👨‍👩‍👧 é\u0301 می\u200cخواهم שלום";

  assert.deepEqual(pieces(family), [family]);
});

test("a terminal's colours and moves are taken away, in shown and in copied text", () => {
  assert.deepEqual(pieces("\u001b[31mred\u001b[0m \u001b]8;;http://x\u0007link\u001b[2J"), ["red link"]);
  assert.equal(bare("rm\u202e -rf\u200b \u001b[8mhidden\u001b[0m"), "rm -rf hidden");
});

test("signs are not piled up without end", () => {
  assert.ok(pieces(`Z${"\u0335".repeat(5000)}`)[0].length < 10);
});

for (const href of ["javascript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "blob:http://x/y", "/relative", "#here", "", `https://x/${"a".repeat(5000)}`]) {
  test(`no link leads to ${JSON.stringify(href.slice(0, 40))}`, () => {
    assert.equal(address(href), null);
  });
}

test("a link says where it leads in truth", () => {
  assert.equal(address("https://www.paypal.com@evil.example/login").leads, "evil.example");
  assert.equal(address("https://раypal.com").leads, "xn--ypal-43d9g.com");
  assert.equal(address("mailto:a@b.cc").leads, "Mail to a@b.cc");
});

test("only pictures that carry their bytes are shown", () => {
  assert.ok(isPicture("data:image/png;base64,iVBORw0KGgo="));
  for (const href of ["https://x/y.png", "data:image/svg+xml;base64,AAAA", "data:text/html;base64,AAAA", "//x/y.png"]) assert.ok(!isPicture(href));
});

test("entities become the characters they stand for, and others stay", () => {
  assert.equal(decodeEntities("&amp;lt; &#65;&#x1F3B5; &nope; &constructor; &#0; &#xD800;"), "&lt; A🎵 &nope; &constructor; \ufffd \ufffd");
});

const kindsIn = (text, name) => {
  const kinds = [];
  const walk = (token) => {
    if (typeof token === "string") return;
    kinds.push([token.type, typeof token.content === "string" ? token.content : null]);
    [token.content].flat().forEach(walk);
  };
  tokensOf(text, name).forEach(walk);
  return kinds.filter(([, content]) => content !== null).map(([type, content]) => `${type} ${content}`);
};

test("the clip notation has colours of its own", () => {
  const found = kindsIn("clip Acid | 2 bars | 4/4\n1 | 1:A1/2v110 4:Bb\n2-3 = 1\n1 | kick X...x...\n2 | 5,13:snare", "clip");

  for (const one of ["keyword clip", "number 4/4", "bar 1", "step 1", "pitch A1", "length /2", "velocity v110", "pitch Bb", "bar 2-3", "operator =", "function 1", "lane kick", "string X", "detail ...", "step 5,13", "drum snare"]) {
    assert.ok(found.includes(one), `${one} in ${found}`);
  }
});

test("known languages are coloured, by any of their names; others, long texts and long lines are not", () => {
  for (const name of ["python", "py", "json", "bash", "sh", "js", "yaml", "clip", "CLIP"]) assert.ok(tokensOf("a: 1", name), name);
  for (const name of ["", "brainfuck", "constructor", "__proto__"]) assert.equal(tokensOf("a: 1", name), null);
  assert.equal(tokensOf("a\n".repeat(30_000), "python"), null);
  assert.equal(tokensOf("a".repeat(3000), "python"), null);
});

test("reading Prism leaves the page's own name for it alone", () => {
  assert.equal("Prism" in globalThis, false);
});

for (const name of ["python", "json", "bash", "javascript", "yaml", "clip"]) {
  test(`hostile ${name} is coloured in less than half a second`, () => {
    for (const part of ["(", "\"", "'", "`", "${", "$(", "/", "\\", "<<", "[", "{", "f'{", "\"\"\"", "/*", "- a: b: ", "A#", "x."]) {
      const text = many(`${many(part, 78)}\n`, 49_000);

      assert.ok(work(() => tokensOf(text, name)) < 500, part);
    }
  });
}

test("what is half-written is found in time that does not grow with its square", () => {
  for (const part of ["`", "*", "**a ", "[", "[a](", "| ", " ", "\n", "> ", "_a ", "~~", "\\", "`a``b"]) {
    const text = many(part, MOST);

    assert.ok(work(() => settled(text)) < 100, JSON.stringify(part));
  }
});

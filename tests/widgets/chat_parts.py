"""Parts of an answer in a chat panel, for tests of how they are shown."""

from __future__ import annotations

from typing import Any

from widgets.chat_input_page import PANEL, turn

PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
ALL_KINDS = f"""# One

## Two

Text with **bold**, *italic*, ~~gone~~, `code`, [a link](https://example.com/a "t") and https://example.com/b
hard\\
break &amp; entity

- item
  - inner
- [x] done
- [ ] to do

3. third

> quote

```python
def f(x): return x + 1
```

| a | b |
|---|--:|
| 1 | 2 |

---

![own]({PIXEL})
"""
SHOWN = "() => document.querySelector('.cc-text')?.textContent ?? ''"
OVERFLOWS = """
() => [...document.querySelectorAll(".cc-parts, .cc-parts > *, .cc-md, .cc-md > *")]
  .filter((node) => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflowX === "visible")
  .map((node) => `${node.className} ${node.tagName} ${node.scrollWidth} > ${node.clientWidth}`)
"""


def part(kind: str, **fields: Any) -> dict[str, Any]:
    return {"kind": kind, **fields}


def with_parts(*parts: dict[str, Any]) -> dict[str, Any]:
    named = {f"p{i}": one for i, one in enumerate(parts)}
    return {
        "panel": {**PANEL, "order": ["e1"]},
        "e1": {**turn("Go"), "parts": list(named)},
        **named,
    }


def words(text: str, *, still: bool = False) -> dict[str, Any]:
    return part("text", text=text, open=still)


def tool(**fields: Any) -> dict[str, Any]:
    given = {"name": "read_set", "state": "done", "summary": "", "arguments": "", "result": ""}
    return part("tool", **{**given, **fields})

"""The drawing on a stage of its own: bar and roll as modules in a bare page, shown what a test says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

HERE = Path(__file__).parent
JS = HERE.parents[1] / "conduit" / "widgets" / "js"
ORIGIN = "http://localhost"

_START = """
async () => {
  const { stage, clipOf, manyOf } = await import("/stage.mjs");
  const here = document.getElementById("here");
  here.replaceChildren();
  Object.assign(window, stage(here), { clipOf, manyOf });
}
"""
_COUNT = """
(selector) => {
  const canvas = document.querySelector(selector);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const counts = {};
  for (let i = 0; i < data.length; i += 4) {
    const key = `rgb(${data[i]},${data[i + 1]},${data[i + 2]})`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
"""
_AT = """
([selector, x, y]) => {
  const canvas = document.querySelector(selector);
  const ratio = canvas.width / canvas.clientWidth;
  const [r, g, b] = canvas.getContext("2d").getImageData(Math.floor(x * ratio), Math.floor(y * ratio), 1, 1).data;
  return `rgb(${r},${g},${b})`;
}
"""


class Stage:
    """Bar and roll in a page; what they ask for is kept in the page as ``asked``."""

    def __init__(
        self, page: Page, variables: dict[str, str], *, width: int = 800, light: bool = True
    ) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.set_viewport_size({"width": width + 32, "height": 900})
        style = "".join((JS / f"{name}.css").read_text(encoding="utf-8") for name in ("tokens", "clip_view"))
        tokens = "".join(f"{name}:{value};" for name, value in variables.items())
        body = (
            f"<!doctype html><meta charset=utf-8><style>body{{{tokens}margin:16px;font-family:sans-serif;"
            f"background:var(--jp-layout-color0)}}</style><style>{style}</style>"
            f'<body data-jp-theme-light="{str(light).lower()}"><div id="here"></div></body>'
        )
        page.route(f"{ORIGIN}/", lambda route: route.fulfill(body=body, content_type="text/html"))
        page.route(
            f"{ORIGIN}/js/**", lambda route: route.fulfill(path=JS / route.request.url.split("/js/")[1])
        )
        page.route(f"{ORIGIN}/stage.mjs", lambda route: route.fulfill(path=HERE / "stage.mjs"))
        page.goto(f"{ORIGIN}/")
        self.clear()

    def clear(self) -> Stage:
        """Put up an empty stage."""
        self.page.evaluate(_START)
        return self

    def show(self, clip: dict[str, Any], **state: Any) -> Stage:
        """Show a clip: its facts, ``notes`` and ``controls`` as rows; the state beside it may name clips too."""
        self.page.evaluate(
            """([clip, { before, ghosts, parts, ...state }]) => {
              const all = parts?.map((part) => part ? clipOf(part) : null);
              const mine = clipOf(clip);
              show({ clip: mine, ...state, ...(before && { before: clipOf(before) }),
                ...(all && { parts: all.map((part) => part ?? mine) }),
                ghosts: ghosts?.map(clipOf) ?? all?.filter(Boolean) });
            }""",
            [clip, state],
        )
        return self.frame()

    def set(self, **options: Any) -> Stage:
        """Change options of the roll, and what the bar shows of them."""
        self.page.evaluate("(options) => roll.set(options)", options)
        return self.frame()

    def frame(self) -> Stage:
        """Wait until what was asked for has been drawn."""
        self.page.evaluate(
            "() => new Promise((f) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(f))))"
        )
        return self

    def run(self, script: str) -> Any:
        """Run JavaScript that sees ``bar``, ``roll``, ``show``, ``asked``."""
        return self.page.evaluate(script)

    def colours(self, selector: str = ".conduit-grid") -> dict[str, int]:
        """Count the colours on a canvas."""
        found: dict[str, int] = self.page.evaluate(_COUNT, selector)
        return found

    def colour(self, x: float, y: float, selector: str = ".conduit-grid") -> str:
        """Give the colour at a place of a canvas, in CSS pixels."""
        found: str = self.page.evaluate(_AT, [selector, x, y])
        return found

    def until(self, condition: str) -> None:
        """Wait until a condition, a JavaScript function, holds."""
        self.page.wait_for_function(condition, timeout=5000)

    def point(self, beat: float, pitch: int, *, dx: float = 0) -> dict[str, Any]:
        """Give what lies at a beat and pitch, some pixels further right."""
        x, y = self.place(beat, pitch)
        found: dict[str, Any] = self.page.evaluate(
            """([x, y]) => {
              const box = roll.grid.getBoundingClientRect();
              return roll.at({ clientX: box.left + x, clientY: box.top + y });
            }""",
            [x + dx, y],
        )
        return found

    def theme(self, name: str) -> Any:
        """Give a colour, or a list of them, that the roll draws with."""
        return self.page.evaluate("(name) => roll.theme[name]", name)

    def asked(self) -> list[Any]:
        """Give what the controls asked for, name and values."""
        found: list[Any] = self.page.evaluate("() => asked")
        return found

    def place(self, beat: float, pitch: int) -> tuple[float, float]:
        """Give where a beat and a pitch lie on the grid, in CSS pixels; a few pixels inside the row."""
        x, y = self.page.evaluate(
            """([beat, pitch]) => {
              const v = roll.view;
              return [(beat - v.from) * v.perBeat, (v.top - v.lanes.row[pitch] - 0.5) * v.rowHeight];
            }""",
            [beat, pitch],
        )
        return x, y

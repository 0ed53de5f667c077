"""Write pictures of every state of the drawing: ``python tests/widgets/shots.py FOLDER [STATE ...]``.

Each state in light, dark and high contrast at 400, 800 and 1400 px, to be looked at.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent))
from widgets.stage import Stage  # noqa: E402  the tests are no package
from widgets.whole_views import VIEWED, viewed  # noqa: E402

WIDTHS = (400, 800, 1400)
MINOR = [9, 11, 0, 2, 4, 5, 7]
KEYS: dict[str, Any] = {
    "name": "Night keys",
    "length": 16,
    "meter": [4, 4],
    "key": "A minor",
    "scale": MINOR,
    "ink": "#d55e00",
    "bpm": 96,
    "instrument": "keys",
    "notes": [
        [4 * bar + at, length, pitch + shift, velocity, flags, chance]
        for bar, shift in enumerate((0, -4, 3, -2))
        for at, length, pitch, velocity, flags, chance in (
            [0, 1.5, 57, 96, 0, 100],
            [0, 1.5, 60, 80, 0, 100],
            [0, 1.5, 64, 74, 0, 100],
            [1.75, 0.25, 67, 40, 0, 60],
            [2, 0.5, 69, 112, 0, 100],
            [2.5, 0.5, 67, 70, 1, 100],
            [3, 0.75, 64, 60, 0, 100],
        )
    ],
    "controls": [[i / 4, 1, int(20 + 90 * abs((i % 16) / 8 - 1))] for i in range(64)]
    + [[i / 2, 128, (-1) ** i * 700 * (i % 9)] for i in range(32)],
    "chords": [[0, "Am7"], [4, "Fmaj7"], [8, "Cmaj7"], [12, "G"], [14, "E7(b9)"]],
}
BASS = {
    "name": "Bass",
    "instrument": "bass",
    "ink": "#0072b2",
    "length": 16,
    "meter": [4, 4],
    "notes": [[i / 2, 0.4, 45 + (i % 8), 90] for i in range(32)],
}
LEAD = {
    "name": "Lead with a long name",
    "instrument": "lead",
    "ink": "#cc79a7",
    "length": 16,
    "meter": [4, 4],
    "notes": [[i, 0.9, 64 + (5 * i) % 11, 70] for i in range(16)],
}
DRUMS = {
    "name": "Beat",
    "instrument": "drums",
    "drums": True,
    "ink": "#009e73",
    "length": 8,
    "meter": [4, 4],
    "drum_names": {
        "36": "kick",
        "38": "snare",
        "37": "rim",
        "39": "clap",
        "41": "tom low",
        "45": "tom mid",
        "42": "hat",
        "46": "open hat",
        "49": "crash",
        "51": "ride",
    },
    "notes": sorted(
        [[i, 0.25, 36, 110] for i in range(8)]
        + [[i * 2 + 1, 0.25, 38, 100] for i in range(4)]
        + [[i / 2, 0.25, 42, 50 + 40 * (i % 2), 0, 100 if i % 3 else 70] for i in range(16)]
    ),
}
BEFORE = {
    **KEYS,
    "notes": [
        [s + (0.5 if i in (4, 18) else 0), d, p - (2 if i == 11 else 0), v, f, c]
        for i, (s, d, p, v, f, c) in enumerate(KEYS["notes"])
        if i not in (6, 20)
    ]
    + [[14.5, 1, 72, 90]],
}  # fmt: skip


def streaming(stage: Stage) -> None:
    stage.show({**KEYS, "notes": KEYS["notes"][:10], "chords": []}, streaming=True)


def selected(stage: Stage) -> None:
    stage.show(KEYS, select=[2, 4, 5, 9], bar={"canUndo": True})
    stage.run("() => roll.setCaret({ beat: 10, pitch: 60 })")
    stage.run("() => roll.setMarquee({ x: 90, y: 60, width: 120, height: 90 })")


def playing(stage: Stage) -> None:
    stage.show(
        {**KEYS, "loop": [4, 12]},
        cue=2,
        bar={"beat": 6.3},
        heard={"playing": True, "metronome": True, "tempo": 128},
    )
    stage.run("() => roll.setPlayhead(6.3)")


def compared(stage: Stage) -> None:
    stage.show(KEYS, before=BEFORE, bar={"take": {"take": "both", "label": "before"}})


def tracks(stage: Stage, *, stacked: bool = False) -> None:
    stage.set(stacked=stacked)
    stage.show(KEYS, parts=[None, BASS, LEAD, DRUMS], active=0, muted=[0, 0, 1, 0], solo=[0, 0, 0, 0])


def opened(action: str) -> Callable[[Stage], None]:
    def show(stage: Stage) -> None:
        stage.show(KEYS, bar={"canUndo": True})
        button = stage.page.locator(f'[data-action="{action}"]')
        (button if button.is_visible() else stage.page.locator('[data-action="more"]')).click()

    return show


def helped(stage: Stage) -> None:
    stage.show(KEYS)
    stage.run("() => bar.showHelp()")


def with_options(
    clip: dict[str, Any], *, ghosts: list[dict[str, Any]] | None = None, **options: Any
) -> Callable[[Stage], None]:
    def show(stage: Stage) -> None:
        stage.show(clip, ghosts=ghosts or [])
        stage.set(**options)

    return show


def many(stage: Stage) -> None:
    facts = {"count": 100_000, "length": 4000, "name": "Symphony", "meter": [4, 4], "ink": "#d55e00"}
    stage.page.evaluate("(facts) => show({ clip: manyOf(facts) })", facts)


def whole(stage: Stage) -> None:
    many(stage)
    stage.frame()
    stage.run("() => roll.fit()")


STATES: dict[str, Callable[[Stage], Any]] = {
    "empty": lambda stage: stage.show(
        {**KEYS, "notes": [], "chords": [], "name": ""}, hint="Waiting for the model"
    ),
    "streaming": streaming,
    "ready": lambda stage: stage.show(KEYS),
    "selected": selected,
    "playing": playing,
    "ghosts": lambda stage: stage.show(KEYS, ghosts=[BASS, LEAD]),
    "compare": compared,
    "drums": lambda stage: stage.show(DRUMS),
    "fold-used": with_options(KEYS, fold="used"),
    "fold-ghosts": with_options(KEYS, fold="used", ghosts=[BASS, LEAD]),
    "fold-scale": with_options(KEYS, fold="scale", highlight=True),
    "highlight": with_options(KEYS, highlight=True, grid=1 / 3),
    "controller": with_options(KEYS, lane=1),
    "bend": with_options(KEYS, lane=128),
    "folded": with_options(KEYS, folded=True),
    "metre": lambda stage: stage.show({**KEYS, "changes": [[4, 7, 8], [7.5, 3, 4]]}),
    "tracks": tracks,
    "stacked": lambda stage: tracks(stage, stacked=True),
    "menu-grid": opened("grid"),
    "menu-quantise": opened("quantise"),
    "menu-rows": opened("rows"),
    "menu-lane": opened("lane"),
    "menu-more": opened("more"),
    "help": helped,
    "many": many,
    "whole": whole,
}


_BOTTOM = """() => {
  const bottom = (node) => node?.getBoundingClientRect().bottom ?? 0;
  return Math.max(bottom(root) + 16, bottom(document.querySelector(".cd-pop:popover-open")) + 8);
}"""


def take(browser: Browser, folder: Path, names: list[str]) -> None:
    """Take the pictures of some states."""
    spec = importlib.util.spec_from_file_location("fixtures", HERE / "conftest.py")
    assert spec
    assert spec.loader
    fixtures = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fixtures)
    for theme, variables in fixtures.THEMES.items():
        for width in WIDTHS:
            page = browser.new_page()
            stage = Stage(page, variables, width=width, light=theme == "light")
            for name in [name for name in names if name in STATES]:
                STATES[name](stage.clear())
                stage.frame()
                clip = {"x": 0, "y": 0, "width": width + 32, "height": stage.run(_BOTTOM)}
                page.screenshot(path=folder / f"{name}-{theme}-{width}.png", clip=clip)
            if stage.errors:
                raise RuntimeError(f"{theme} at {width} px: {stage.errors}")
            page.close()
            bare = fixtures.BareWidget(browser.new_page())
            for name, show in viewed(bare, theme, width).items():
                if name not in names:
                    continue
                show()
                bare.frame()
                bare.page.locator(".conduit-clip-view").screenshot(
                    path=folder / f"{name}-{theme}-{width}.png"
                )
            bare.page.close()


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        take(browser, folder, sys.argv[2:] or [*STATES, *VIEWED])
        browser.close()

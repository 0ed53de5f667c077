"""Piano rolls side by side in one page: time to the first paint, frame times while scrolling, zooming and playing.

Run ``python tests/benchmarks/rolls.py [COUNTS...]``, counts of notes, by default 1000 10000 100000. It installs the
others from the registry the first time (256 MB) and needs Chromium, which draws without a GPU here. Aimed at: a
median frame of at most 17 ms at 100,000 notes, and 1,000 notes painted at most 50 ms after the data is there. What
takes longer than a minute is left out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, Route, sync_playwright
from report.table import table

HERE = Path(__file__).parent / "rolls"
STATIC = Path(__file__).parents[2] / "conduit" / "widgets" / "static"
PEERS = HERE / "node_modules"
ORIGIN = "http://localhost"
FILES = {
    "tone.js": PEERS / "tone" / "build" / "Tone.js",
    "core.js": PEERS / "@magenta" / "music" / "es6" / "core.js",
    "webaudio-pianoroll.js": PEERS / "webaudio-pianoroll" / "webaudio-pianoroll.js",
    "rolls.js": HERE / "rolls.js",
    "clip_view.js": STATIC / "clip_view.js",
}
SCRIPTS = ("tone.js", "core.js", "webaudio-pianoroll.js", "rolls.js")
NAMES = ("conduit", "webaudio-pianoroll", "html-midi-player canvas", "html-midi-player SVG")
COUNTS = (1000, 10_000, 100_000)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"]
LIMIT_MS = 60_000
COLUMNS = ("", "paint", "scroll", "95 %", "zoom", "95 %", "play", "95 %")


def install() -> None:
    """Get the other rolls, once."""
    if not PEERS.is_dir():
        npm = shutil.which("npm", path=os.environ.get("PATH")) or "npm"
        command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock"]
        subprocess.run([*command, "--legacy-peer-deps"], cwd=HERE, check=True)


def serve(route: Route) -> None:
    """Hand over the page and its scripts; nothing else is there."""
    name = route.request.url.removeprefix(f"{ORIGIN}/")
    if name in FILES:
        route.fulfill(body=FILES[name].read_text(encoding="utf-8"), content_type="text/javascript")
    elif not name:
        scripts = "".join(f'<script src="/{script}"></script>' for script in SCRIPTS)
        body = '<!doctype html><meta charset=utf-8><div id=root style="width:1200px"></div>'
        route.fulfill(body=body + scripts, content_type="text/html")
    else:
        route.abort()


def opened(browser: Browser) -> Page:
    """Open a page with all rolls in it."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.route("**/*", serve)
    page.goto(f"{ORIGIN}/")
    code = [(STATIC / name).read_text(encoding="utf-8") for name in ("view.js", "engine.js", "clip_view.css")]
    page.evaluate("(code) => { window.code = code.map((one) => new TextEncoder().encode(one)); }", code)
    return page


def row(browser: Browser, name: str, count: int) -> tuple[str, ...]:
    """Measure one roll, the second time in its page: its code is loaded then, as for the next cell."""
    page = opened(browser)
    page.set_default_timeout(LIMIT_MS)
    measure = (
        "([name, count]) => Promise.race([measure(name, count), new Promise((f) => setTimeout(f, 60000))])"
    )
    try:
        page.evaluate(measure, [name, 100])
        found = page.evaluate(measure, [name, count])
    except Error as error:
        return (name, str(error).splitlines()[0][:40], *[""] * 6)
    finally:
        page.close()
    if found is None:
        return (name, "> 60 s", *[""] * 6)
    spans = [f"{found[what][part]:.1f}" for what in ("scroll", "zoom", "play") for part in ("median", "p95")]
    return (name, f"{found['paint']:.0f}", *spans)


def main(counts: list[int]) -> None:
    """Print a table for each count of notes."""
    install()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        for count in counts:
            rows = [row(browser, name, count) for name in NAMES]
            table(f"{count:,} notes: ms to the first paint, ms a frame (median, 95 %)", COLUMNS, rows)
        browser.close()


if __name__ == "__main__":
    main([int(count) for count in sys.argv[1:]] or list(COUNTS))

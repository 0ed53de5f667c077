"""Make the README's picture: a real cell in a real JupyterLab. Run it with ``make screenshot``."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "journeys"))
from lab import Notebook, jupyterlab  # noqa: E402  it stands with the journeys

LOAD = "%load_ext conduit"
CELL = '%%conduit --bars 4 --key "A minor" --bpm 128 --seed 7 -o bass\na syncopated acid bass line'


def main() -> None:
    """Take the picture and write it to ``docs/cell.png``."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with tempfile.TemporaryDirectory() as home, jupyterlab(Path(home)) as server, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1180, "height": 900}, device_scale_factor=1.5)
        notebook = Notebook(page, *server)
        notebook.open("cell.ipynb", LOAD, CELL)
        notebook.command("application:toggle-left-area")
        notebook.run(0)
        notebook.run(1)
        view = notebook.view(1)
        view.locator('[data-action="push"]').wait_for()
        page.mouse.move(0, 0)
        page.wait_for_timeout(800)
        page.locator(".jp-CodeCell").nth(1).screenshot(path=ROOT / "docs" / "cell.png")
        browser.close()


if __name__ == "__main__":
    main()

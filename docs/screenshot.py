"""Make the README's pictures: a real cell and a real chat panel in JupyterLab. Run it with ``make screenshot``."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "journeys"))
from lab import Notebook, jupyterlab  # noqa: E402  it stands with the journeys

LOAD = "%load_ext conduit"
CELL = '%%conduit --bars 4 --key "A minor" --bpm 128 --seed 7 -o bass\na syncopated acid bass line'


PANEL = "%load_ext conduit\n%conduit panel"
SAID = ["4 bars of acid bass in A minor, 128 bpm, push to track 2", "8 bars of techno drums at 128 bpm"]


def picture_of_a_panel(page: Page, notebook: Notebook) -> None:
    """Ask twice, approve what is planned, and take the picture with the tray open."""
    notebook.open("panel.ipynb", PANEL)
    notebook.command("application:toggle-left-area")
    notebook.run(0)
    panel = page.locator(".conduit-chat")
    for text in SAID:
        panel.locator("textarea").first.fill(text)
        page.keyboard.press("Enter")
        panel.locator('[data-action="stop-turn"], [data-action="send"]').first.wait_for()
        page.wait_for_timeout(2500)
        approve = panel.locator('[data-action="approve"]:visible')
        if approve.count():
            approve.click()
            page.wait_for_timeout(2500)
    panel.locator('[data-action="tray"]').click()
    page.mouse.move(0, 0)
    page.wait_for_timeout(800)
    panel.screenshot(path=ROOT / "docs" / "panel.png")


def main() -> None:
    """Take the pictures and write them to ``docs/cell.png`` and ``docs/panel.png``."""
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
        picture_of_a_panel(page, notebook)
        browser.close()


if __name__ == "__main__":
    main()

"""What all tests share: a simulated set in place of Live, and one Chromium."""

import os
import shutil

import pytest

# No test looks for a Live on this machine.
os.environ["CONDUIT_LIVE"] = "simulated"

# Scripts that are run, not collected.
collect_ignore = ["benchmarks", "typing", "wheel.py"]

CHROMIUM_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--autoplay-policy=no-user-gesture-required",
)


@pytest.fixture(scope="session")
def chromium():
    """Start the system's Chromium once; Playwright allows one in a process."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  only browser tests need it

    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert path, (
        "these tests need Chromium: run `make browser`, or install it (Debian: apt-get install chromium)"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_OPTIONS))
        yield browser
        browser.close()

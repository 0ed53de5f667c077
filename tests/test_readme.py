import re
from pathlib import Path

from conduit.__main__ import main

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_python_in_the_readme_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    codes = re.findall(r"```python\n(.*?)```", README, re.DOTALL)

    known: dict[str, object] = {}  # as cells of one notebook, each goes on from the one before
    for code in codes:
        exec(compile(code, "README.md", "exec"), known)  # noqa: S102  our own text

    assert {path.name for path in tmp_path.iterdir()} == {"bass.mid", "bass.wav", "house.mid"}


def test_the_shell_command_in_the_readme_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (line,) = re.findall(r"^python -m conduit compose (.*)$", README, re.MULTILINE)
    words = [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|(\S+)', line)]

    assert main(["compose", *words]) == 0
    assert {path.name for path in tmp_path.iterdir()} == {"bass.mid", "bass.wav"}
    assert "F# minor" in capsys.readouterr().out

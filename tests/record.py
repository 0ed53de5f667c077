"""Record the answers that notebooks carry beside them, from a real small model behind a real llama.cpp server.

Run ``make recordings`` after the words that models are told have changed: a kept answer is found by its whole
question. What is recorded is what that model said; nothing is edited.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
from servers.llamacpp import llama_server

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
WITH_ANSWERS = ("01_models.ipynb",)


def main() -> None:
    """Run each notebook against the real model and keep its answers."""
    with llama_server() as url, tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.toml"
        config.write_text(f'[providers.llamacpp]\nbase_url = "{url}/v1"\n')
        environ = {
            **os.environ,
            "CONDUIT_CONFIG": str(config),
            "CONDUIT_ANSWERS_MODE": "record",
            "CONDUIT_LIVE": "simulated",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }
        for name in WITH_ANSWERS:
            (NOTEBOOKS / name).with_suffix(".answers.jsonl").unlink(missing_ok=True)
            command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--stdout", name]
            subprocess.run(command, cwd=NOTEBOOKS, env=environ, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from lab import Notebook, jupyterlab


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    with jupyterlab(tmp_path_factory.mktemp("lab")) as server:
        yield server


@pytest.fixture
def older_lab(tmp_path):
    """JupyterLab whose kernels are ipykernel 7.3, where a click reaches a busy cell by a subshell."""
    place = Path(__file__).parents[2] / ".kernels" / "7.3"
    assert place.is_dir(), f"{place} is missing: run `make kernels`"
    with jupyterlab(tmp_path / "lab", PYTHONPATH=str(place)) as server:
        yield server


@pytest.fixture
def older_notebook(chromium, older_lab):
    context = chromium.new_context(viewport={"width": 1280, "height": 1000})
    yield Notebook(context.new_page(), *older_lab)
    context.close()


@pytest.fixture
def notebook(chromium, lab):
    context = chromium.new_context(viewport={"width": 1280, "height": 1000})
    yield Notebook(watched(context.new_page()), *lab)
    context.close()


def watched(page):
    """Collect the errors of a page."""
    page.problems = []
    page.on("console", lambda message: message.type == "error" and page.problems.append(message.text))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    return page


@pytest.fixture
def notebook_7(chromium, tmp_path):
    """A notebook in Jupyter Notebook 7."""
    context = chromium.new_context(viewport={"width": 1280, "height": 1000})
    with jupyterlab(tmp_path / "classic", app="notebook") as server:
        page = watched(context.new_page())
        yield Notebook(page, *server, path="notebooks")
    context.close()

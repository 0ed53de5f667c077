import subprocess
import sys

import conduit


def test_the_public_names_are_sorted_and_all_there():
    assert conduit.__all__ == sorted(conduit.__all__)
    assert all(getattr(conduit, name).__name__ == name for name in conduit.__all__)


def test_an_unknown_name_is_an_attribute_error():
    assert not hasattr(conduit, "nothing_of_that_name")


def test_importing_and_loading_bring_no_sdk_and_no_widget():
    code = (
        "import sys; from IPython.core.interactiveshell import InteractiveShell as S;"
        "ip = S.instance(); ip.run_line_magic('load_ext', 'conduit');"
        "heavy = {'anthropic', 'openai', 'ollama', 'httpx', 'httpx2', 'ipywidgets', 'anywidget', 'numpy',"
        " 'pretty_midi', 'pydantic'};"
        "print(sorted(heavy & set(sys.modules)))"
    )

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "[]"

"""Transcripts in a real JupyterLab: nothing is taken for mathematics, and the sanitiser keeps the rest."""

import json

import pytest

from conduit.drawing import record_html
from conduit.drawing.table import Column, Table, table_html
from conduit.drawing.transcript import transcript_html
from conduit.messages import AssistantMessage, ConversationTree, TextPart, ToolCallPart, UserMessage

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(240)]

LOAD = "%load_ext conduit"
SHOWN = "from IPython.display import HTML, display\ndisplay(HTML(open('shown.html').read()))"
PRICES = r'$5 to $6, $$7$$, {"$defs": {}, "$ref": 1}, \(a\), \[b\], \begin{c} d \end{c}, \ref{e}, C:\\f, \$8'
CODE = "x = '$1 and $2'  # \\(y\\) " + "long " * 30
NOTATION = "clip $Acid$ | 1 bars | bass\n1 | 1:A1/2 5:C2/2"
FORMULA = "<p>$a^2$</p>"  # where this is typeset, MathJax has been at work
TYPESET = "() => document.querySelectorAll('.jp-OutputArea-output mjx-container').length"
COPIED = """
(paragraph) => {
  const range = document.createRange();
  range.selectNodeContents(paragraph);
  const selection = window.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  return selection.toString();
}
"""


def page():
    call = ToolCallPart(id="1", name="write_clip", arguments=json.dumps({"clip": NOTATION, "note": PRICES}))
    words = f"{PRICES}\n\n`{PRICES}`\n\n```python\n{CODE}\n```"
    tree = (
        ConversationTree(title=PRICES)
        .add(UserMessage.of(PRICES))
        .add(AssistantMessage(parts=(TextPart(text=words), call)))
    )
    table = table_html(Table([Column(PRICES)], [[PRICES]], title=PRICES, notes=[PRICES]))
    record = record_html(
        clip=None, record_id="r", text=PRICES, status=PRICES, footer=PRICES, details=[("a", PRICES)]
    )
    return f"{transcript_html(tree)}{table}{record}"


def stored(*pages):
    """Give a notebook that somebody else made, whose outputs JupyterLab does not trust."""
    cells = [
        {
            "cell_type": "code",
            "id": f"c{number}",
            "execution_count": 1,
            "metadata": {},
            "source": "",
            "outputs": [{"output_type": "display_data", "metadata": {}, "data": {"text/html": page}}],
        }
        for number, page in enumerate(pages)
    ]
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return json.dumps({"cells": cells, "metadata": spec, "nbformat": 4, "nbformat_minor": 5})


def output(notebook, index):
    return notebook.page.locator(".jp-CodeCell").nth(index).locator(".jp-OutputArea-output").first


def reads_well(shown):
    """Everything is there as it was written, and code and pictures look as they should."""
    assert shown.locator("mjx-container, mjx-merror").count() == 0
    assert shown.text_content().count(PRICES) == 12
    paragraph = shown.locator("p", has_text=PRICES).nth(1)
    assert paragraph.evaluate(COPIED) == PRICES
    code = shown.locator("pre", has_text="x = '$1").first
    assert code.inner_text() == CODE
    assert code.evaluate("(pre) => pre.scrollWidth > pre.clientWidth && pre.clientWidth <= 576")
    assert code.evaluate("(pre) => getComputedStyle(pre).overflowX") == "auto"
    assert shown.locator("code").first.inner_text() == PRICES
    picture = shown.locator("img").first
    picture.wait_for(state="visible")
    assert picture.evaluate("(image) => image.naturalWidth") == 576
    assert not shown.locator("pre", has_text="clip $Acid$").is_visible()


@pytest.mark.parametrize("trusted", [True, False], ids=["just run", "not trusted"])
def test_a_transcript_reads_as_it_was_written(notebook, lab, trusted):
    _, root = lab
    (root / "shown.html").write_text(page())
    (root / "stored.ipynb").write_text(stored(page(), FORMULA))
    if trusted:
        notebook.open("run.ipynb", SHOWN, "from IPython.display import HTML\nHTML('<p>$a^2$</p>')")
        notebook.run(0)
        notebook.run(1)
    else:
        notebook.visit("stored.ipynb")
    notebook.page.wait_for_function(TYPESET)

    reads_well(output(notebook, 0))
    assert output(notebook, 1).locator("mjx-container").count() == 1


def test_a_clip_and_its_options_are_read_in_the_history(notebook):
    notebook.open("history.ipynb", LOAD, "%%conduit -n --bars 2\nacid bass for $5 or $6", "%conduit history")
    for cell in range(3):
        notebook.run(cell)

    shown = output(notebook, 2)
    shown.locator("img").wait_for(state="visible")
    assert "acid bass for $5 or $6" in shown.inner_text()
    assert shown.get_by_text("2 bars", exact=True).is_visible()
    assert "<brief>{" not in shown.text_content()
    assert not notebook.page.problems

"""How texts become part of a page: escaped, and never taken for mathematics."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.drawing.caption import printable
from conduit.drawing.page import escaped, fold, lines, one_line, paragraphs, verbatim
from conduit.drawing.prose import prose_html

# What MathJax begins a formula with, as JupyterLab 4.6 sets it up (FindTeX: delimiters, processEnvironments,
# processRefs, processEscapes). It looks at texts that an element does not part.
BEGINS = re.compile(r"\$|\\\(|\\\[|\\begin\s*\{|\\(?:eq)?ref\s*\{|\\[\\$]")
ELEMENT = re.compile(r"</?(?!br|wbr)[a-z][^>]*>")
SKIPPED = re.compile(r"<(pre|code)\b[^>]*>.*?</\1>", re.DOTALL)


def formulas(page):
    """Give the places where a formula would go from its beginning to anything at all."""
    texts = ELEMENT.split(SKIPPED.sub("<pre>", page))
    joined = [html.unescape(text.replace("<br>", "\n")) for text in texts]
    return [text for text in joined if (found := BEGINS.search(text)) and text != found.group()[0]]


@pytest.mark.parametrize(
    "text",
    [
        "$5 to $6",
        "$$x$$",
        r"\(x\)",
        r"\[x\]",
        r"\begin{x} y \end{x}",
        r"\ref{x}",
        r"C:\\a",
        r"\$5",
        "$a\n\nb$",
        '{"$defs": {}, "$ref": 1}',
    ],
)
def test_nothing_is_taken_for_mathematics(text):
    assert formulas(f"<p>{text}</p>")
    assert not formulas(f"<p>{lines(text)}</p>")
    assert not formulas(prose_html(text))


@given(st.text(st.sampled_from("$\\()[]{}`~ \nbegin")))
def test_no_words_are_taken_for_mathematics(text):
    assert not formulas(prose_html(text))


@given(st.text())
def test_an_escaped_text_is_seen_and_copied_as_it_was(text):
    assert html.unescape(re.sub(r"</?span>", "", escaped(text))) == printable(text)
    assert html.unescape(verbatim(text)) == printable(text)


def test_no_quote_ends_the_value_of_an_attribute():
    assert verbatim("\"'<$>") == "&quot;&#x27;&lt;$&gt;"


def test_lines_and_paragraphs_are_kept():
    assert lines("a\nb") == "a<br>b"
    assert paragraphs("a\r\n\r\nb\nc\n\n\n") == ["a", "b\nc"]
    assert one_line("a\n  b\x1b") == "a b\ufffd"


def test_what_is_folded_can_stand_open():
    assert fold("<a>", "b").startswith("<details style=")
    assert "&lt;a&gt;</summary>b</details>" in fold("<a>", "b")
    assert " open>" in fold("a", "b", is_open=True)

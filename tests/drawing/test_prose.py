"""A model's words as HTML: paragraphs, fences and inline code, and nothing else."""

from __future__ import annotations

import re
import time

import pytest

from conduit.drawing.prose import prose_html


def drawn(text):
    """Give the HTML without its styles."""
    return re.sub(r' style="[^"]*"', "", prose_html(text))


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("a\nb\n\nc", "<p>a<br>b</p><p>c</p>"),
        ("a\n```python\nx < 1\n\n y\n```\nb", "<p>a</p><pre>x &lt; 1\n\n y</pre><p>b</p>"),
        ("```\nopen <b>", "<pre>open &lt;b&gt;</pre>"),
        ("````\n```\n````", "<pre>```</pre>"),
        ("~~~js\na\n~~~", "<pre>a</pre>"),
        ("- a\n  ```\n  x\n    y\n  ```", "<p>- a</p><pre>x\n  y</pre>"),
        ("so `x<1` is", "<p>so <code>x&lt;1</code> is</p>"),
        ("`` a`b `` c", "<p><code>a`b</code> c</p>"),
        ("`a``b`", "<p><code>a``b</code></p>"),
        ("`a `` b", "<p>`a `` b</p>"),
        ("`a\n\nb`", "<p>`a</p><p>b`</p>"),
        ("`a\nb` ` `", "<p><code>a b</code> <code> </code></p>"),
        ("**a** <i>", "<p>**a** &lt;i&gt;</p>"),
        (" \n\n", ""),
        ("", ""),
    ],
    ids=[
        "paragraphs",
        "a fence",
        "an open fence",
        "a fence in a fence",
        "tildes",
        "a fence in a list",
        "inline code",
        "backticks in code",
        "other backticks in code",
        "backticks that do not fit",
        "code does not go over a paragraph",
        "code goes over a line",
        "no other markup",
        "white space",
        "nothing",
    ],
)
def test_words_are_drawn(text, stands):
    assert drawn(text) == stands


def test_code_keeps_its_lines_and_scrolls_sideways():
    style = re.search(r'<pre style="([^"]*)"', prose_html("```\nx\n```"))[1]

    assert "white-space:pre;" in style
    assert "overflow-x:auto" in style


def test_backticks_without_end_take_no_time():
    text = "".join("`" * (n % 300 + 1) + "a" for n in range(3_000))

    began = time.perf_counter()
    prose_html(text)

    assert time.perf_counter() - began < 2

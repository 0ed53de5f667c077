"""What of a view stands in the page before it and after it: the static record, the greeting."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def test_the_static_record_is_hidden_while_the_widget_lives(bare, ready):
    bare.open(ready)
    bare.frame()
    hidden = bare.page.get_by_text("record", exact=True).is_visible()

    bare.page.evaluate("() => window.unmount()")

    assert hidden is False
    assert bare.page.get_by_text("record", exact=True).is_visible()


def test_a_static_record_that_comes_later_is_hidden_too(bare, ready):
    bare.open(ready)

    bare.page.evaluate(
        """() => {
          document.querySelector("[data-conduit]").closest(".jp-OutputArea-child").remove();
          const child = document.createElement("div");
          child.className = "jp-OutputArea-child";
          child.innerHTML = '<p data-conduit="r1">late record</p>';
          document.querySelector(".jp-OutputArea").append(child);
        }"""
    )
    bare.frame()

    assert not bare.page.get_by_text("late record").is_visible()


def test_hello_is_repeated_until_it_is_routed(bare, ready):
    bare.open(ready)
    bare.until("() => window.sent.filter((m) => m.type === 'hello').length >= 2")

    bare.page.evaluate("() => window.say({ type: 'routed' })")
    count = len(bare.sent(but=""))
    bare.page.evaluate("() => new Promise((done) => setTimeout(done, 600))")

    assert len(bare.sent(but="")) == count

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

GONE = "The kernel that made this is gone. Run the cell again to push."
WAITING = "Waiting for the kernel."


def frozen(bare, view, **options):
    """Open a view in a page whose clock is moved by the test."""
    bare.page.clock.install()
    bare.open(view, **options)
    bare.page.evaluate("() => window.say({ type: 'routed', beside: true })")
    return bare


def pass_s(bare, seconds: float) -> None:
    bare.page.clock.run_for(int(seconds * 1000))
    bare.frame()


def note(bare) -> str:
    return bare.page.locator(".cd-note").inner_text()


@pytest.mark.parametrize("width", [400, 800])
def test_a_push_that_nobody_answers_says_that_the_kernel_is_gone(bare, ready, width):
    frozen(bare, ready, width=width)

    bare.action("push").click()
    pass_s(bare, 3.5)
    early = note(bare)
    pass_s(bare, 3)

    assert (early, note(bare)) == ("", GONE)
    assert not bare.action("push").is_enabled()
    assert not bare.page.get_by_label("Track").is_enabled()
    assert not bare.action("sound-gm").is_enabled()
    assert bare.action("sound-synth").is_enabled()
    assert bare.action("play").is_enabled()


def test_sounds_that_nobody_sends_leave_the_synthesizer_to_play(bare, ready):
    bare.open(ready)
    asked = bare.sent(but=("hello", "code"))

    bare.action("play").click()
    bare.until("() => window.__conduit_sound.level() > 0.02")

    assert asked == [{"type": "sounds", "names": ["38"]}]
    assert note(bare) == ""


def test_a_decision_that_nobody_hears_can_not_be_made_again(bare, ready):
    ready.show_plan("p1", sentence="Write", tier="ConfigChange", seconds_left=200)
    frozen(bare, ready)

    bare.action("approve").click()
    pass_s(bare, 6.5)

    assert bare.page.locator(".conduit-plan").get_attribute("data-status") == "pending"
    assert not bare.action("approve").is_enabled()
    assert not bare.action("reject").is_enabled()


def test_a_kernel_where_messages_wait_is_waited_for_and_heard_again(bare, ready):
    frozen(bare, ready)
    bare.page.evaluate("() => window.say({ type: 'routed', beside: false })")

    bare.action("push").click()
    pass_s(bare, 30)
    told, enabled = note(bare), bare.action("push").is_enabled()
    ready.show_state(footer="offline · 0.3 s")
    bare.show(ready)

    assert (told, enabled) == (WAITING, False)
    assert note(bare) == ""
    assert bare.action("push").is_enabled()


def test_a_kernel_that_answers_hello_is_not_gone(bare, ready):
    frozen(bare, ready)
    bare.page.evaluate(
        """() => {
          const send = window.model.send;
          window.model.send = (content) => {
            send(content);
            if (content.type === "hello") window.say({ type: "routed", beside: true });
          };
        }"""
    )

    bare.action("push").click()
    pass_s(bare, 30)

    assert note(bare) == ""
    assert bare.action("push").is_enabled()


def test_a_view_that_the_host_marks_as_disconnected_says_so_without_a_click(bare, ready):
    bare.open(ready)

    bare.page.evaluate(
        """() => {
          document.getElementById("here").classList.add("jupyter-widgets-disconnected");
          window.live();
        }"""
    )
    bare.frame()

    assert note(bare) == GONE
    assert not bare.action("push").is_enabled()


def test_stop_is_not_offered_when_nobody_writes_any_more(bare, ready):
    ready.show_state(phase="streaming")
    frozen(bare, ready)

    bare.action("stop").click()
    pass_s(bare, 6.5)

    assert note(bare) == GONE
    assert not bare.action("stop").is_visible()
    assert not bare.page.locator(".cd-writer").is_visible()

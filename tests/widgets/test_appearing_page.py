"""How a view comes onto a page where others are: with what they have brought already, and drawn at once."""

from __future__ import annotations

import pytest
from widgets.conftest import BareWidget

from conduit.widgets.session_view import SessionView

pytestmark = pytest.mark.browser

# Mounts another view of the model in the page or in a shadow tree; says what stands there before it is painted.
SECOND = """
async (place) => {
  const { default: widget } = await import('/widget.js');
  const host = document.body.appendChild(document.createElement('div'));
  const root = place === "shadow" ? host.attachShadow({ mode: 'open' }) : host;
  const el = root.appendChild(document.createElement('div'));
  const seen = new Promise((told) => new MutationObserver(() => {
    const view = el.querySelector('.conduit-clip-view'), grid = view.querySelector('canvas.conduit-grid');
    const { data } = grid.getContext('2d').getImageData(0, 0, grid.width, grid.height);
    const background = getComputedStyle(view).backgroundColor;
    told({ drawn: data.some((value) => value), width: grid.width, background });
  }).observe(el, { childList: true }));
  window.unmountSecond = widget.render({ model: window.model, el });
  return seen;
}
"""
# The first pixel of the view that came last.
CORNER = """
() => {
  const grid = [...document.querySelectorAll('canvas.conduit-grid')].at(-1);
  return [...grid.getContext('2d').getImageData(0, 0, 1, 1).data.slice(0, 3)];
}
"""
DARK = 90
HEIGHT = "() => document.querySelector('.conduit-clip-view').offsetHeight"
LOOKS = "() => document.querySelectorAll('style#conduit-look').length"


def test_the_views_of_a_page_share_one_style(bare, ready):
    bare.open(ready)

    bare.page.evaluate(SECOND, "page")

    assert bare.page.evaluate(LOOKS) == 1


def test_a_second_view_is_drawn_when_it_comes_into_the_page(bare, ready):
    bare.open(ready)

    seen = bare.page.evaluate(SECOND, "page")

    assert seen["drawn"]
    assert seen["width"] > 700


def test_a_view_in_a_tree_of_its_own_has_its_look(bare, ready):
    bare.open(ready)

    seen = bare.page.evaluate(SECOND, "shadow")

    assert seen["background"] == "rgb(255, 255, 255)"


def test_a_view_that_comes_after_a_change_of_theme_has_the_theme(bare, ready):
    bare.open(ready)
    bare.page.evaluate("() => window.unmount()")
    bare.page.evaluate("() => document.body.style.setProperty('--jp-layout-color0', '#102030')")
    bare.page.evaluate(SECOND, "page")

    bare.frame()

    assert max(bare.page.evaluate(CORNER)) < DARK


def test_a_view_that_comes_in_the_moment_of_a_change_of_theme_has_the_theme(bare, ready):
    bare.open(ready)

    bare.page.evaluate(
        f"""async () => {{
          document.body.style.setProperty('--jp-layout-color0', '#102030');
          document.body.dataset.jpThemeLight = 'false';
          await null;
          await ({SECOND})('page');
        }}"""
    )
    bare.frame()

    assert max(bare.page.evaluate(CORNER)) < DARK


def test_a_view_out_of_sight_costs_no_layers_and_keeps_its_place(bare, ready):
    bare.open(ready)
    bare.until("() => document.querySelector('[data-shown]')")
    bare.frame()
    before = bare.page.evaluate(HEIGHT)

    bare.page.evaluate("() => { document.body.style.paddingBottom = '4000px'; scrollTo(0, 3000); }")
    bare.frame()
    hidden = bare.page.evaluate(
        "() => !document.querySelector('canvas.conduit-grid').checkVisibility({ contentVisibilityAuto: true })"
    )

    assert hidden
    assert bare.page.evaluate(HEIGHT) == before


def test_a_view_that_comes_out_of_sight_takes_about_the_place_that_it_will_need(bare, ready):
    bare.open(ready)
    bare.page.evaluate(
        "() => { document.body.appendChild(document.createElement('p')).style.height = '5000px'; }"
    )

    bare.page.evaluate(SECOND, "page")
    bare.until("() => document.querySelectorAll('[data-shown]').length === 2")
    bare.frame()

    assert (
        bare.page.evaluate("() => [...document.querySelectorAll('[data-shown]')].at(-1).offsetHeight") >= 400
    )


def test_the_session_grids_of_a_page_share_one_style(chromium):
    page = chromium.new_page()
    BareWidget(page, name="session_view").open(SessionView())

    page.evaluate(
        """async () => {
          const { default: widget } = await import('/widget.js');
          widget.render({ model: window.model, el: document.body.appendChild(document.createElement('div')) });
        }"""
    )
    looks = page.evaluate("() => document.querySelectorAll('style#conduit-session-look').length")
    background = page.evaluate(
        "() => getComputedStyle(document.querySelector('.conduit-session')).backgroundColor"
    )
    page.close()

    assert (looks, background) == (1, "rgb(255, 255, 255)")


def test_what_is_in_sight_can_be_read_at_every_moment_of_settling(bare, ready):
    look = """
    () => new Promise((done) => {
      const began = performance.now();
      let unread = 0;
      const look = () => {
        unread += document.querySelector('[data-action="push"]').innerText === "";
        if (performance.now() - began > 200) done(unread);
        else setTimeout(look);
      };
      look();
    })
    """
    bare.open(ready)

    assert bare.page.evaluate(look) == 0

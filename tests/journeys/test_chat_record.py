"""What stays of live views in a saved notebook, and panels that stand beside it: in a real JupyterLab."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(240)]

LOAD = "%load_ext conduit"
CELLS = (
    LOAD,
    "%%conduit -n --bars 2\nacid bass",
    "%conduit panel",
    "%conduit live",
    "%%conduit -n --bars 1 --variations 2\nhouse drums",
)
VIEWS = {1: ".conduit-clip-view", 2: ".conduit-chat", 3: ".conduit-session", 4: ".conduit-clip-view"}
WITHOUT_MODEL = ("model not found", "Loading widget", "Error displaying")
KEPT = """
async () => {
  const { context, sessionContext } = window.jupyterapp.shell.currentWidget;
  await context.save();
  await sessionContext.shutdown();
}
"""
BEGUN = """
() => [...document.querySelectorAll(".jp-OutputArea-output.lm-Panel")]
  .filter((one) => !one.firstElementChild && /model not found/.test(one.textContent)).length
"""
RECORD = "[data-conduit]"


def cell(notebook, index):
    return notebook.page.locator(".jp-CodeCell").nth(index)


def live(notebook, index):
    return cell(notebook, index).locator(VIEWS[index]).first


def record(notebook, index):
    return cell(notebook, index).locator(RECORD).first


def run_all(notebook):
    for index in range(len(CELLS)):
        notebook.run(index)
    for index in VIEWS:
        live(notebook, index).wait_for(state="visible")


def reopen(notebook, name, *, kernel=True):
    """Save the notebook, end its kernel, and open it in a page that knows nothing of it."""
    notebook.page.evaluate(KEPT)
    fresh = notebook.page.context.new_page()
    notebook.page.close()
    notebook.page = fresh
    if kernel:
        notebook.visit(name)
        fresh.wait_for_function(f"() => ({BEGUN})() === {len(VIEWS)}", timeout=30_000)
    else:
        fresh.route("**/api/sessions*", _no_session)
        fresh.goto(f"{notebook._address}/{notebook._path}/{name}?token=journey&reset")
        fresh.locator(".jp-OutputArea-output.lm-Panel").nth(len(VIEWS) - 1).wait_for(state="attached")


def _no_session(route):
    if route.request.method == "POST":
        route.fulfill(status=500, body='{"message": "no kernel"}')
    else:
        route.continue_()


def only_records(notebook):
    """Every record is to be seen, and not a word about a view that is not there."""
    for index in VIEWS:
        record(notebook, index).wait_for(state="visible")
        assert not any(words in cell(notebook, index).inner_text() for words in WITHOUT_MODEL)


def test_a_notebook_that_is_opened_again_shows_records_and_no_dead_view(notebook):
    notebook.open("again.ipynb", *CELLS)
    run_all(notebook)

    reopen(notebook, "again.ipynb")
    only_records(notebook)

    run_all(notebook)
    for index in VIEWS:
        assert not record(notebook, index).is_visible()
    assert live(notebook, 1).bounding_box()["height"] > 100
    assert live(notebook, 2).bounding_box()["height"] > 300


def test_a_notebook_without_a_kernel_shows_records_and_no_dead_view(notebook):
    notebook.open("without.ipynb", *CELLS)
    run_all(notebook)

    reopen(notebook, "without.ipynb", kernel=False)

    only_records(notebook)


def test_in_notebook_7_there_is_no_dead_view_either(notebook_7):
    notebook_7.open("seven.ipynb", *CELLS)
    run_all(notebook_7)

    reopen(notebook_7, "seven.ipynb")

    only_records(notebook_7)


def test_of_the_same_view_twice_both_are_live_and_both_leave_their_record(notebook):
    notebook.open("twice.ipynb", LOAD, "%conduit panel", "%conduit panel\n%conduit panel")
    for index in range(3):
        notebook.run(index)

    notebook.page.locator(".conduit-chat").nth(2).wait_for(state="visible")

    assert notebook.page.locator(".conduit-chat:visible").count() == 3
    assert notebook.page.locator(f"{RECORD}:visible").count() == 0


def test_a_widget_of_somebody_else_under_a_record_is_left_alone(notebook):
    other = "import ipywidgets\nfrom IPython.display import display\ndisplay(ipywidgets.IntSlider())"
    notebook.open("other.ipynb", LOAD, f"%conduit panel\n{other}")
    notebook.run(0)
    notebook.run(1)

    notebook.page.locator(".conduit-chat").wait_for(state="visible")

    assert notebook.page.locator(".widget-slider").is_visible()


def test_a_view_of_its_own_shows_the_panel_too(notebook):
    notebook.open("view.ipynb", LOAD, "%conduit panel")
    notebook.run(0)
    notebook.run(1)
    notebook.page.locator(".conduit-chat").wait_for(state="visible")

    notebook.page.evaluate(
        """async () => {
          window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1;
          await window.jupyterapp.commands.execute('notebook:create-output-view');
        }"""
    )
    second = notebook.page.locator(".jp-LinkedOutputView .conduit-chat")
    second.wait_for(state="visible")
    second.get_by_role("textbox").first.fill("two bars of acid bass")
    second.get_by_role("textbox").first.press("Enter")

    for panel in (second, notebook.page.locator(".jp-Notebook .conduit-chat")):
        panel.locator(".conduit-clip-view").first.wait_for(state="attached")
    assert not notebook.page.locator(f".jp-LinkedOutputView {RECORD}").is_visible()
    place = notebook.page.locator(".jp-LinkedOutputView").bounding_box()
    assert second.bounding_box()["height"] > place["height"] - 40


def test_a_panel_beside_the_notebook_leaves_its_record_in_the_cell(notebook):
    notebook.open("side.ipynb", LOAD, "%conduit panel --side")
    notebook.run(0)
    notebook.run(1)
    panel = notebook.page.locator(".jupyterlab-sidecar .conduit-chat")
    panel.wait_for(state="visible")

    # It fills its place, and the cell has its record and no second panel.
    place = notebook.page.locator(".jupyterlab-sidecar").bounding_box()
    assert panel.bounding_box()["height"] > place["height"] - 40
    assert cell(notebook, 1).locator(".conduit-chat").count() == 0
    assert record(notebook, 1).is_visible()

    # What is said there comes to the record.
    panel.get_by_role("textbox").first.fill("two bars of acid bass")
    panel.get_by_role("textbox").first.press("Enter")
    panel.locator(".conduit-clip-view").first.wait_for(state="visible")
    record(notebook, 1).locator("img").wait_for(state="attached", timeout=15_000)

    # It comes back with the page.
    notebook.command("docmanager:save")
    notebook.page.reload()
    panel.locator(".conduit-clip-view").first.wait_for(state="visible", timeout=60_000)

    # It can be closed, and opened again by its cell.
    tab = notebook.page.locator(".lm-TabBar-tab", has_text="Conduit").locator(".lm-TabBar-tabCloseIcon")
    tab.click()
    panel.wait_for(state="detached")
    notebook.run(1)
    panel.locator(".conduit-clip-view").first.wait_for(state="visible")

    # There is one, however often it is opened, and also after the page is loaded again.
    notebook.run(1)
    notebook.command("docmanager:save")
    notebook.page.reload()
    panel.locator(".conduit-clip-view").first.wait_for(state="visible", timeout=60_000)
    assert panel.count() == 1
    assert not notebook.page.problems

"""What is seen of a batch while it runs."""

import io
import subprocess
import sys
import time
from decimal import Decimal

import pytest

from conduit.channel.progress import Progress, Tally


def drawn(tally, **options):
    """Give the lines that were drawn, one over the other."""
    file = io.StringIO()
    with Progress(tally, file=file, **options) as bar:
        tally.note(kept=False, failed=True, cost_usd=Decimal("0.25"))
        bar.draw()
    return file.getvalue().strip("\n").split("\r")


def test_a_bar_says_how_many_are_over_how_many_failed_and_what_it_costs():
    last = drawn(Tally(total=4), name="keys")[-1]

    assert last.startswith("keys:  25%")
    assert "1/4" in last
    assert "1 failed, $0.2500" in last


def test_where_the_number_of_items_is_not_known_those_that_are_over_are_counted():
    assert "1item" in drawn(Tally())[-1]


def test_the_last_state_stays():
    tally = Tally(total=2)
    file = io.StringIO()
    with Progress(tally, file=file):
        for _ in range(2):
            tally.note(kept=True, failed=False, cost_usd=None)

    assert "2/2" in file.getvalue().split("\r")[-1]
    assert "2 kept" in file.getvalue()


def test_a_bar_that_is_not_wanted_is_not_drawn():
    assert drawn(Tally(total=4), shown=False) == [""]


def test_however_often_it_is_drawn_it_is_seen_a_few_times_a_second():
    file = io.StringIO()
    began = time.monotonic()
    with Progress(Tally(total=4), file=file) as bar:
        for _ in range(1_000):
            bar.draw()
    took_s = time.monotonic() - began

    assert file.getvalue().count("\r") <= 4 + took_s * 10


def test_costs_of_what_was_kept_are_not_counted_again():
    tally = Tally()

    tally.note(kept=True, failed=False, cost_usd=Decimal(3))

    assert tally.cost_usd == 0


RUN = """
from conduit.channel import Batch, LocalHome, Model
from conduit.clients import ScriptedClient
with LocalHome() as home:
    Batch(Model(client=ScriptedClient(["a"]), home=home), home=home).run(["x"])
"""


def test_nothing_is_drawn_where_it_cannot_be_seen_to_move():
    done = subprocess.run([sys.executable, "-c", RUN], capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("", "")


NOTEBOOK = (
    """
import sys, types, io
class OutStream(io.StringIO): pass
OutStream.__module__ = "ipykernel.iostream"
sys.stdout = OutStream()
"""
    + RUN
    + """
sys.__stdout__.write(sys.stdout.getvalue())
"""
)


@pytest.mark.slow
def test_in_a_notebook_the_bar_is_in_the_output_of_the_cell_not_among_the_errors():
    done = subprocess.run([sys.executable, "-c", NOTEBOOK], capture_output=True, text=True, check=True)

    assert "1/1" in done.stdout
    assert done.stderr == ""

import os
import socket

import pytest
from suites.known import KNOWN
from suites.peers import SUITES, free_ports, outcomes, simulated


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_the_tests_of_another_library_pass_but_for_those_that_are_listed_with_a_reason(suite, tmp_path):
    assert suite.folder.exists(), f"{suite.pin} is not installed: make .peers/done"

    found = outcomes(suite, tmp_path)

    others = {name: outcome for name, outcome in found.items() if outcome != "passed"}
    assert others == {name: outcome for name, (outcome, _) in KNOWN[suite.name].items()}
    assert len(found) == suite.n_tests


def test_every_listed_failure_has_a_reason_of_its_own_library():
    assert KNOWN.keys() == {suite.name for suite in SUITES}
    for listed in KNOWN.values():
        assert all(reason for _, reason in listed.values())


def test_a_port_that_is_taken_is_named_with_who_holds_it(tmp_path):
    ports = free_ports()
    with socket.socket(type=socket.SOCK_DGRAM) as holder:
        holder.bind(("127.0.0.1", ports[1]))

        with (
            pytest.raises(RuntimeError, match=f"UDP port {ports[1]} is taken by .*pid {os.getpid()}"),
            simulated(temporary=tmp_path, ports=ports),
        ):
            pass

import subprocess
import sys

import pytest

import conduit.tools
from conduit.engine.risk import GATES, Gate, Tier
from conduit.errors import SetupError
from conduit.store import Store
from conduit.tools import Skills, Sources, chosen, offered

EVERY = {
    "variables": ["list_variables", "inspect_variable"],
    "files": ["list_files", "read_file", "search_files"],
    "search": ["search_conversations", "list_kept_clips", "read_kept_clip"],
    "memory": ["list_memories", "remember", "forget"],
    "skills": ["list_skills", "load_skill", "read_skill_resource"],
}


def test_every_tool_is_visible_with_what_it_does_though_nothing_was_given():
    offers = offered()

    assert {name: offer.group for name, offer in offers.items()} == {
        name: group for group, names in EVERY.items() for name in names
    }
    assert all(offer.does.endswith(".") and "\n" not in offer.does for offer in offers.values())


def test_only_what_changes_the_memory_is_more_than_read_only_and_nothing_needs_a_plan():
    stateful = {name for name, offer in offered().items() if offer.tier is Tier.STATEFUL}

    assert stateful == {"remember", "forget"}
    assert {GATES[offer.tier] for offer in offered().values()} == {Gate.ALLOW}


def test_nothing_is_chosen_until_it_is_named():
    assert chosen([]) == []


def test_tools_are_chosen_by_name_and_by_group_each_once(tmp_path):
    sources = Sources(variables=dict, folder=tmp_path, store=lambda: Store("memory"), skills=Skills())

    assert [tool.name for tool in chosen(["read_file", "files"], sources)] == EVERY["files"]
    assert [tool.name for tool in chosen("remember", sources)] == ["remember"]
    assert len(chosen(EVERY, sources)) == 14


@pytest.mark.parametrize(
    ("name", "said"),
    [("read_fiel", "did you mean read_file"), ("webcam", "there are: files"), ("", "there are: files")],
)
def test_an_unknown_name_is_an_error_that_says_what_there_is(name, said):
    with pytest.raises(SetupError, match=said) as caught:
        chosen([name])

    assert "read_file" in caught.value.valid


@pytest.mark.parametrize(
    ("name", "needs"),
    [("files", "a folder"), ("read_file", "a folder"), ("memory", "a store"), ("search", "a store")],
)
def test_a_tool_whose_source_is_not_given_cannot_be_chosen(name, needs):
    with pytest.raises(SetupError, match=f"needs {needs}"):
        chosen([name], Sources(folder=""))


def test_the_catalogue_opens_neither_the_store_nor_the_folder(tmp_path):
    def alarm():
        raise AssertionError

    sources = Sources(variables=alarm, folder=tmp_path / "later", store=alarm)

    assert len(offered(sources)) == len(chosen(EVERY, sources)) == 14


def test_every_parameter_of_every_tool_is_described_for_the_model():
    for tool in chosen(EVERY, Sources(variables=dict, folder=".", store=lambda: Store("memory"))):
        for name, facts in tool.spec.parameters.get("properties", {}).items():
            assert facts.get("description"), f"{tool.name}: {name}"


def test_the_package_lists_its_public_names():
    assert sorted(conduit.tools.__all__) == conduit.tools.__all__
    assert all(hasattr(conduit.tools, name) for name in conduit.tools.__all__)


def test_choosing_loads_no_heavy_library():
    heavy = ["sqlalchemy", "pandas", "yaml", "IPython", "jinja2"]
    code = f"import sys, conduit.tools as t; t.offered(); print([m for m in {heavy} if m in sys.modules])"

    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )

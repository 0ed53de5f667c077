import copy
import pickle
from decimal import Decimal

import pytest

from conduit.errors import ConversationError, SetupError
from conduit.messages import (
    AssistantMessage,
    Conversation,
    ConversationTree,
    Facts,
    ResponseMetadata,
    SystemMessage,
    TextPart,
    ToolCallPart,
    ToolMessage,
    ToolResultPart,
    Usage,
    UserMessage,
)

SYSTEM = SystemMessage(content="you compose")


def asks(text):
    return UserMessage.of(text)


def says(text):
    return AssistantMessage(parts=(TextPart(text=text),))


def tree_of(*messages, **facts):
    return ConversationTree(branches={"main": Conversation().extended(messages)}, **facts)


TWO = tree_of(SYSTEM, asks("bass"), says("a"), asks("darker"), says("b"))


def texts(tree):
    return [getattr(message, "text", "system") for message in tree.conversation.messages]


def paid(usd, **facts):
    usage = Usage(input_tokens=10, output_tokens=1)
    return ResponseMetadata(provider="p", model="m", usage=usage, cost_usd=Decimal(usd), **facts)


# ---- branches


def test_a_tree_begins_with_one_empty_branch():
    assert dict(ConversationTree().branches) == {"main": Conversation()}


def test_a_tree_has_a_branch_that_is_current():
    with pytest.raises(ConversationError, match="at least one branch"):
        ConversationTree(branches={})
    with pytest.raises(SetupError, match="no branch 'other'; there are main"):
        ConversationTree(current="other")


def test_adding_moves_the_current_branch_alone():
    tree = TWO.branch("idea").add(asks("more swing"))

    assert tree.branches["main"] == TWO.conversation
    assert texts(tree)[-1] == "more swing"


@pytest.mark.parametrize(("turn", "kept"), [(0, 1), (1, 3), (2, 5), (None, 5)])
def test_a_branch_goes_on_after_the_turn_that_is_named(turn, kept):
    tree = TWO.branch("idea", turn=turn)

    assert tree.current == "idea"
    assert tree.conversation == TWO.conversation.at(kept)


def test_a_branch_before_the_first_turn_of_a_talk_without_a_system_message_is_empty():
    assert tree_of(asks("bass")).branch(turn=0).conversation == Conversation()


def test_branches_without_a_name_are_numbered():
    tree = TWO.branch().branch().branch("idea").branch()

    assert list(tree.branches) == ["main", "main-2", "main-3", "idea", "idea-2"]


@pytest.mark.parametrize("name", [" main", "a\nb", "\x1b[31m", " "], ids=repr)
def test_a_branch_has_a_name_of_one_printable_line(name):
    with pytest.raises(SetupError, match="cannot name a branch"):
        TWO.branch(name)


def test_a_name_that_is_taken_is_refused():
    with pytest.raises(SetupError, match="branch 'main' already"):
        TWO.branch("main")
    with pytest.raises(SetupError, match="branch 'main' already"):
        TWO.branch("idea").rename("idea", "main")


@pytest.mark.parametrize(
    "use",
    [
        lambda tree: tree.switch("nosuch"),
        lambda tree: tree.prune("nosuch"),
        lambda tree: tree.rename("nosuch", "x"),
        lambda tree: tree.compare("main", "nosuch"),
        lambda tree: tree.to_markdown("nosuch"),
    ],
    ids=["switch", "prune", "rename", "compare", "to_markdown"],
)
def test_an_unknown_branch_is_answered_with_those_there_are(use):
    with pytest.raises(SetupError, match="there are main, idea") as caught:
        use(TWO.branch("idea"))

    assert caught.value.valid == ["main", "idea"]


@pytest.mark.parametrize("turn", [-1, 0, 3])
def test_an_unknown_turn_is_answered_with_those_there_are(turn):
    with pytest.raises(ConversationError, match="turns 1 to 2"):
        TWO.regenerate(turn)


def test_where_nothing_was_asked_no_turn_can_be_made_again():
    with pytest.raises(ConversationError, match="no turns yet"):
        ConversationTree().regenerate()


def test_regenerating_keeps_the_answer_and_asks_again():
    tree = TWO.regenerate(1).add(says("c"))

    assert texts(tree) == ["system", "bass", "c"]
    assert texts(tree.switch("main")) == ["system", "bass", "a", "darker", "b"]


def test_a_question_without_an_answer_needs_no_new_branch():
    tree = tree_of(asks("bass"))

    assert tree.regenerate() is tree


def test_editing_asks_something_else_and_keeps_what_was_asked():
    tree = TWO.edit(2, "brighter")

    assert texts(tree) == ["system", "bass", "a", "brighter"]
    assert texts(tree.switch("main"))[3] == "darker"


def test_editing_keeps_what_opened_the_turn_before_its_question():
    tree = tree_of(asks("plan P was applied"), asks("bass"), says("a")).edit(1, asks("pad"))

    assert texts(tree) == ["plan P was applied", "pad"]


def test_renaming_keeps_the_order_and_what_is_current():
    tree = TWO.branch("idea").switch("main").rename("main", "first")

    assert list(tree.branches) == ["first", "idea"]
    assert tree.current == "first"
    assert tree.rename("idea", "idea") == tree


def test_pruning_the_current_branch_goes_to_the_one_that_shares_most_with_it():
    tree = TWO.branch("far", turn=0).switch("main").branch("near", turn=1).add(asks("x")).prune("near")

    assert tree.current == "main"
    assert list(tree.branches) == ["main", "far"]


def test_pruning_another_branch_leaves_the_current_one():
    assert TWO.branch("idea").prune("main").current == "idea"


def test_the_last_branch_cannot_be_pruned():
    with pytest.raises(ConversationError, match="only branch"):
        TWO.prune("main")


def test_comparing_says_where_two_branches_part():
    tree = TWO.edit(2, "brighter").add(says("c"))

    found = tree.compare("main", "main-2")

    assert found.common == TWO.conversation.at(3)
    assert found.one == (asks("darker"), says("b"))
    assert found.other == (asks("brighter"), says("c"))


def test_takes_are_the_branches_that_differ_in_a_turn():
    tree = TWO.regenerate(2).add(says("c")).edit(2, "brighter").edit(1, "pad").switch("main-2")

    assert tree.takes(1) == ("main-2", "main-4")
    assert tree.takes(2) == ("main", "main-2", "main-3")


def test_branches_that_agree_on_a_turn_are_one_take():
    tree = TWO.branch("idea").add(asks("more")).switch("main")

    assert tree.takes(2) == ("main",)
    assert tree.switch("idea").takes(2) == ("idea",)
    assert tree.switch("idea").takes(3) == ("idea",)


# ---- answers that come


def test_an_answer_moves_its_branch_again_and_again():
    asked = TWO.add(asks("more"))
    once = asked.conversation.add(AssistantMessage(parts=(ToolCallPart(id="c", name="t"),)))
    twice = once.add(ToolMessage(result=ToolResultPart(call_id="c", name="t", text="ok")))

    tree = TWO.advanced(TWO.conversation, once).advanced(TWO.conversation, twice)

    assert dict(tree.branches) == {"main": twice}
    assert tree.advanced(TWO.conversation, once) is tree
    assert tree.advanced(TWO.conversation, twice) == tree


def test_two_answers_at_once_lose_nothing():
    began = TWO.conversation
    one = began.extended([asks("one"), says("1")])
    other, more = began.extended([asks("other")]), began.extended([asks("other"), says("2")])

    tree = TWO.advanced(began, one).advanced(began, other).advanced(began, one.add(asks("1a")), branch="main")
    tree = tree.advanced(began, more, branch="main")

    assert dict(tree.branches) == {"main": one.add(asks("1a")), "main-2": more}
    assert tree.current == "main-2"


def test_an_answer_to_a_branch_that_was_left_does_not_take_one_back_to_it():
    began = TWO.conversation
    away = TWO.branch("idea", turn=1)

    moved = away.advanced(began, began.add(asks("one")), branch="main")
    forked = moved.advanced(began, began.add(asks("other")), branch="main")

    assert list(forked.branches) == ["main", "idea", "main-2"]
    assert (moved.current, forked.current) == ("idea", "idea")


def test_an_answer_to_a_branch_that_was_pruned_brings_it_back():
    tree = TWO.branch("idea", turn=1)
    began = tree.conversation

    tree = tree.prune("idea").advanced(began, began.add(asks("late")), branch="idea")

    assert texts(tree.switch("idea"))[-1] == "late"
    assert tree.current == "main"


def test_a_branch_at_the_point_where_a_turn_began_is_not_moved_by_it():
    began = TWO.conversation
    tree = TWO.branch("idea").switch("main").add(asks("meanwhile"))

    tree = tree.advanced(began, began.add(asks("late")))

    assert tree.branches["idea"] == began
    assert list(tree.branches) == ["main", "idea", "main-2"]


def test_an_outcome_goes_on_from_where_its_turn_began():
    with pytest.raises(ConversationError, match="has to go on"):
        TWO.advanced(TWO.conversation, Conversation().add(asks("elsewhere")))


# ---- facts


def test_usage_and_cost_are_summed_and_pruned_answers_were_paid_too():
    tree = TWO.noted(TWO.conversation.id, paid("0.01")).regenerate().add(says("c"))
    tree = tree.noted(tree.conversation.id, paid("0.02")).prune("main")

    assert tree.cost_usd == Decimal("0.03")
    assert tree.usage == Usage(input_tokens=20, output_tokens=2)


def test_where_nothing_is_known_no_sum_is_said():
    unknown = ResponseMetadata(provider="p", model="m")

    assert (TWO.usage, TWO.cost_usd) == (None, None)
    assert (TWO.noted("b2:1", unknown).usage, TWO.noted("b2:1", unknown).cost_usd) == (None, None)


def test_a_fact_told_twice_counts_once():
    assert TWO.noted("b2:1", paid("0.01")).noted("b2:1", paid("0.01")).cost_usd == Decimal("0.01")


def test_an_answer_kept_from_before_costs_nothing_and_takes_no_cost_back():
    tree = TWO.noted("b2:1", paid("0.01", cached=True))

    assert (tree.cost_usd, tree.usage) == (None, None)
    assert TWO.noted("b2:1", paid("0.01")).noted("b2:1", paid("0.01", cached=True)).cost_usd == Decimal(
        "0.01"
    )


@pytest.mark.parametrize("count", [0, 1, 2, 7, 100])
def test_facts_are_a_mapping_in_the_order_they_were_noted(count):
    facts, grown = Facts(), {}
    for number in range(count):
        before = dict(facts)
        facts_before, facts = facts, facts.with_(f"n{number}", paid(number))
        grown[f"n{number}"] = paid(number)
        assert dict(facts_before) == before

    assert facts == grown
    assert list(facts) == list(grown)
    assert len(facts) == count
    assert "nosuch" not in facts


def test_a_fact_copies_few_others():
    facts, copied = Facts(), 0
    for number in range(1024):
        layers = {id(layer) for layer in facts._layers}
        facts = facts.with_(str(number), paid("0"))
        copied += sum(len(layer) for layer in facts._layers if id(layer) not in layers)

    assert copied <= 1024 * 11


# ---- a value


def test_what_a_tree_holds_cannot_be_changed_from_outside():
    branches, metadata = {"main": Conversation()}, {"tags": ["acid"]}
    tree = ConversationTree(branches=branches).with_(metadata=metadata)

    branches["other"] = Conversation()
    metadata["tags"].append("bass")

    assert list(tree.branches) == ["main"]
    assert tree.metadata == {"tags": ["acid"]}
    with pytest.raises(TypeError):
        tree.branches["x"] = Conversation()


def test_what_is_not_said_stays():
    tree = TWO.with_(name="acid", title="Acid", metadata={"bpm": 130})

    assert tree.with_(title="Acid 2") == TWO.with_(name="acid", title="Acid 2", metadata={"bpm": 130})


@pytest.mark.parametrize(
    ("value", "error"), [({1}, TypeError), (float("nan"), ValueError)], ids=["set", "nan"]
)
def test_metadata_are_what_json_can_hold(value, error):
    with pytest.raises(error):
        TWO.with_(metadata={"x": value})


def test_a_tree_is_copied_and_pickled():
    tree = TWO.branch("idea").noted("b2:1", paid("0.01")).with_(metadata={"a": [1]})

    assert pickle.loads(pickle.dumps(tree)) == tree == copy.deepcopy(tree)  # noqa: S301  our own bytes

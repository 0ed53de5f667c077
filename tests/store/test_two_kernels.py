import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.messages import ConversationTree, UserMessage
from conduit.store import Store

STEPS = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(["say", "branch", "save", "load", "rename", "back"]))
)


class Kernel:
    """Holds a tree as a channel does, and stores what is said."""

    def __init__(self, store):
        self.store = store
        self.tree = ConversationTree(name="acid")

    def say(self, text):
        tree = self.tree.add(UserMessage.of(text))
        landed = self.store.append("acid", tree.current, tree.conversation)
        self.tree = tree if landed in tree.branches else tree.rename(tree.current, landed)

    def branch(self, text):
        was = self.tree
        self.tree = self.store.save(was.branch(turn=0 if text.endswith("0") else None), was=was)

    def save(self, _text):
        self.tree = self.store.save(self.tree)

    def load(self, _text):
        if self.store.conversations():
            self.tree = self.store.load("acid")

    def rename(self, text):
        was = self.tree
        self.tree = self.store.save(was.rename(was.current, f"renamed {text}"), was=was)

    def back(self, _text):
        names = list(self.tree.branches)
        self.tree = self.tree.switch(names[(names.index(self.tree.current) + 1) % len(names)])


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_whatever_two_kernels_do_at_once_nothing_that_was_said_is_lost(steps):
    with Store("memory") as store:
        kernels = (Kernel(store), Kernel(store))
        said = set()
        for number, (who, step) in enumerate(steps):
            getattr(kernels[who], step)(f"{who} {number}")
            said |= {f"{who} {number}"} if step == "say" else set()

        loaded = store.load("acid") if store.conversations() else ConversationTree()

    found = {message.text for talk in loaded.branches.values() for message in talk.messages}
    assert found == said

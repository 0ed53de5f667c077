import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.errors import ConversationError, SetupError
from conduit.messages import (
    AssistantMessage,
    Conversation,
    ConversationTree,
    ImagePart,
    ReasoningPart,
    ResponseMetadata,
    SystemMessage,
    TextPart,
    ToolCallPart,
    ToolMessage,
    ToolResultPart,
    UserMessage,
)
from conduit.messages.export import readable_arguments


def says(*parts):
    return AssistantMessage(
        parts=tuple(TextPart(text=part) if isinstance(part, str) else part for part in parts)
    )


CALL = ToolCallPart(id="c", name="write_clip", arguments='{"clip": "Line\\n1 | C3", "bars": 2}')
RESULT = ToolMessage(
    result=ToolResultPart(call_id="c", name="write_clip", text="no such pitch", is_error=True)
)
PICTURE = ImagePart(media_type="image/png", data=bytes(3000))
TALK = Conversation().extended(
    [
        SystemMessage(content="you compose"),
        UserMessage(parts=(TextPart(text="an acid bass\nlike this"), PICTURE)),
        says(ReasoningPart(text="hm"), "Here it comes.", CALL),
        RESULT,
        says("# Done\n\n```python\nx < 1\n```\nand `<b>`"),
    ]
)
MARKDOWN = """\
# Acid

<details>
<summary>System</summary>

```text
you compose
```

</details>

## Turn 1

### You

> an acid bass
> like this

> *image/png, 3 KB*

### Model

<details>
<summary>Reasoning</summary>

```text
hm
```

</details>

Here it comes.

<details>
<summary>Call of write\\_clip</summary>

```text
clip:
  Line
  1 | C3
bars: 2
```

</details>

<details>
<summary>Failure of write\\_clip</summary>

```text
no such pitch
```

</details>

### Model

#### Done


```python
x < 1
```

and `&lt;b>`
"""


def test_a_conversation_in_markdown():
    assert TALK.to_markdown(title="Acid") == MARKDOWN


@pytest.mark.parametrize(
    ("wrote", "stands"),
    [
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("```\nopen <b>", "```\nopen <b>\n```"),
        ("````\n```\n````", "````\n```\n````"),
        ("~~~js\na\n~~~\n<i>", "```js\na\n```\n\n&lt;i>"),
        ("- ```\n<script>", "- \\`\\`\\`\n&lt;script>"),
        ("## Turn 9", "##### Turn 9"),
        ("Turn 9\n===", "Turn 9\n\\==="),
        ("> # quoted", "> #### quoted"),
        ("- a\n  ```\n  x\n\n<script>", "- a\n\n```\n  x\n\n<script>\n```"),
    ],
    ids=[
        "html",
        "an open fence",
        "a fence in a fence",
        "tildes",
        "a fence in a list",
        "a heading",
        "underlined",
        "a quoted heading",
        "a fence that ends with its list",
    ],
)
def test_what_a_model_writes_breaks_nothing(wrote, stands):
    text = Conversation().extended([UserMessage.of("q"), says(wrote)]).to_markdown()

    assert text.split("### Model\n\n")[1].strip("\n") == stands


@given(st.text(st.sampled_from("`~#<>- \n\tab=")))
def test_no_html_stands_outside_of_our_fences(wrote):
    text = Conversation().extended([UserMessage.of(wrote or "q"), says(wrote)]).to_markdown()

    fence = None
    for line in text.split("\n"):
        bare = line.removeprefix("> ")
        run = re.match(r"`{3,}", bare)
        if fence is None and run:
            fence = run[0]
        elif fence is not None and bare == fence:
            fence = None
        elif fence is None:
            assert "<" not in line
            assert not re.match(r"[ >\-\t]*(```|~~~)", line)
    assert fence is None


@pytest.mark.parametrize(
    "arguments", ["", "{", "[1]", "7", '{"a": ' * 300], ids=["none", "cut", "list", "7", "deep"]
)
def test_arguments_that_are_no_object_stand_as_they_were_written(arguments):
    assert readable_arguments(CALL.model_copy(update={"arguments": arguments})) == arguments


def test_a_tree_in_markdown_says_its_branch_and_what_it_took():
    tree = ConversationTree(title="Acid <1>").add(UserMessage.of("bass")).add(says("a"))
    fact = ResponseMetadata(provider="offline", model="composer", duration_s=0.5, cost_usd="0.01")

    text = tree.noted(tree.conversation.id, fact).branch("idea").to_markdown("main")

    assert text.startswith("# Acid &lt;1&gt;\n\n*Branch main, one of main, idea*\n\n*$0.0100*\n\n## Turn 1")
    assert text.endswith("a\n\n*offline/composer · $0.0100 · 0.5 s*\n")


def test_json_holds_every_message_once():
    tree = ConversationTree(branches={"main": TALK})
    for _ in range(5):
        tree = tree.regenerate().add(says("other"))

    stored = json.loads(tree.to_json())

    assert len(stored["nodes"]) == len(TALK) + 1
    assert ConversationTree.from_json(tree.to_json()) == tree


def changed(**facts):
    return json.dumps({**json.loads(ConversationTree(branches={"main": TALK}).to_json()), **facts})


@pytest.mark.parametrize(
    ("text", "error", "reason"),
    [
        ("[]", ValueError, "object"),
        (changed(version=2), ValueError, "version"),
        (changed(surplus=1), ValueError, "surplus"),
        (changed(branches={}), ValueError, "branches"),
        (changed(branches={"main": 99}), ConversationError, "branch 'main' follows message 99"),
        (changed(branches={"main": -1}), ConversationError, "branch 'main' follows message -1"),
        (changed(current="other"), SetupError, "no branch 'other'"),
        (
            changed(nodes=[{"parent": 0, "message": {"role": "system", "content": ""}}]),
            ConversationError,
            "message 0",
        ),
        (
            changed(nodes=[{"parent": None, "message": {"role": "assistant", "parts": []}}]),
            ConversationError,
            "can only follow",
        ),
    ],
    ids=[
        "a list",
        "version",
        "surplus",
        "no branch",
        "a tip too far",
        "a tip below",
        "current",
        "own parent",
        "order",
    ],
)
def test_json_that_is_no_tree_is_refused(text, error, reason):
    with pytest.raises(error, match=reason):
        ConversationTree.from_json(text)

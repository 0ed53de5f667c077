"""A conversation to be read: HTML and text, and its branches in characters."""

from __future__ import annotations

import json
from base64 import b64decode
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.drawing import roll_svg
from conduit.drawing.branches import tree_text
from conduit.drawing.transcript import transcript_html, transcript_text
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
    Usage,
    UserMessage,
)
from conduit.music import read_clip

EVIL = "<img src=x onerror=alert(1)>\"'</details><script>alert(1)</script>"

# Tags, attributes and declarations that the sanitiser of JupyterLab 4.6 keeps.
KEPT = {
    "div": {"style"},
    "p": {"style"},
    "br": set(),
    "span": set(),
    "pre": {"style"},
    "code": set(),
    "img": {"alt", "style", "src"},
    "details": {"style", "open"},
    "summary": {"style"},
}
KEPT_STYLES = {
    "background:rgba(128,128,128,0.08)",
    "border-left:2px solid rgba(128,128,128,0.3)",
    "box-sizing:border-box",
    "cursor:pointer",
    "display:block",
    "font-size:11px",
    "font-size:12px",
    "font-weight:600",
    "height:auto",
    "line-height:1.5",
    "margin:0",
    "margin:0 0 4px 0",
    "margin:0 0 8px 0",
    "margin:4px 0 0 0",
    "margin:4px 0 4px 14px",
    "max-width:100%",
    "max-width:480px",
    "max-width:576px",
    "opacity:0.7",
    "overflow-wrap:break-word",
    "overflow-x:auto",
    "padding:0 0 0 12px",
    "padding:8px 12px",
    "white-space:pre",
    "white-space:pre-wrap",
}


class Page(HTMLParser):
    """Collects tags with their attributes, and the text of each; says which details stand open."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.said = [], ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        self.said += "" if tag in ("span", "code") else "\n"

    def handle_data(self, data):
        self.said += data

    @property
    def folded(self):
        return [("open" in attributes) for tag, attributes in self.tags if tag == "details"]


def says(text, *calls):
    return AssistantMessage(parts=(ReasoningPart(text=f"about {text}"), TextPart(text=text), *calls))


def talk_of(text):
    call = ToolCallPart(id="c", name=text, arguments='{"clip": "a\\nb"}')
    result = ToolMessage(result=ToolResultPart(call_id="c", name=text, text=text, is_error=True))
    asked = UserMessage(parts=(TextPart(text=text or "q"), ImagePart(media_type="image/png", data=b"x")))
    return Conversation().extended(
        [SystemMessage(content=text), asked, says(text, call), result, says("done")]
    )


def spent(tree, usd):
    usage = Usage(input_tokens=1000, output_tokens=20)
    fact = ResponseMetadata(provider="p", model="m", usage=usage, cost_usd=usd, duration_s=1.0)
    return tree.noted(tree.conversation.id, fact)


TALK = talk_of("write_clip")
TREE = spent(ConversationTree(title="Acid", branches={"main": TALK}), "0.01")
TAKES = spent(TREE.regenerate(1).add(says("another")), "0.02")
LONG = Conversation()
for _n in range(1, 61):
    LONG = LONG.extended([UserMessage.of(f"question {_n}"), says(f"answer {_n}")])


def test_everything_said_is_there_and_tools_and_thoughts_are_folded():
    page = Page(transcript_html(TREE))

    wanted = [
        "Acid",
        "1 You",
        "write_clip",
        "image/png, 1 KB",
        "Model",
        "Reasoning",
        "Call of write_clip",
        "clip:",
    ]
    assert all(words in page.said for words in [*wanted, "Failure of write_clip", "System", "done"])
    assert page.folded == [False] * 5


def test_usage_and_cost_are_said_for_the_turn_and_for_all():
    page = Page(transcript_html(TAKES))

    assert "1 turn · 2 branches · 2,000 tokens in, 40 out · $0.0300" in page.said
    assert "p/m · 1,000 tokens in, 20 out · $0.0200 · 1.0 s" in page.said


def test_several_answers_of_a_turn_are_summed():
    tree = spent(ConversationTree(branches={"main": TALK.at(3)}), "0.01")
    tree = spent(tree.advanced(TALK.at(3), TALK), "0.02")

    assert "p/m · 2 answers · 2,000 tokens in, 40 out · $0.0300" in Page(transcript_html(tree)).said


def test_of_branches_the_current_one_stands_open_and_says_which_take_it_is():
    page = Page(transcript_html(TAKES))

    assert page.folded.count(True) == 1
    assert "main-2 · 1 turn · current" in page.said
    assert "1 You · take 2 of 2: main, main-2" in page.said


def test_of_another_branch_there_is_what_it_does_not_share():
    tree = ConversationTree(branches={"main": LONG}).edit(60, "something else").switch("main")

    page = Page(transcript_html(tree))

    assert "59 turns shared with main" in page.said
    assert page.said.count("question 59\n") == 1


def test_of_a_long_conversation_the_last_turns_are_shown_and_the_rest_is_counted():
    page, text = Page(transcript_html(LONG, turns=2)), transcript_text(LONG, turns=2)

    for said in (page.said, text):
        assert "58 earlier turns not shown" in said
        assert "question 59" in said
        assert "question 58" not in said


def test_a_long_result_is_cut():
    result = ToolMessage(result=ToolResultPart(call_id="c", name="read", text="x" * 9_000))
    talk = Conversation().extended(
        [UserMessage.of("q"), says("a", ToolCallPart(id="c", name="read")), result]
    )

    assert "… 1,000 more characters" in Page(transcript_html(talk)).said


def test_markup_stays_text():
    tree = ConversationTree(title=EVIL, branches={EVIL: talk_of(EVIL), "b": Conversation()}, current=EVIL)

    page = Page(transcript_html(tree))

    assert page.said.count(EVIL) >= 6
    assert {tag for tag, _ in page.tags} <= KEPT.keys()


@given(st.text(st.characters(exclude_categories=("Cs",))))
@settings(max_examples=60, deadline=None)
def test_a_transcript_is_made_of_nothing_but_what_the_sanitiser_keeps(text):
    tree = ConversationTree(title=text, branches={"main": talk_of(text)}).regenerate()

    page = Page(transcript_html(tree))

    assert all(attributes.keys() <= KEPT[tag] for tag, attributes in page.tags)
    styles = {part for _, attributes in page.tags for part in attributes.get("style", "").split(";") if part}
    assert styles <= KEPT_STYLES
    assert "\x1b" not in transcript_html(tree) + transcript_text(tree) + tree_text(tree)


@pytest.mark.parametrize("talk", [Conversation(), ConversationTree()], ids=["conversation", "tree"])
def test_where_nothing_was_said_there_is_that(talk):
    assert Page(transcript_html(talk)).said.strip() == "0 turns"
    assert transcript_text(talk) == "0 turns"


def test_the_transcript_as_text():
    assert transcript_text(TAKES.switch("main")) == (
        "Acid\n1 turn · 2 branches · 2,000 tokens in, 40 out · $0.0300\non branch main\n\n"
        "1 You · take 1 of 2: main, main-2\n  write_clip\n  (image/png, 1 KB)\n  Model\n"
        "  [Reasoning]\n    about write_clip\n  write_clip\n  [Call of write_clip]\n    clip:\n      a\n      b\n"
        "  [Failure of write_clip]\n    write_clip\n  [Reasoning]\n    about done\n  done\n"
        "  (p/m · 1,000 tokens in, 20 out · $0.0100 · 1.0 s)"
    )


NOTATION = "clip {} | 2 bars | 4/4 | 128 bpm | A minor | bass\n1 | 1:A1/2v110 5:C2/2\n2 = 1"


def writes(notation, name="write_clip", **more):
    return ToolCallPart(id="c", name=name, arguments=json.dumps({"clip": notation, **more}))


def clips_of(*names):
    talk = Conversation()
    for name in names:
        result = ToolMessage(result=ToolResultPart(call_id="c", name="write_clip", text="kept"))
        call = AssistantMessage(parts=(writes(NOTATION.format(name)),))
        talk = talk.extended([UserMessage.of(f"a {name}"), call, result, says("done")])
    return talk


def pictures(page):
    sources = [attributes["src"] for tag, attributes in page.tags if tag == "img"]
    return [b64decode(source.removeprefix("data:image/svg+xml;base64,")).decode() for source in sources]


def test_a_clip_that_a_model_hands_in_is_drawn_and_its_text_is_folded():
    page, text = Page(transcript_html(clips_of("Acid"))), transcript_text(clips_of("Acid"))

    caption = "Acid · 2 bars · 4/4 · 128 bpm · A minor · 4 notes"
    assert pictures(page) == [roll_svg(read_clip(NOTATION.format("Acid")), width=576, title=False)]
    assert f"Call of write_clip · {caption}" in page.said
    assert NOTATION.format("Acid") in page.said
    assert page.folded == [False] * 3
    assert f"  [Call of write_clip]\n    {caption}\n" in text
    assert "A1 │█─" in text


def test_a_clip_in_a_fence_is_drawn_where_it_stands():
    words = f"Here:\n\n```clip\n{NOTATION.format('Acid')}\n```\n\nand `more`"
    talk = Conversation().extended([UserMessage.of("q"), AssistantMessage(parts=(TextPart(text=words),))])

    page = Page(transcript_html(talk))

    tags = [tag for tag, _ in page.tags]
    assert len(pictures(page)) == 1
    assert tags[tags.index("img") - 2] == "p"
    assert "Clip · Acid · 2 bars" in page.said
    assert "and more" in page.said


@pytest.mark.parametrize(
    "part",
    [
        writes("clip Bad | 2 bars\n1 | 1:H9"),
        writes(NOTATION.format("Bad"), name="other"),
        ToolCallPart(id="c", name="write_clip", arguments='{"clip": "clip Bad'),
        ToolCallPart(id="c", name="write_clip", arguments='["clip Bad"]'),
        ToolCallPart(id="c", name="write_clip", arguments='{"clip": 7, "name": "clip Bad"}'),
        TextPart(text="```clip\nclip Bad | 2 bars\n1 | 1:H9\n```"),
        TextPart(text=f"```text\n{NOTATION.format('Bad')}\n```"),
    ],
    ids=["not a note", "another tool", "cut", "a list", "no text", "a fence", "another fence"],
)
def test_what_is_no_clip_stays_text(part):
    talk = Conversation().extended([UserMessage.of("q"), AssistantMessage(parts=(part,))])

    page = Page(transcript_html(talk))

    assert pictures(page) == []
    assert "clip Bad" in page.said
    assert "clip Bad" in transcript_text(talk)


def test_of_many_clips_the_last_ones_are_drawn_and_the_others_are_counted():
    talk = clips_of(*(f"Take {number}" for number in range(15)))

    page, text = Page(transcript_html(talk)), transcript_text(talk, clips=2)

    assert [name in page.said for name in ("Take 2 · 2 bars", "Take 3 · 2 bars")] == [False, True]
    assert len(pictures(page)) == 12
    assert "3 older clips shown as text" in page.said
    assert "clip Take 0 | 2 bars" in page.said
    assert "13 older clips shown as text" in text
    assert text.count("A1 │█─") == 2


def test_clips_of_the_current_branch_are_drawn_first():
    tree = ConversationTree(branches={"old": clips_of("Old", "Older"), "new": clips_of("New")}, current="new")

    page = Page(transcript_html(tree, clips=2))

    assert "New · 2 bars" in page.said
    assert "Older · 2 bars" in page.said
    assert "1 older clip shown as text" in page.said


def test_no_key_becomes_part_of_a_picture():
    drawn = transcript_html(clips_of("sk-secret"), clean=lambda text: text.replace("sk-secret", "(key)"))

    (picture,) = pictures(Page(drawn))
    assert "sk-secret" not in picture
    assert "(key)" in picture


def test_a_drawn_clip_is_made_of_nothing_but_what_the_sanitiser_keeps():
    page = Page(transcript_html(clips_of(EVIL)))

    assert all(attributes.keys() <= KEPT[tag] for tag, attributes in page.tags)
    styles = {part for _, attributes in page.tags for part in attributes.get("style", "").split(";") if part}
    assert styles <= KEPT_STYLES


def test_what_conduit_adds_to_words_stands_in_small_print():
    brief = UserMessage.of("a bass", '<brief>{"bars": 2, "key": "A minor", "answer": "a clip"}</brief>')
    decided = UserMessage.of("What was decided about a plan:", "<decision>p1 was applied</decision>")
    tree = ConversationTree().add(brief).add(says("ok")).add(decided)

    page, text = Page(transcript_html(tree)), transcript_text(tree)

    assert "a bass\n2 bars · A minor\n" in page.said
    assert "What was decided about a plan: p1 was applied\n" in page.said
    assert "  a bass\n  (2 bars · A minor)\n" in text
    assert "(What was decided about a plan: p1 was applied)" in text
    assert tree_text(tree) == "1 a bass · 2 bars · A minor ● main"


def test_what_costs_nothing_is_free():
    drawn = Page(transcript_html(spent(ConversationTree(branches={"main": TALK}), "0"))).said

    assert "p/m · 1,000 tokens in, 20 out · free · 1.0 s" in drawn
    assert "$" not in drawn


def test_branches_part_where_they_differ_and_the_current_one_runs_straight_down():
    tree = ConversationTree(branches={"main": LONG.at(6)})
    tree = (
        tree.branch("more swing", turn=2).add(UserMessage.of("more\nswing")).edit(2, "a pad").add(says("x"))
    )
    tree = tree.branch("start", turn=0).switch("main")

    assert tree_text(tree) == (
        "(nothing asked) ○ start\n"
        "1 question 1\n"
        "├─ 2 a pad ○ more swing-2\n"
        "2 question 2\n"
        "├─ 3 more swing (no answer) ○ more swing\n"
        "3 question 3 ● main"
    )


def test_what_parts_from_a_side_branch_is_drawn_beside_it():
    tree = ConversationTree(branches={"main": LONG.at(4)})
    tree = tree.edit(1, "a").add(says("x")).add(UserMessage.of("b")).edit(2, "c").switch("main")

    assert tree_text(tree) == (
        "├─ 1 a\n│  ├─ 2 c (no answer) ○ main-3\n│  2 b (no answer) ○ main-2\n1 question 1\n2 question 2 ● main"
    )


def test_a_long_row_of_turns_is_its_first_and_its_last():
    tree = ConversationTree(branches={"main": LONG})

    assert tree_text(tree) == "1 question 1\n⋮ 57 more turns\n59 question 59\n60 question 60 ● main"


def test_a_thousand_takes_one_from_another_are_drawn():
    tree = ConversationTree().add(UserMessage.of("q")).add(says("0"))
    for number in range(1, 1_000):
        tree = tree.add(UserMessage.of("q")).regenerate(1).add(says(str(number)))

    assert tree_text(tree).count("○") == 999


def test_a_question_is_one_line_that_fits():
    tree = ConversationTree().add(UserMessage.of("a very\nlong question"))

    assert tree_text(tree, width=10) == "1 a very lo… (no answer) ● main"


def test_a_question_shows_its_words_and_folds_the_data_that_go_with_it():
    block = f'more like @bass\n\n<data name="bass">\n{NOTATION.format("Acid")}\n</data>'
    tree = ConversationTree().add(UserMessage.of(block))

    page, text = Page(transcript_html(tree)), transcript_text(tree)

    assert "more like @bass\n" in page.said
    assert "Data: bass" in page.said
    assert "<data" not in page.said
    assert page.folded == [False]
    assert "  more like @bass\n  [Data: bass]\n    clip Acid | 2 bars" in text


def test_of_what_a_tool_said_the_first_line_is_seen():
    call = ToolCallPart(id="c", name="push_clip", arguments="{}")
    result = ToolResultPart(call_id="c", name="push_clip", text="no clip yet\nwrite one", is_error=True)
    talk = Conversation().extended(
        [UserMessage.of("q"), AssistantMessage(parts=(call,)), ToolMessage(result=result)]
    )

    assert "Failure of push_clip · no clip yet\n" in Page(transcript_html(talk)).said


def test_what_is_known_of_a_turn_stands_under_it():
    tree = ConversationTree().add(UserMessage.of("q")).add(says("half")).add(UserMessage.of("next"))
    asked = tree.conversation.turns[0].asked.id

    said = Page(transcript_html(tree, notes={asked: "Stopped"})).said

    assert said.index("half") < said.index("Stopped") < said.index("next")


def test_a_clip_is_drawn_as_it_has_become():
    page = Page(transcript_html(clips_of("Acid"), as_it_is=lambda clip: clip.transpose(12)))

    acid = read_clip(NOTATION.format("Acid"))
    assert pictures(page) == [roll_svg(acid.transpose(12), width=576, title=False)]
    assert "Call of write_clip · edited since" in page.said


def test_endless_words_are_cut():
    talk = Conversation().extended([UserMessage.of("q"), says("word " * 100_000)])

    assert len(transcript_html(talk)) < 30_000
    assert "480,000 more characters" in transcript_html(talk)
    assert len(transcript_text(talk)) < 30_000

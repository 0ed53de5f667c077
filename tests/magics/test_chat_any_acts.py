"""Whatever a person does in a chat panel, in whatever order: once it rests, its page has a whole document."""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path

import pytest

from conduit.errors import ErrorKind, ProviderError
from conduit.messages import AssistantMessage, ToolCallPart
from conduit.music import Clip, Note, write_clip

sys.path.insert(0, str(Path(__file__).parent))
from chat_page import WAIT_S, Page

BASS = Clip.of([Note(45 + beat, beat, 0.5) for beat in range(8)], length=8, name="Bass", instrument="bass")
STEPS = 30
AWAY = ProviderError("scripted is away", kind=ErrorKind.BAD_REQUEST, provider="scripted")


def called(name, call_id, **arguments):
    return ToolCallPart(id=call_id, name=name, arguments=json.dumps(arguments))


def any_reply(chance, number):
    """Give what a model may say: words, clips in a call or fenced, a plan, a fault, a call of nothing."""
    clip = write_clip(BASS.transpose(chance.randint(0, 9)))
    replies = [
        "words and " * chance.randint(1, 6),
        AssistantMessage(parts=(called("write_clip", f"c{number}", clip=clip),)),
        f"Here:\n```clip\n{clip}\n```\nthere",
        AssistantMessage(parts=(called("push_clip", f"p{number}", track=1, slot=chance.randint(1, 8)),)),
        AWAY,
        AssistantMessage(parts=(called(chance.choice(["nope", "write_clip"]), f"t{number}", clip="junk"),)),
    ]
    return chance.choice(replies)


def any_act(chance, page, number):
    """Do something of what is offered now."""
    entries, takes = page.order, page.items["tray"]["order"]
    plans = [item["plan"]["id"] for item in page.items.values() if item["kind"] == "plan"]
    acts = [
        ("send", {"text": f"words {number}", "media": []}),
        ("send", {"text": f"more {number}", "media": []}),
        ("send", {"text": chance.choice(["/usage", "/nope"]), "media": []}),
        ("stop", {}),
        ("switch", {"branch": chance.choice([row[0] for row in page.items["panel"]["tree"]] or ["main"])}),
        *[("edit", {"entry": one, "text": f"other {number}"}) for one in entries[-1:]],
        *[("again", {"entry": chance.choice(entries)}) for _ in entries[:1]],
        *[(chance.choice(["approve", "reject", "undo"]), {"plan": one}) for one in plans[-1:]],
        *[(kind, {"take": chance.choice(takes), **more}) for kind, more in _OF_TAKES if takes],
    ]
    kind, fields = chance.choice(acts)
    page.act(kind, **fields)
    return kind


_OF_TAKES = [("star", {"on": True}), ("hear", {})]


def faults(page):
    """Say what a document at rest must not have."""
    items, order = page.items, page.order
    parts = [part for entry in order for part in items[entry]["parts"]]
    named = [*parts, *(one for entry in order for one in items[entry]["media"])]
    named += [
        item[key]
        for item in items.values()
        for key in ("clip", "one")
        if item.get(key) and item["kind"] != "clip"
    ]
    named += [items[part]["clip"] for part in parts if part in items and items[part]["kind"] == "clip"]
    return [
        *[f"{name} is named and not there" for name in named if name not in items],
        *[f"{name} is there twice" for name in {*order, *parts} if [*order, *parts].count(name) > 1],
        *[f"{name} is still open" for name, item in items.items() if item.get("open")],
        *[f"{name} runs" for name, item in items.items() if item.get("state") in ("running", "applying")],
    ]


def differs(page, told):
    """Name the items that the panel would tell otherwise; of clips the page knows more than it was told."""
    return [
        name
        for name in page.items.keys() | told.keys()
        if page.items.get(name) != told.get(name) and (page.items.get(name) or told[name])["kind"] != "clip"
    ]


def at_rest(page, desk):
    """Wait until nothing is wrong any more; give what is, if it stays so."""
    until, found = time.monotonic() + WAIT_S, ["it has not come to rest"]
    while found and time.monotonic() < until:
        page.settled()
        told = {name: dict(item) for name, item in desk.on_loop(page.panel.document).items()}
        with page._came:
            found = [*faults(page), *differs(page, told)]
            if found:
                page._came.wait(0.05)
    return found


@pytest.fixture
def desk(ip, studio):
    studio.forget()
    desk = ip.magics_manager.registry["ConduitMagics"].desk
    desk.outputs.live = True
    yield desk
    for plan in studio.plans.pending:
        studio.call(studio.reject(plan.id))
    desk.outputs.live = False


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_done_the_page_has_a_whole_document_at_rest(desk, script, seed):
    chance, page, done = random.Random(seed), Page(desk), []
    script(*[any_reply(chance, number) for number in range(200)], piece=8, pace_s=0.001)
    page.act("set", name="model", value="scripted")

    for number in range(STEPS):
        done.append(any_act(chance, page, number))
        if chance.random() < 0.6:
            assert at_rest(page, desk) == [], done
    rest = at_rest(page, desk)
    page.close()

    assert rest == [], done

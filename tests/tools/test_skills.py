import itertools
import re

import pytest

from conduit.errors import SetupError
from conduit.messages.tokens import estimate_tokens
from conduit.music import read_clip
from conduit.tools.skill import MOST_TOKENS, SHIPPED, Skills, skill_tools

GOOD = "---\nname: swing\ndescription: How to swing.\n---\n\n# Swing\n\nDelay the even steps.\n"


def make(folder, text, *, name="swing"):
    (folder / name).mkdir(parents=True)
    (folder / name / "SKILL.md").write_bytes(text.encode())
    return folder / name


def tools_for(*folders):
    return skill_tools(Skills(*folders), clean=str)


def why_broken(folder):
    (broken,) = Skills(folder).broken()
    return str(broken)


def test_a_skill_is_listed_loaded_and_its_resource_read(tmp_path, call):
    (make(tmp_path, GOOD) / "more").mkdir()
    (tmp_path / "swing" / "more" / "table.md").write_text("58 %")
    tools = tools_for(tmp_path)

    assert call(tools, "list_skills") == "swing: How to swing."
    assert call(tools, "load_skill", name="swing") == (
        "# Skill swing\n\n# Swing\n\nDelay the even steps.\n\nResources, for read_skill_resource: more/table.md"
    )
    assert call(tools, "read_skill_resource", name="swing", path="more/table.md").endswith("58 %")


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("\n", "\r\n"),
        "\ufeff" + GOOD,
        GOOD.replace("---\n\n", "license: MIT\nmetadata: {a: [1]}\n---\n"),
    ],
    ids=["windows", "bom", "other fields"],
)
def test_harmless_differences_are_accepted(tmp_path, text):
    make(tmp_path, text)

    assert Skills(tmp_path).get("swing").instructions.startswith("# Swing")


def front(text):
    return f"---\n{text}\n---\nbody"


BOMB = "a: &a {x: 1}\n" + "\n".join(
    f"{chr(98 + n)}: &{chr(98 + n)} {{<<: [{', '.join(['*' + chr(97 + n)] * 9)}]}}" for n in range(15)
)


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("# Swing", "no front matter"),
        ("", "no front matter"),
        ("---\nname: swing\ndescription: x", "no front matter"),
        ("---\nname: swing\ndescription: x\n---\n", "no instructions"),
        (front("name: swing"), "needs a description"),
        (front("name: swing\ndescription: [x]"), "needs a description"),
        (front("description: x"), "needs a name"),
        (front("name: 808\ndescription: x"), "needs a name"),
        (front("name: Swing\ndescription: x"), "needs a name"),
        (front("name: ../up\ndescription: x"), "needs a name"),
        (front(f"name: {'a' * 65}\ndescription: x"), "needs a name"),
        (front("name: other\ndescription: x"), "one name"),
        (front(f"name: swing\ndescription: {'x' * 1025}"), "at most 1,024"),
        (front("- name\n- description"), "without fields"),
        (front("just text"), "without fields"),
        (front("name: swing\ndescription: when: never"), "not YAML at line 3"),
        (front("name: 'swing"), "not YAML"),
        (front("name: 2026-99-99"), "not YAML"),
        (front("[" * 3000), "brackets"),
        (front("- " * 1900), "not YAML"),
        (front("? " * 1900), "not YAML"),
        (front("- a\n" * 900), "without fields"),
        (front("a: " * 100), "not YAML"),
        (front("? [a]\n: b"), "not YAML"),
        (front("name: !!python/object/apply:os.system ['touch /tmp/owned']"), "tags or references"),
        (front("name: !!python/name:os.system ''"), "tags or references"),
        (front("name: !!timestamp x"), "tags or references"),
        (front(BOMB), "tags or references"),
        (front("x" * 5000), "5,001 characters"),
        (front("name: swing\ndescription: x") + "word " * 6000, "tokens of instructions"),
        (front("name: swing\ndescription: x\0"), "is not text"),
        ("\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "no front matter"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_broken_skill_is_reported_with_what_to_mend_and_hinders_no_other(tmp_path, call, text, why):
    make(tmp_path / "bad", text)
    make(tmp_path / "good", GOOD.replace("swing", "shuffle"), name="shuffle")
    tools = tools_for(tmp_path / "bad", tmp_path / "good")

    assert why in why_broken(tmp_path / "bad")
    assert why in call(tools, "load_skill", name="swing")
    listed = call(tools, "list_skills").split("\n")
    assert listed[0] == "shuffle: How to shuffle."
    assert listed[1].startswith("(broken: swing ")
    assert len(listed[1]) < 300


def test_a_folder_without_a_skill_file_is_reported(tmp_path):
    (tmp_path / "swing").mkdir()

    assert "SKILL.md" in why_broken(tmp_path)


def test_a_link_out_of_the_skills_folder_is_no_skill(tmp_path):
    outside = make(tmp_path / "elsewhere", GOOD)
    (tmp_path / "skills").mkdir()
    (tmp_path / "skills" / "swing").symlink_to(outside)

    assert "is a link out" in why_broken(tmp_path / "skills")


def test_a_skill_file_that_links_out_is_not_read(tmp_path):
    (tmp_path / "private.md").write_text(GOOD)
    (tmp_path / "skills" / "swing").mkdir(parents=True)
    (tmp_path / "skills" / "swing" / "SKILL.md").symlink_to(tmp_path / "private.md")

    assert "leads out" in why_broken(tmp_path / "skills")


@pytest.mark.parametrize(
    "path", ["../other.txt", "/etc/passwd", "~/x", "link.txt", "C:\\x", ".hidden", "a\0b"]
)
def test_a_resource_outside_the_skill_is_refused(tmp_path, call, path):
    folder = make(tmp_path, GOOD)
    (tmp_path / "other.txt").write_text("private")
    (folder / "link.txt").symlink_to(tmp_path / "other.txt")
    (folder / ".hidden").write_text("private")
    tools = tools_for(tmp_path)

    assert call(tools, "read_skill_resource", name="swing", path=path).startswith("refused: ")
    assert "Resources" not in call(tools, "load_skill", name="swing")


@pytest.mark.parametrize("name", ["swng", "../swing", "", "x" * 10_000])
def test_a_skill_that_is_not_there_is_an_error_that_says_which_are(tmp_path, call, name):
    make(tmp_path, GOOD)

    said = call(tools_for(tmp_path), "load_skill", name=name)

    assert said.startswith("refused: there is no skill")
    assert "swing" in said
    assert len(said) < 300


def test_of_two_skills_with_one_name_the_first_folder_counts(tmp_path):
    make(tmp_path / "mine", GOOD.replace("Delay", "Hurry"))
    make(tmp_path / "theirs", GOOD)

    assert "Hurry" in Skills(tmp_path / "mine", tmp_path / "theirs").get("swing").instructions


def test_a_skill_may_be_edited_while_it_is_used(tmp_path):
    skills = Skills(tmp_path)
    folder = make(tmp_path, GOOD)
    (folder / "SKILL.md").write_text(GOOD.replace("Delay", "Hurry"))

    assert "Hurry" in skills.get("swing").instructions


def test_no_folder_at_all_is_no_error(tmp_path, call):
    assert call(tools_for(tmp_path / "nowhere"), "list_skills") == "no skills"


def test_an_error_does_not_catch_what_is_no_fault_of_a_skill():
    with pytest.raises(SetupError, match="drum-programming"):
        Skills(SHIPPED).get("drum-programing")


SHIPPED_TEXTS = sorted(SHIPPED.rglob("*.md"))


def test_what_is_shipped_can_be_loaded():
    skills = Skills.installed()

    assert {"drum-programming", "voice-leading", "live-set-etiquette"} <= set(skills.found())
    assert Skills(SHIPPED).broken() == []
    assert skills.get("drum-programming").resources == ["grooves.md"]


@pytest.mark.parametrize("path", SHIPPED_TEXTS, ids=lambda path: path.parent.name + "/" + path.name)
def test_every_clip_in_a_shipped_text_can_be_read_and_every_text_is_short(path):
    text = path.read_text()

    for clip in re.findall(r"```\n(clip .*?)```", text, re.DOTALL):
        assert len(read_clip(clip))
    assert estimate_tokens(text) < MOST_TOKENS


def test_the_example_of_voice_leading_moves_as_it_says():
    text = (SHIPPED / "voice-leading" / "SKILL.md").read_text()
    clip = read_clip(re.search(r"```\n(clip .*?)```", text, re.DOTALL)[1])
    chords = [sorted(note.pitch for note in clip.notes if note.start == bar * 4) for bar in range(3)]

    upper = [chord[1:] for chord in chords]
    moves = [abs(a - b) for one, other in itertools.pairwise(upper) for a, b in zip(one, other, strict=True)]
    assert max(moves) <= 2

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conduit.band.genre import GENRES, PLAIN, Genres
from conduit.band.genre_file import FIELDS
from conduit.errors import SetupError
from conduit.music import Key, Meter

BRIDGE = {
    "techno": (125, 140),
    "house": (118, 130),
    "drum and bass": (170, 180),
    "dubstep": (138, 142),
    "hip hop": (80, 100),
    "ambient": (60, 120),
    "idm": (100, 160),
    "trance": (136, 150),
}
ASKED = {*BRIDGE, "acid", "dub", "garage", "lofi", "footwork", "jazz", "funk"}
BEFORE = {
    "techno", "house", "deep house", "acid", "dub", "reggae", "ambient", "minimal", "trance", "drum and bass",
    "jungle", "breakbeat", "hip hop", "lofi", "downtempo", "trap", "dubstep", "electro", "garage", "disco", "funk",
    "synthwave", "jazz", "pop", "rock", "latin", "industrial",
}  # fmt: skip

MINE = """
like: house
bpm: 118
about: A genre of my own.
bass: {low: 33}
"""


def added(text: str, **more: str) -> Genres:
    genres = Genres()
    genres.add(text, name=more.get("name", "mine"), file="mine.yaml")
    return genres


def refused(text: str) -> str:
    with pytest.raises(SetupError) as caught:
        added(text)
    return caught.value.message


def test_every_genre_that_was_asked_for_is_there():
    assert set(GENRES) >= ASKED | BEFORE


@pytest.mark.parametrize(("name", "tempo"), BRIDGE.items())
def test_the_genres_of_the_bridge_have_its_tempi(name, tempo):
    assert GENRES[name].tempo == tempo


@pytest.mark.parametrize("name", GENRES)
def test_a_genre_says_all_that_a_model_and_a_renderer_need(name):
    genre = GENRES[name]

    assert genre.name == name
    assert genre.tempo[0] <= genre.bpm <= genre.tempo[1]
    assert 40 <= len(genre.about) <= 300
    assert genre.instruments
    assert genre.scale in genre.scales
    assert all(Key(key) for key in genre.keys)
    assert all(Meter.parse(meter) for meter in genre.meters)
    assert len(genre.drums.core) >= 3
    assert len(genre.drums.fills) >= 2
    assert len(genre.bass.lines) >= 4


def test_genres_do_not_share_their_words():
    words = [word for genre in GENRES.values() for word in (genre.name, *genre.aliases)]

    assert len(words) == len(set(words))


def test_a_genre_of_ones_own_is_like_another_but_for_what_it_says():
    mine, house = added(MINE)["mine"], GENRES["house"]

    assert (mine.bpm, mine.tempo, mine.about) == (118, (118, 118), "A genre of my own.")
    assert mine.drums == house.drums
    assert mine.bass.lines == house.bass.lines
    assert mine.bass.low == 33
    assert mine.aliases == ()


def test_a_genre_may_be_like_one_that_was_added():
    genres = added(MINE)
    genres.add("like: mine\nswing: 60\n", name="other", file="other.yaml")

    assert (genres["other"].bpm, genres["other"].swing) == (118, 60)


def test_a_genre_of_a_shipped_name_takes_its_place_and_leaves_those_like_it_alone():
    genres = Genres()
    genres.add("like: house\nbpm: 150\n", name="house", file="house.yaml")

    assert genres["house"].bpm == 150
    assert genres["deep house"] == GENRES["deep house"]


def test_what_was_added_can_be_taken_away():
    genres = added(MINE)
    edition = genres.edition
    genres.clear()

    assert "mine" not in genres
    assert len(genres) == len(GENRES)
    assert genres.edition > edition


def test_the_least_file_is_a_tempo():
    assert added("bpm: 99")["mine"].drums == PLAIN.drums


def test_a_file_may_give_its_name():
    assert "my style" in added("name: My  Style\nbpm: 99")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("swing: 50", "mine.yaml: bpm is missing"),
        ("bpm: fast", "mine.yaml: bpm: 'fast' cannot be; write a number from 20 to 999"),
        ("bpm: true", "mine.yaml: bpm: True cannot be"),
        ("bpm: 120\ntempo: [140, 120]", "tempo: [140, 120] cannot be; write the least and the most"),
        ("bpm: 120\ntempo: [90, 100]", "bpm: 120 lies outside the tempo 90 to 100"),
        ("bpm: [", "mine.yaml, line 2: this is not YAML"),
        ("- a\n- b", "mine.yaml: a genre is written as fields and values"),
        ("bpm: 120\ntemp: 3", "there is no field 'temp'; did you mean tempo?"),
        ("bpm: 120\nlike: huose", "like: there is no genre 'huose'; there is house"),
        ("bpm: 120\nlike: mine", "like: there is no genre 'mine'"),
        ("bpm: 120\nscale: mynor", "scale: 'mynor' cannot be; write "),
        ("bpm: 120\nkeys: [H minor]", "keys: "),
        ("bpm: 120\nmeters: [4/5]", "meters: "),
        ("bpm: 120\nswing: 80", "swing: 80 cannot be; write a whole number from 50 to 75"),
        ("bpm: 120\nchords: none", "chords: 'none' cannot be; write plain or "),
        ("bpm: 120\nharmony: [1 4]", "harmony: ['1 4'] cannot be"),
        ("bpm: 120\nprogressions: {minor: [1 9]}", "progressions: "),
        ("bpm: 120\nprogressions: {dorian: [1 4]}", "progressions by minor and major"),
        ("bpm: 120\nlead: shouting", "lead: 'shouting' cannot be"),
        ("bpm: 120\nrole: bas", "role: 'bas' cannot be; write drums or bass"),
        ("bpm: 120\nsections: [a]", "sections: ['a'] cannot be"),
        ("bpm: 120\nvelocity: [0, 127]", "velocity: "),
        ("bpm: 120\ndrums: {}", "drums: core is missing"),
        ("bpm: 120\ndrums: {core: [{kick: X--}]}", "drums: core: 'X--' cannot be; write a bar of 12 or 16"),
        ("bpm: 120\ndrums: {core: [{kick: zzzzzzzzzzzzzzzz}]}", "letters of Xxogrts_-"),
        ("bpm: 120\ndrums: {core: [{kik: X---X---X---X---}]}", "drums: core: 'kik' cannot be; write a drum: "),
        ("bpm: 120\ndrums: {core: []}", "drums: core: [] cannot be; write a list of at least one"),
        ("bpm: 120\ndrums: {layers: []}", "drums: core is missing"),
        ("bpm: 120\nlike: house\ndrums: {layers: [{drum: hat}]}", "drums: layers: rows is missing"),
        ("bpm: 120\nlike: house\ndrums: {layer: []}", "drums: there is no 'layer'; valid are core, layers"),
        ("bpm: 120\nlike: house\nbass: {low: 90}", "bass: low: 90 cannot be; write a whole number from 24 to 38"),
        ("bpm: 120\nlike: house\nbass: {tones: {rood: 1}}", "bass: tones: {'rood': 1} cannot be; write like"),
        ("bpm: 120\nlike: house\nbass: {lines: [{rhythm: X---x---}]}", "bass: lines: rhythm: 'X---x---' cannot be"),
        (
            'bpm: 120\nlike: house\nbass: {lines: [{rhythm: X---x---X---x---, tones: "11.............."}]}',
            "each tone under a letter of the rhythm that sounds",
        ),
        ("bpm: 120\ngroove: {late: {snair: 0.1}}", "groove: late: {'snair': 0.1} cannot be; write beats"),
        ("bpm: 120\ngroove: {accents: [1, 2, 3]}", "groove: accents: [1, 2, 3] cannot be; write 4, 8 or 16"),
        ("bpm: 120\ninstruments: [808]", "instruments: 808 cannot be; write a text"),
        ("bpm: 120\nabout: 2026-99-99", "this is not YAML"),
    ],
    ids=lambda value: value.replace("\n", " ")[:40],
)  # fmt: skip
def test_what_is_wrong_is_said_with_file_field_and_what_can_be(text, said):
    message = refused(text)

    assert said in message
    assert message.startswith("mine.yaml")
    assert "\n" not in message


def test_a_refused_genre_changes_nothing():
    genres = added(MINE)
    before = genres["mine"]
    with pytest.raises(SetupError):
        genres.add("like: house\nswing: 99", name="mine", file="mine.yaml")

    assert genres["mine"] is before


def test_an_alias_never_hides_a_genre_that_ships():
    assert refused("bpm: 120\naliases: [Deep House, mine]") == (
        "mine.yaml: aliases: 'deep house' is a genre that ships; write another word"
    )


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("tehcno", "techno"),
        ("hosue", "house"),
        ("dnb beats", "drum and bass"),
        ("liquid dnb", "drum and bass"),
    ],
)
def test_a_word_that_is_nearly_a_genre_finds_it(word, name):
    assert name in GENRES.near(word)


def test_a_genre_that_is_not_there_is_a_key_error():
    with pytest.raises(KeyError):
        GENRES["polkacore"]


def test_the_page_about_genres_shows_a_file_that_can_be_read():
    page = Path(__file__).parents[2] / "docs" / "genres.md"
    shown = re.search(r"```yaml\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    assert shown

    assert added(shown[1])["mine"].progressions == {"minor": ("1 4 7 3", "1 6 4 V7")}
    assert all(field in page.read_text("utf-8") for field in FIELDS if field != "name")

"""The grammar of chord symbols: many spellings, one chord; what is none is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.errors import ClipError
from conduit.music.chord import Chord
from conduit.music.chord_name import name_of_degrees
from conduit.music.symbols import degrees_of_quality, semitones

SPELLINGS = {
    "Cmaj7": "CM7 CΔ CΔ7 C△7 Cma7 CMA7 Cmaj7 CMaj7 CMAJ7 Cmajor7 C^7 C^ Cj7 C7M C(maj7) Cmaj7th",
    "Cm7": "Cmin7 C-7 Cmi7 CMI7 Cminor7 CMIN7 C\u22127",
    "Cm7b5": "Cø Cø7 C-7b5 Cmin7b5 Cm7(b5) Cm7-5 C-7(♭5) Cmi7b5 Chalf-dim Chalfdim7 Cm7♭5",
    "Cdim7": "C°7 Co7 Cdiminished7 CDIM7 Cº7",
    "Cdim": "C° Co Cmb5 Cm(b5) Cdiminished",
    "Caug": "C+ C+5 C(#5) Caugmented",
    "C7#5": "C+7 Caug7 C7+ C7+5 C7(#5)",
    "Cmmaj7": "CmM7 C-Δ C-Δ7 Cm(maj7) Cmin/maj7 C-(M7) Cm#7 CminMaj7",
    "Csus4": "Csus Csus4 Csuspended Csus4",
    "C7sus4": "C7sus Csus7 C7sus4 C7(sus4) Cm7sus4",
    "C6/9": "C69 C6/9 C6(9) C6add9",
    "Cadd9": "C2 Cadd2 C(add9) CMadd9 C/9 Cadd9",
    "C": "Cmaj CM Cmajor",
    "Cm": "Cmin C- Cmi Cminor",
    "C7": "Cdom7 Cdominant7 C7",
    "C7b9": "C7-9 C7(b9) C7♭9 C9b9",
    "C7alt": "Calt C7alt C7altered C7(alt)",
    "C7b9b13": "C7(b9,b13) C7b9b13 C7(b9)(b13) C7 b9 b13",
    "C9#11": "C9(#11) C9+11 C11#11",
    "C7add13": "C7(13) C7/13 C7add13 C7add6",
    "C5": "Cno3 Comit3 C(no3)",
    "Am7/G": "A-7/G Amin7/G",
}
symbols = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["C", "F#", "Bb", "Abb"]),
        st.sampled_from(["", "m", "min", "-", "maj", "M", "Δ", "dim", "°", "ø", "aug", "+", "mmaj", "dom"]),
        st.sampled_from(["", "5", "6", "69", "6/9", "7", "9", "11", "13", "2"]),
        st.sampled_from(["", "sus", "sus2", "sus4", "b5", "#5", "-5", "alt", "add9", "add11", "no3", "no5"]),
        st.sampled_from(["", "b9", "#9", "#11", "b13", "(b9,#11)", "(13)", "add13", "addb9", "omit5"]),
        st.sampled_from(["", "/E", "/Bb", "/C", "/F#"]),
    ),
)


@pytest.mark.parametrize(
    ("symbol", "name"),
    [(symbol, name) for name, more in SPELLINGS.items() for symbol in more.replace("C7 b9 b13", "").split()],
)
def test_many_spellings_mean_one_chord(symbol, name):
    assert Chord.parse(symbol).name == name


def test_spaces_may_stand_inside_a_symbol():
    assert Chord.parse("C minor 7 (b5)").name == "Cm7b5"
    assert Chord.parse(" C7 b9 b13 ").name == "C7b9b13"


@given(symbol=symbols)
def test_a_chord_reads_back_from_its_name_or_is_refused(symbol):
    try:
        chord = Chord.parse(symbol)
    except ClipError:
        return

    assert Chord.parse(chord.name) == chord
    assert Chord.parse(chord.spelled(flats=True)) == chord
    assert Chord(chord.root, chord.quality, chord.bass) == chord


@given(symbol=symbols)
def test_a_quality_is_written_as_degrees_that_ascend_from_the_root(symbol):
    degrees = degrees_of_quality(symbol[1:].partition("/")[0].lstrip("#b"))
    if degrees is None:
        return

    assert degrees[0] == "1"
    assert list(semitones(degrees)) == sorted(semitones(degrees))
    assert degrees_of_quality(name_of_degrees(degrees)) == degrees


@given(text=st.text(alphabet="ABCDEFGabm#791362/()+-°øΔsuadnoljit ,", max_size=14))
def test_any_text_is_a_chord_or_is_refused_with_valid_ones(text):
    try:
        chord = Chord.parse(text)
    except ClipError as error:
        refusal: ClipError | None = error
    else:
        refusal = None
        assert Chord.parse(chord.name) == chord

    assert refusal is None or refusal.valid


@pytest.mark.parametrize(
    ("symbol", "near"),
    [("Cmja7", "Cmaj7"), ("Amin77", "Am7"), ("C4", "Csus4"), ("Dsuss4", "Dsus4"), ("G7b10", "G7b13"),
     ("am7", "Am7"), ("Hm7", "Bm7"), ("Fism7", "F#m7"), ("Es7", "Eb7")],
)  # fmt: skip
def test_what_is_no_chord_is_refused_with_near_ones(symbol, near):
    with pytest.raises(ClipError, match="did you mean") as caught:
        Chord.parse(symbol)

    assert near in caught.value.valid


@pytest.mark.parametrize(
    "symbol",
    [
        "Cmajm7",
        "Cmajmaj7",
        "C6maj7",
        "Cdommaj7",
        "C7 7",
        "C5no5",
        "Cdom",
        "Cm5",
        "Cdim7sus4",
        "Cø6",
        "Cdimno5",
        "C7no9",
        "Cno1",
        "Calt9",
        "C79",
        "C12",
        "C7dim",
    ],
)
def test_what_contradicts_itself_is_no_chord(symbol):
    with pytest.raises(ClipError):
        Chord.parse(symbol)


@pytest.mark.parametrize("symbol", ["", "H", "m7", "7", "hello", "N.C."])
def test_what_has_no_root_is_no_chord(symbol):
    with pytest.raises(ClipError, match="is not a chord"):
        Chord.parse(symbol)

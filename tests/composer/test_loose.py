import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.composer.loose import DEEPEST, Object, openings, read_loose

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9) | st.text(),
    lambda inside: st.lists(inside, max_size=5) | st.dictionaries(st.text(), inside, max_size=5),
    max_leaves=30,
)


def plain(value):
    if isinstance(value, Object):
        return {key: plain(one) for key, one in value.pairs}
    return [plain(one) for one in value] if isinstance(value, list) else value


@given(st.lists(VALUES), st.booleans(), st.sampled_from((None, 1)))
def test_right_json_is_read_as_it_is(value, ascii_only, indent):
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)

    found = read_loose(text)

    assert plain(found.value) == value
    assert (found.end, found.n_mended, found.cut) == (len(text), 0, False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{'a': 'it\\'s', 'b': 'it's'}", {"a": "it's", "b": "it's"}),
        ("{a: 1, b: [C#4, x],}", {"a": 1, "b": ["C#4", "x"]}),
        ("[1, 2,, 3,]", [1, 2, 3]),
        ("[1 2 3]", [1, 2, 3]),
        ('{"a": 1 "b": 2}', {"a": 1, "b": 2}),
        ("{a 1}", {"a": 1}),
        ("[1, // one\n 2, # two\n /* three */ 3]", [1, 2, 3]),
        ("[True, False, None, undefined]", [True, False, None, None]),
        ("[(1, 2), (3, 4)]", [[1, 2], [3, 4]]),
        ("[“smart”]", ["smart"]),
        ('["""a "b" c"""]', ['a "b" c']),
        ('{"clip": "clip "Bass" | 1"}', {"clip": 'clip "Bass" | 1'}),
        ('{"a": "x\ny"}', {"a": "x\ny"}),
        ('{"a": [1, 2}', {"a": [1, 2]}),
        ("[+1, .5, 1e3, 007]", [1, 0.5, 1000.0, 7]),
    ],
)
def test_what_strict_json_does_not_allow_is_read_and_counted(text, value):
    found = read_loose(text)

    assert plain(found.value) == value
    assert found.n_mended > 0 or "007" in text


def test_a_value_without_a_key_stays_where_it_is():
    assert read_loose('{{"a": 1}}').value.pairs == [(None, Object([("a", 1)]))]


def test_doubled_keys_stay():
    assert read_loose('{"a": 1, "a": 2}').value.pairs == [("a", 1), ("a", 2)]


def test_what_is_cut_off_says_so():
    found = read_loose('[{"a": 1}, {"b": 2')

    assert (found.cut, [one.whole for one in found.value]) == (True, [True, False])


def test_what_lies_too_deep_is_left_out_and_told():
    found = read_loose("[" * (DEEPEST + 9) + "]" * (DEEPEST + 9))

    assert (found.too_deep, found.cut) == (True, False)


def test_every_value_of_a_text_is_found_and_words_are_passed_over():
    assert [plain(found.value) for found in openings('so [1], "or" {"a": 2} and that is it')] == [
        [1],
        {"a": 2},
    ]

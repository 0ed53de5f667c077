import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.store.schema import ExactJson, ExactText

# Every character that a Python text can hold, those that databases refuse among them more often.
ANY_TEXT = st.text(st.one_of(st.characters(), st.sampled_from("\0\x1a\ud800\udfff\ue000\uf000\uf01a")))


@given(ANY_TEXT)
def test_any_text_comes_back_and_stands_in_a_form_every_database_takes(text):
    written = ExactText().process_bind_param(text, None)

    assert "\0" not in written
    assert written.encode().decode() == written
    assert ExactText().process_result_value(written, None) == text


@pytest.mark.parametrize("value", [None, [], {"a\0": ["\x1a\ud800", 1.5, True, None]}, "\ud83d", 10**30])
def test_any_json_comes_back(value):
    written = ExactJson().process_bind_param(value, None)

    assert "\0" not in written
    assert written.encode().decode() == written
    assert ExactJson().process_result_value(written, None) == value

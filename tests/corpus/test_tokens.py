from pathlib import Path

import pytest
from corpus.cuts import cut_clips
from corpus.tokens import clip_json, count_tokens

from conduit.music import read_clip, write_clip

CORPUS = Path(__file__).parents[2] / ".corpus"


@pytest.mark.slow
def test_the_notes_of_real_clips_take_a_third_of_the_tokens_of_json():
    assert CORPUS.is_dir(), "these tests need real music: run `make .corpus/done`"
    clips = [clip for _, clip in cut_clips(CORPUS)]
    texts = [write_clip(clip) for clip in clips]

    counts = count_tokens([*map(clip_json, clips), *(text.split("\n", 1)[1] for text in texts), *texts])

    assert [read_clip(text) for text in texts] == clips
    for found in counts.values():
        json, notes, whole = (found[at : at + len(clips)] for at in range(0, 3 * len(clips), len(clips)))
        assert max(ours / theirs for ours, theirs in zip(notes, json, strict=True)) <= 1 / 3
        assert sum(whole) / sum(json) <= 1 / 3

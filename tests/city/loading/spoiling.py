"""A city's folder made wrong, and what the loader says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.city import CityMistakes, load_city


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")


def mistakes(folder: Path) -> list[str]:
    with pytest.raises(CityMistakes) as trouble:
        load_city(folder)
    return trouble.value.sentences


def warnings(folder: Path) -> list[str]:
    return [str(each) for each in load_city(folder).warnings]

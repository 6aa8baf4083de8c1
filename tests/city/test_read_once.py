"""A folder that is as it was is not read again; one that has changed is."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from hotline.city.loader import load_city
from hotline.city.mistakes import CityMistakes
from hotline.settings import ROOT

ANYANG = ROOT / "hotline" / "city" / "anyang"


def test_files_that_are_as_they_were_are_not_read_again(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ANYANG, tmp_path / "city"))
    first = load_city(folder)
    assert load_city(folder) is first
    words = folder / "words.txt"
    words.write_text(words.read_text("utf-8") + "双塔大厦\n", "utf-8")
    changed = load_city(folder)
    assert changed is not first
    assert changed.release != first.release


def test_a_mistake_is_told_each_time_and_forgotten_when_it_is_mended(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ANYANG, tmp_path / "city"))
    calendar = folder / "calendar.yaml"
    good = calendar.read_text("utf-8")
    calendar.write_text("nothing: [", "utf-8")
    for _twice in range(2):
        with pytest.raises(CityMistakes):
            load_city(folder)
    calendar.write_text(good, "utf-8")
    os.utime(calendar)
    assert load_city(folder).name

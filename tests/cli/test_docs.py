"""The documents say what the code says."""

from __future__ import annotations

import re

import pytest

from hotline.cli.main import cli
from hotline.cli.printed import docs
from hotline.errors import Misconfigured
from hotline.settings import ROOT, SETTINGS
from hotline.tickets.lifecycle import ACTIONS
from hotline.tickets.states import State

README = "\n".join(path.read_text(encoding="utf-8") for path in docs.documents())


def test_the_printed_parts_of_the_documents_are_up_to_date() -> None:
    assert docs.differences(cli) == []


def test_a_part_that_was_changed_by_hand_is_noticed() -> None:
    changed = README.replace("| 待派单 `to_dispatch`", "| 等派单 `to_dispatch`")
    assert changed != README
    assert docs.printed(changed, docs._parts(cli))[1] == ["states"]


def test_a_part_that_stands_nowhere_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs, "documents", lambda: [ROOT / "README.md"])
    assert any("glossary" in sentence for sentence in docs.differences(cli))


def test_printing_twice_changes_nothing_more() -> None:
    once, _changed = docs.printed(README, docs._parts(cli))
    assert docs.printed(once, docs._parts(cli)) == (once, [])


def test_an_unknown_marker_is_refused() -> None:
    with pytest.raises(Misconfigured, match="weather"):
        docs.printed("<!-- printed: weather -->\n<!-- /printed -->", docs._parts(cli))


@pytest.mark.parametrize("name", [*ACTIONS, *State, *(setting.name for setting in SETTINGS)])
def test_every_action_state_and_setting_is_in_the_documents(name: str) -> None:
    assert f"`{name}`" in README


def test_every_predicate_of_the_tables_has_a_word_for_people() -> None:
    assert all(line.split("|")[5].strip() for line in docs._actions()[2:])
    assert len(docs._roles()) > 15


def test_the_chart_draws_every_state_and_only_known_ones() -> None:
    drawn = set(re.findall(r"\b[A-Z_]{4,}\b", "\n".join(docs._chart())))
    assert drawn == {state.name for state in State}


def test_pictures_are_asked_for_below_the_application() -> None:
    assert all(picture.startswith("docs/pictures/") for picture in re.findall(r'<img src="([^"]+)"', README))


def test_every_linked_file_is_there() -> None:
    for path in docs.documents():
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"

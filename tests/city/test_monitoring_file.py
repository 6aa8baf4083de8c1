"""monitoring.yaml is checked on load: a rule without a fact, a clause that nobody has read, a source that is not there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hotline.city.loader import load_city
from hotline.city.mistakes import CityMistakes
from tests.support.repository import ROOT

ANYANG = ROOT / "hotline" / "city" / "anyang"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "city"
    shutil.copytree(ANYANG, made)
    return made


def told(folder: Path, before: str, after: str) -> str:
    """What is said when this stands in the file instead of that; "" when nothing is wrong."""
    file = folder / "monitoring.yaml"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
    try:
        load_city(folder)
    except CityMistakes as mistakes:
        return "\n".join(mistakes.sentences)
    return ""


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("clock: sign, severity: minor", "severity: minor", "须写明“clock”"),
        ("clock: sign, severity", "clock: sign, times: 2, severity", "不用写“times”"),
        ("clock: sign, severity", "clock: archive, severity", "不能是“archive”"),
        ("when: reopened", "when: full_moon", "不能是“full_moon”"),
        ("when: reopened, severity: serious", "when: reopened, clause: 第九条, severity: serious", "不能写条款"),
        ("source: checklist, when: sent_back", "source: nowhere, when: sent_back", "没有出处“nowhere”"),
        ("{code: contacted_late", "{code: signed_late", "代码“signed_late”重复"),
        ("demand: supervision, severity", "demand: instruction, severity", "不能是“instruction”"),
        ("sources:", "since: 去年\nsources:", "日期“去年”不对"),
    ],
)
def test_a_mistake_is_a_sentence(folder: Path, before: str, after: str, said: str) -> None:
    assert said in told(folder, before, after)


def test_a_clause_that_was_read_is_quoted(folder: Path) -> None:
    text = "clock: sign, clause: 第二节第三点, severity"
    assert told(folder, "known: name", "known: text") == ""
    assert told(folder, "clock: sign, severity", text) == ""
    assert load_city(folder).monitoring.rules["signed_late"].basis == "依据《市长热线服务与管理规则》第二节第三点"


def test_every_rule_quotes_its_clause_or_says_that_nobody_has_read_it(folder: Path) -> None:
    """As an operator fills it in: the name of the document, then its text, then clause after clause."""
    for step, (before, after) in enumerate((("rules:", "rules:"), ("known: name", "known: text"))):
        assert told(folder, before, after) == ""
        rules = load_city(folder).monitoring.rules.values()
        for rule in rules:
            assert rule.source.title in rule.basis
            assert rule.clause or rule.source.known == "city" or "待核对" in rule.basis, rule.code
        outer = [rule.basis for rule in rules if rule.source.known != "city"]
        assert len(outer) > 5 and all(("（条款待核对）" in one) is bool(step) for one in outer)
    assert told(folder, "source: rules, when: reopened", "source: rules, clause: 第九条, when: reopened") == ""
    assert load_city(folder).monitoring.rules["closed_wrongly"].basis == "依据《市长热线服务与管理规则》第九条"


def test_a_city_without_the_file_is_not_monitored(folder: Path) -> None:
    (folder / "monitoring.yaml").unlink()
    assert not load_city(folder).monitoring.rules


def test_a_monitoring_body_asks_for_nothing_about_people(folder: Path) -> None:
    file = folder / "partners.yaml"
    text = file.read_text(encoding="utf-8")
    for before, after, said in (
        ("kind: monitoring\n", "kind: monitoring\n    personal: full\n", "不写“personal”"),
        ("post: post, at: at}}\n      clock", "who2: phone, at: at}}\n      clock", "不能是“phone”"),
        ("on: [violation, withdrawn]", "on: [dispatch]", "不能是“dispatch”"),
    ):
        assert before in text
        file.write_text(text.replace(before, after, 1), encoding="utf-8")
        with pytest.raises(CityMistakes) as wrong:
            load_city(folder)
        assert said in "\n".join(wrong.value.sentences)

"""monitoring.yaml is checked on load: a rule without a fact, a clause that nobody has read, a source that is not there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hotline.city.loader import load_city
from hotline.city.mistakes import CityMistakes
from hotline.city.monitoring.sources import clause_shown
from hotline.i18n import speaking
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
        ("    clock: sign\n", "", "须写明“clock”"),
        ("    clock: sign\n", "    clock: sign\n    times: 2\n", "不用写“times”"),
        ("clock: sign\n", "clock: archive\n", "不能是“archive”"),
        ("when: reopened", "when: full_moon", "不能是“full_moon”"),
        ("source: weifang\n    clause: 第二十二条", "source: rules\n    clause: 第二十二条", "不能写条款"),
        ("source: weifang\n    clause: 第二十二条", "source: nowhere\n    clause: 第二十二条", "没有出处“nowhere”"),
        ("ours: checklist", "ours: nowhere", "没有出处“nowhere”"),
        ("    says: 当场办不了的，及时转至承办单位\n", "", "须用自己的话写明这一条大意"),
        ("    year: 2018\n", "", "须写明“year”"),
        ("    read: 2026-12-01\n", "", "须写明“read”"),
        ("read: 2026-12-01", "read: 昨天", "日期“昨天”不对"),
        ("code: contacted_late", "code: signed_late", "代码“signed_late”重复"),
        ("demand: supervision", "demand: instruction", "不能是“instruction”"),
        ("sources:", "since: 去年\nsources:", "日期“去年”不对"),
    ],
)
def test_a_mistake_is_a_sentence(folder: Path, before: str, after: str, said: str) -> None:
    assert said in told(folder, before, after)


def test_every_rule_stands_on_a_published_document_and_a_clause_that_was_read(folder: Path) -> None:
    """Whose, when, where and on which day it was read; another city's clause is told as another city's."""
    for rule in load_city(folder).monitoring.rules.values():
        source = rule.source
        assert rule.clause.startswith("第") and rule.clause in rule.basis and source.title in rule.basis, rule.code
        assert source.known == "text" and source.body and source.year and source.read, rule.code
        assert all(one.startswith("http") for one in source.addresses) and source.addresses, rule.code
        assert rule.says and rule.differs, f"{rule.code}: what the clause says, and what of ours it does not say"
        assert ("本市条款待核对" in rule.basis) is not source.own, rule.code


def test_a_document_known_by_name_alone_is_quoted_without_a_clause(folder: Path) -> None:
    assert told(folder, "source: weifang\n    clause: 第二十二条第一款", "source: rules") == ""
    rule = load_city(folder).monitoring.rules["objection_refused"]
    assert rule.basis == "参照《市长热线服务与管理规则》（只知名称，内容和条款待核对）"


def test_a_city_that_has_read_its_own_rules_quotes_them_as_its_own(folder: Path) -> None:
    read = "known: text, own: true, body: 市政府, year: 2019, address: http://a.test/, read: 2026-12-01"
    assert told(folder, "known: name", read) == ""
    assert told(folder, "source: weifang\n    clause: 第二十二条第一款", "source: rules\n    clause: 第九条") == ""
    assert load_city(folder).monitoring.rules["objection_refused"].basis == "依据《市长热线服务与管理规则》第九条"


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


@pytest.mark.parametrize(
    ("clause", "english"),
    [
        ("第二十七条第二款", "Article 27, paragraph 2"),
        ("第四十条第（一）项", "Article 40, item 1"),
        ("第一百零三条", "Article 103"),
        ("第一百一十二条", "Article 112"),
        ("第十条", "Article 10"),
        ("附件2", "附件2"),
    ],
)
def test_a_clause_is_told_in_the_readers_language(clause: str, english: str) -> None:
    assert clause_shown(clause) == clause
    with speaking("en"):
        assert clause_shown(clause) == english

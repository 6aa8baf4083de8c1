"""The model page: everybody of the administration reads it, administrators train, accept and roll back, and it is written down."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from classifier.category import store
from classifier.category.calibrate import Threshold
from classifier.category.train import Example, train
from hotline.installation import Installation
from hotline.training.account import Account, Confusion, Learnt, account, learnt
from hotline.training.examples import starter_requests
from hotline.training.nightly import hear_requests
from hotline.training.progress import alone, noting
from hotline.triage.active_classifier import parents_of
from hotline.triage.model_registry import ModelEntry, ModelRegistry
from hotline.triage.returned import KEPT
from models import Audit, Correction, Job, Proposal, Staff
from tests.support.life import Life
from tests.support.make import make_staff
from tests.support.papers.texts import FOUR, texts
from tests.support.statements import statements

Browse = Callable[[Any], FlaskClient]


@pytest.fixture
def admin(life: Life, browse: Browse) -> FlaskClient:
    boss: Staff = make_staff(life.db, "guan", "管", "administrator", unit="hotline")
    life.db.commit()
    return browse(boss)


@pytest.fixture
def registry(installation: Installation) -> ModelRegistry:
    """Two models that may act: the older was chosen last, the newer was refused."""
    registry, files = ModelRegistry(installation.settings.models), []
    for count in (30, 40):
        model = train(
            [Example(text, code) for code in FOUR for text in texts(code, count)], parents=parents_of(installation.city)
        )
        model.about.update(own=10 * count, starter="", until="", sources={"closed": 9 * count, "ruling": count})
        files.append(store.save(model, registry.folder).name)
    registry.point(files[0], installation.clock.now(), "clock", "accepted", {"out_of_fold_accuracy": 0.9})
    registry.note(
        "refused",
        files[1],
        installation.clock.now(),
        "clock",
        {"candidate_accuracy": 0.5, "present_accuracy": 0.9, "fresh": 40},
    )
    return registry


def refused(registry: ModelRegistry) -> str:
    return next(entry.file for entry in registry.history() if entry.deed == "refused")


def test_the_page_says_that_keywords_answer_before_there_is_a_model(admin: FlaskClient) -> None:
    page = admin.get("/admin/model")
    assert page.status_code == 200 and "关键词规则" in page.text and "还没有训练过" in page.text


def test_the_page_shows_model_hash_thresholds_and_history(admin: FlaskClient, registry: ModelRegistry) -> None:
    page = admin.get("/admin/model").text
    pointer = registry.current()
    assert pointer and pointer.file in page and pointer.sha256[:16] in page
    assert (
        "UTC" not in page
        and f"{datetime.fromisoformat(pointer.at).astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M}" in page
    )
    assert "97.0 %" in page and "候选 50.0 %，现用 90.0 %，共 40 件" in page


def rows(page: str) -> list[str]:
    """The thresholds in force, as words."""
    found = re.findall(r'<tr>\s*<th scope="row" class="bare">[小大]类.*?</tr>', page, flags=re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found if "在用" in one]


def test_each_level_shows_its_threshold_with_its_interval_and_on_what_it_was_chosen(
    admin: FlaskClient, registry: ModelRegistry
) -> None:
    category, group = rows(admin.get("/admin/model").text)
    assert category.startswith("小类 折外预测 97.0 %") and group.startswith("大类 折外预测 97.0 %")
    assert re.search(r"100\.0 %（9\d\.\d %–100\.0 %） 100\.0 % 120", category)
    row = asdict(Threshold(0.97, 0.88, 0.975, 0.6, 0.951, 0.988, 400))
    registry.choose_anew({"category": [row], "group": [{**row, "p": 2.0}]})
    category, group = rows(admin.get("/admin/model").text)
    assert category == "小类 新工单 97.0 % 0.880 97.5 %（95.1 %–98.8 %） 60.0 % 400 在用"
    assert group == "大类 新工单 97.0 % 达不到 — 60.0 % 400 在用"


def test_no_threshold_is_shown_before_there_are_enough_own_examples(
    admin: FlaskClient, registry: ModelRegistry
) -> None:
    path = (registry.folder / registry.current().file).with_suffix(".json")  # type: ignore[union-attr]
    path.write_text(path.read_text(encoding="utf-8").replace('"own": 300', '"own": 299'), encoding="utf-8")
    page = admin.get("/admin/model").text
    assert rows(page) == [] and "还没有门槛" in page


def test_the_page_tells_where_the_examples_came_from(admin: FlaskClient, registry: ModelRegistry) -> None:
    """Found at the desks: F13."""
    assert "300（办结的工单 270，疑难裁定 30）" in admin.get("/admin/model").text


def test_a_model_on_trial_is_shown_and_can_be_put_to_use(
    admin: FlaskClient, registry: ModelRegistry, installation: Installation
) -> None:
    other = refused(registry)
    registry.try_out(other, installation.clock.now(), "clock", {})
    page = admin.get("/admin/model").text
    assert "影子试用中的模型" in page and "不等了，现在启用" in page
    assert admin.post("/admin/model/use", data={"file": other}).status_code == 303
    assert "影子试用中的模型" not in admin.get("/admin/model").text


def test_a_running_training_shows_how_far_it_is_and_its_end_renews_the_page(
    admin: FlaskClient, registry: ModelRegistry
) -> None:
    with alone(registry):
        noting(registry)("fold 1", 0.42)
        for address in ("/admin/model", "/admin/model/training"):
            page = admin.get(address).text
            assert 'value="42"' in page and "正在训练 42%" in page and 'hx-trigger="every 2s"' in page
    assert 'hx-trigger="every 2s"' not in admin.get("/admin/model").text
    assert admin.get("/admin/model/training").headers["HX-Redirect"].endswith("/admin/model")


def test_an_administrator_accepts_a_refused_model_and_goes_back_again(
    admin: FlaskClient, registry: ModelRegistry, life: Life, installation: Installation
) -> None:
    former, other = registry.current().file, refused(registry)  # type: ignore[union-attr]
    name = installation.classifier.name
    assert admin.post("/admin/model/use", data={"file": other}).status_code == 303
    assert registry.current().file == other and installation.classifier.name != name  # type: ignore[union-attr]
    assert admin.post("/admin/model/use", data={"file": former}).status_code == 303
    assert installation.classifier.name == name
    life.db.rollback()
    noted = life.db.scalars(select(Audit).where(Audit.action == "model_chosen").order_by(Audit.id)).all()
    assert [one.subject for one in noted] == [other, former] and noted[0].detail["former"] == former


def test_the_head_reads_and_changes_nothing_and_others_see_nothing(
    life: Life, browse: Browse, registry: ModelRegistry
) -> None:
    former = registry.current()
    head = browse(life.staff["tou"])
    assert head.get("/admin/model").status_code == 200 and "换回" not in head.get("/admin/model").text
    assert head.post("/admin/model/use", data={"file": refused(registry)}).status_code == 403
    assert head.post("/admin/model/learn").status_code == 403
    assert browse(life.staff["du"]).get("/admin/model").status_code == 403
    assert registry.current() == former


def test_a_damaged_model_is_announced_and_cannot_be_chosen(
    admin: FlaskClient, registry: ModelRegistry, installation: Installation
) -> None:
    path: Path = registry.folder / registry.current().file  # type: ignore[union-attr]
    path.write_bytes(b"broken")
    assert "选定的模型没有在用" in admin.get("/admin/model").text
    assert installation.classifier.name.startswith("keywords")
    assert admin.post("/admin/model/use", data={"file": path.name}).status_code == 404


def test_training_is_enqueued_once_asked_for(admin: FlaskClient, life: Life) -> None:
    assert admin.post("/admin/model/learn").status_code == 303
    life.db.rollback()
    assert life.db.scalars(select(Job.args).where(Job.name == "learn")).one() == {"by": "管", "forced": True}
    assert "训练已经安排" in admin.get("/admin/model").text


def test_corrections_are_counted_by_week(admin: FlaskClient, life: Life) -> None:
    for days in (1, 2, 9, 100):
        ticket = life.ticket(phone=f"138000{days:05d}")
        at = life.now - timedelta(days=days)
        life.db.add(Proposal(ticket_id=ticket.id, at=at, model="keywords", release="x"))
        if days == 2:
            life.db.add(Correction(ticket_id=ticket.id, at=at, about="category", source="dispatch", chosen="0204"))
    life.db.commit()
    page = re.sub(r">\s+<", "><", admin.get("/admin/model").text)
    assert '<td class="cell-num num">2</td><td class="cell-num num">1</td><td class="cell-num num">50.0 %</td>' in page


def test_the_number_of_statements_does_not_grow_with_the_history(
    admin: FlaskClient, registry: ModelRegistry, installation: Installation
) -> None:
    with statements(installation.engine) as few:
        admin.get("/admin/model")
    for _n in range(20):
        registry.note("refused", refused(registry), installation.clock.now(), "clock", {})
    with statements(installation.engine) as many:
        admin.get("/admin/model")
    assert len(many) == len(few)


def test_an_english_reader_meets_no_chinese_on_the_page(admin: FlaskClient, registry: ModelRegistry) -> None:
    admin.set_cookie("hotline_language", "en")
    main = re.search(r"<main.*?</main>", admin.get("/admin/model").text, flags=re.S)
    said = re.sub(r"<(script|style|svg).*?</\1>", "", main[0], flags=re.S) if main else "没有"
    assert not re.findall(r"[\u3400-\u9fff]+", said)


def test_the_page_says_in_words_who_judges_type_and_urgency_and_how_well(
    admin: FlaskClient, registry: ModelRegistry, installation: Installation
) -> None:
    assert "没有学过诉求类型和紧急程度" in admin.get("/admin/model").text
    model = train(
        [Example(text, code) for code in FOUR for text in texts(code, 30)], parents=parents_of(installation.city)
    )
    hear_requests(model, starter_requests(installation.settings.city_dir))
    assert model.requests is not None
    registry.point(store.save(model, registry.folder).name, installation.clock.now(), "管", "chosen")
    page = admin.get("/admin/model").text
    kind = model.requests.about["request_type"]
    assert (
        f"准确率 {100 * kind['accuracy']:.1f} %" in page and f"只看提示词：{100 * kind['cues_accuracy']:.1f} %" in page
    )
    assert "没有学过诉求类型和紧急程度" not in page


def test_the_page_says_in_plain_words_what_it_did_what_it_mixed_up_and_what_it_learned(
    life: Life, admin: FlaskClient, registry: ModelRegistry, installation: Installation
) -> None:
    for n in range(4):
        ticket = life.ticket(phone=f"1380000000{n}")
        ticket.dispatched_at, ticket.auto_dispatched, ticket.returns = life.now, n > 1, n // 3
        made = Proposal(
            ticket_id=ticket.id, at=life.now, model="m", release="x", category_code="0204", confidence=0.5 + 0.1 * n
        )
        life.db.add(made)
        life.db.flush()
        if n == 0:
            for about, was, now in (("category", "0204", "0401"), ("unit", "chengguan", "housing")):
                row = {"about": about, "source": "dispatch", "proposed": was, "chosen": now}
                life.db.add(Correction(ticket_id=ticket.id, proposal_id=made.id, at=life.now, **row))
    life.db.commit()
    assert account(life.db, life.now) == Account(4, 1, 4, 3, 3, 2, 1, (Confusion("0204", "0401", 1),), (("0204", 1),))
    page = admin.get("/admin/model").text
    assert "给 4 件诉求提了建议，其中 1 件它自己说拿不准" in page and "单位照它说的有 75.0 %" in page
    assert "当成“路灯”（1 次）" in page
    assert "它最拿不准的：“路灯”（1 件）" in page
    assert "审核助手：" not in page
    assert "自动派单未开启" in page and "上周换过 1 次模型" in page and "还没有可核对的" in page


def test_the_page_says_how_often_the_assistant_of_the_review_agreed(life: Life, admin: FlaskClient) -> None:
    ticket = life.ticket()
    for proposed, chosen in (("pass", "pass"), ("pass", "redo:R01"), ("redo:R09", "redo:R09")):
        row = {"about": "reply", "source": "review", "proposed": proposed, "chosen": chosen}
        life.db.add(Correction(ticket_id=ticket.id, at=life.now, **row))
    life.db.commit()
    page = admin.get("/admin/model").text
    assert "3 次审核里，67% 与审核员一致；说能过而被退回 1 次，说会退而通过 0 次" in page and "按内置规则提醒" in page


def test_what_was_learned_last_week_is_counted_from_the_history(life: Life) -> None:
    def entry(days: int, deed: str, **figures: Any) -> ModelEntry:
        return ModelEntry((life.now - timedelta(days=days)).isoformat(), deed, "m", "clock", figures)

    history = [
        entry(1, "accepted", own=340, out_of_fold_accuracy=0.91),
        entry(2, "refused", own=900),
        entry(3, "chosen"),
        entry(9, "accepted", own=300, out_of_fold_accuracy=0.9),
    ]
    assert learnt(history, life.now) == Learnt(2, 40, 0.9, 0.91)
    assert learnt(history[3:], life.now) == Learnt(0, 0, 0.9, 0.9) and learnt([], life.now).models == 0


def test_the_sets_of_units_stand_on_the_page_as_they_were_checked(admin: FlaskClient, registry: ModelRegistry) -> None:
    row = {"told": 200, "held": 196, "stated": 0.98, "size": 1.2, "single": 160, "single_held": 158}
    row |= {"interval": [0.95, 0.99], "verdict": "good"}
    registry.write(KEPT, {"checks": [{"kind": "all", **row}, {"kind": "open", **row}]})
    page = admin.get("/admin/model").text
    assert page.count("158 / 160") == 2 and "98.0 %" in page and "1.20" in page and "区县未定" in page

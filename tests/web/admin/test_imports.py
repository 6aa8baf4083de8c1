"""The import page: administrators bring files in, the head of the hotline reads, nobody else sees it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from hotline.installation import Installation
from hotline.intake.importing import runs
from hotline.intake.importing.preflight import planned
from hotline.intake.importing.reading.cells import text_of
from hotline.intake.importing.wish import Wish
from hotline.keys.readable import MEMORY
from hotline.outbox.runner import drain
from models import Audit, ImportRun, StaffChange, Ticket
from tests.support.life import Life
from tests.support.make import make_staff

Browse = Callable[[Any], FlaskClient]
FILE = "编号,诉求内容,联系电话,状态\nA1,路灯不亮,13800010001,办理中\nA2,井盖丢了,13800010002,已办结\nA1,=另一件事,13800010003,\nA4,,13800010004,\n"


@pytest.fixture
def admin(life: Life, browse: Browse) -> FlaskClient:
    boss = make_staff(life.db, "guan", "管", "administrator", unit="hotline")
    life.db.commit()
    return browse(boss)


def sent(client: FlaskClient, content: str | bytes = FILE, name: str = "旧系统.csv", **form: str) -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post(
        "/admin/imports",
        data={"file": (io.BytesIO(data), name), "texts": "none", "channel": "web", "history": "1", **form},
        content_type="multipart/form-data",
    )


def test_a_file_that_waits_is_not_read_on_a_stolen_disk(
    life: Life, installation: Installation, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the upload until it is taken in, file, rows and what came of them lie hidden; nothing readable is left of the reading."""
    seen: list[bool] = []
    held = runs.preflight

    def watched(wish: Wish, *more: Any) -> Any:
        seen.append(wish.path.read_bytes() == FILE.encode())
        return held(wish, *more)

    monkeypatch.setattr(runs, "preflight", watched)

    def readable() -> list[str]:
        left = [*installation.settings.var.rglob("*"), *MEMORY.glob("hotline-import-*/旧系统.csv")]
        words = (b"13800010001", "井盖丢了".encode(), json.dumps("井盖丢了")[1:-1].encode())
        return [str(path) for path in left if path.is_file() and any(word in path.read_bytes() for word in words)]

    address = sent(admin).headers["Location"]
    assert list(installation.settings.var.rglob("旧系统.csv")) and readable() == []
    drain(installation)
    assert seen == [True] and list(installation.settings.var.rglob("rows-*.jsonl")) and readable() == []
    left = MEMORY / f"hotline-import-{life.db.scalars(select(ImportRun.folder)).one()}-killed"
    life.db.rollback()
    left.mkdir()
    (left / "旧系统.csv").write_text(FILE, encoding="utf-8")
    admin.post(
        f"{address}/map", data={"column_body": "诉求内容", "column_phone": "联系电话", "column_outer_number": "编号"}
    )
    drain(installation)
    assert readable() == []
    admin.post(f"{address}/start")
    drain(installation)
    assert readable() == [] and life.db.scalar(select(func.count()).select_from(Ticket)) == 2


def test_a_file_is_uploaded_understood_mapped_and_taken_in(
    life: Life, installation: Installation, admin: FlaskClient
) -> None:
    answer = sent(admin)
    assert answer.status_code == 303
    address = answer.headers["Location"]
    assert "正在检查" in admin.get(address).text
    drain(installation)
    page = admin.get(address).text
    assert "旧系统.csv" in page and "诉求内容←诉求内容" in page and "读不了 1 行" in page and "13800010001" not in page
    assert 'name="column_body"' in page and "读入 3 行" in page
    assert (
        admin.post(
            f"{address}/map",
            data={"column_body": "诉求内容", "column_phone": "", "column_outer_number": "编号", "column_state": "状态"},
        ).status_code
        == 303
    )
    drain(installation)
    assert admin.post(f"{address}/start").status_code == 303
    assert "/ 4 行" in admin.get(f"{address}/progress").text
    drain(installation)
    assert admin.get(f"{address}/progress").headers["HX-Redirect"] == address
    assert "读到 4 行：新建 2，已有 0，冲突 1，退回 1" in admin.get(address).text
    with installation.readings() as db:
        assert {(t.outer_number, t.state, t.contact_phone) for t in db.scalars(select(Ticket))} == {
            ("A1", "to_dispatch", None),
            ("A2", "closed", None),
        }
        assert {deed for deed in db.scalars(select(Audit.action)) if deed.startswith("import")} == {
            "import_uploaded",
            "import_started",
        }


def test_rejected_rows_are_fetched_as_a_table_mended_and_imported_again(
    life: Life, installation: Installation, admin: FlaskClient, tmp_path: Any
) -> None:
    with_a_heading = FILE.replace("状态\n", "状态,＋备注\n").replace(",\n", ",,x\n")
    address = sent(admin, with_a_heading).headers["Location"]
    drain(installation)
    admin.post(f"{address}/start")
    drain(installation)
    answer = admin.post(f"{address}/rejects")
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    assert "'=另一件事" in answer.data.decode("utf-8-sig") and ",'＋备注" in answer.data.decode("utf-8-sig")
    (tmp_path / "r.csv").write_bytes(answer.data)
    ((table, columns),) = planned(Wish(tmp_path / "r.csv"), datetime(2026, 3, 4, tzinfo=UTC)).tables
    assert [(text_of(row.values["原行号"]), text_of(row.values[columns.first("body")])) for row in table.rows()] == [
        ("4", "=另一件事"),
        ("5", ""),
    ]
    with installation.readings() as db:
        assert db.scalar(select(func.count()).select_from(Audit).where(Audit.action == "import_rejects")) == 1


def test_many_rejected_rows_leave_by_the_word_of_two(
    life: Life, installation: Installation, admin: FlaskClient
) -> None:
    """V8: whole rows of citizens in clear went to one administrator alone."""
    address = sent(admin, FILE).headers["Location"]
    drain(installation)
    admin.post(f"{address}/start")
    drain(installation)
    installation.settings = replace(installation.settings, export_alone=1)
    waiting = admin.post(f"{address}/rejects")
    assert waiting.status_code == 303 and "批准" in admin.get(waiting.headers["Location"]).text
    with installation.readings() as db:
        assert db.scalars(select(StaffChange.kind)).all() == ["export"]
        assert db.scalar(select(func.count()).select_from(Audit).where(Audit.action == "import_rejects")) == 0


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"PK\x03\x04 no", "坏.xlsx", "坏.xlsx"),
        (b"x", "a.pdf", "不认识这种文件"),
        (b"", "空.csv", "文件是空的"),
        (b"", "", "请选择一个文件"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_so_beside_its_field(
    life: Life, installation: Installation, admin: FlaskClient, content: bytes, name: str, says: str
) -> None:
    answer = sent(admin, content, name, source="town")
    assert answer.status_code == 400 and says in answer.text and 'value="town"' in answer.text
    with installation.readings() as db:
        assert db.scalar(select(func.count()).select_from(ImportRun)) == 0


def test_a_file_in_doubt_shows_its_sentence_and_its_columns(
    life: Life, installation: Installation, admin: FlaskClient
) -> None:
    address = sent(admin, "甲,乙\n1,平原路路灯连续五晚不亮孩子放学看不见\n").headers["Location"]
    drain(installation)
    page = admin.get(address).text
    assert (
        "没有读入，请指明后再检查" in page
        and "最长的文字在“乙”列" in page
        and "--map" not in page
        and '<option value="乙"' in page
    )
    assert admin.post(f"{address}/start").status_code == 400
    admin.post(f"{address}/map", data={"column_body": "乙"})
    drain(installation)
    assert "读入 1 行" in admin.get(address).text


def test_a_dropped_file_is_gone(life: Life, installation: Installation, admin: FlaskClient) -> None:
    address = sent(admin).headers["Location"]
    assert admin.post(f"{address}/drop").status_code == 303
    assert not any((installation.settings.var / "imports").iterdir())
    assert admin.post(f"{address}/start").status_code == 400


def test_only_the_administration_sees_it_and_only_administrators_act(
    life: Life, installation: Installation, admin: FlaskClient, browse: Browse
) -> None:
    address = sent(admin).headers["Location"]
    reader = browse(life.staff["tou"])
    assert reader.get(address).status_code == 200 and "上传并检查" not in reader.get("/admin/imports").text
    assert [reader.post(f"{address}/{deed}").status_code for deed in ("map", "start", "again", "drop", "rejects")] == [
        403
    ] * 5
    assert sent(reader).status_code == 403
    for login in ("an", "du", "he", "ren"):
        assert browse(life.staff[login]).get("/admin/imports").status_code == 403
    assert admin.get("/admin/imports/999").status_code == 404

"""Wrong rows are told by line and reason, and the others come in."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

from hotline.installation import Installation
from tests.support.cities.imported import count, lines, numbered, only_ticket
from tests.support.cities.imported import taken as take


def test_wrong_rows_are_told_by_line_and_reason_and_the_others_come_in(
    installation: Installation, tmp_path: Path
) -> None:
    file = lines(
        tmp_path / "a.jsonl",
        [
            {"id": "1", "body": "路灯不亮"},
            "{broken",
            '["a list"]',
            {"id": "4", "body": "  "},
            "",
            {"id": "6", "body": "井盖丢了", "phone": "abc"},
            {"id": "7", "body": "停水了", "time": "2026-13-45"},
            {"id": "8", "body": "长" * 60_000},
            {"id": "9", "body": "公交太少"},
        ],
    )
    outcome = take(installation, file)
    assert (outcome.read, outcome.new) == (8, 3)
    assert [line for line, _reason, _sheet in outcome.told] == [2, 3, 4, 7, 8]
    assert outcome.balanced()
    held = [json.loads(line) for line in (tmp_path / "a.jsonl.rejects.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(one["line"], one["reason"]) for one in held] == [one[:2] for one in outcome.told]
    assert held[0]["row"] == "{broken"
    assert held[3]["row"]["time"] == "2026-13-45"


def test_a_bad_row_does_not_lose_its_batch(installation: Installation, tmp_path: Path) -> None:
    rows = numbered(30)
    rows[13]["time"] = "half past never"
    outcome = take(installation, lines(tmp_path / "a.jsonl", rows), batch=10)
    assert (outcome.new, outcome.rejected, count(installation)) == (29, 1, 29)


def test_bytes_that_are_no_text_are_a_wrong_row(installation: Installation, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"id": "1", "body": "\xff\xfe"}\n{"id": "2", "body": "ok then"}\n')
    outcome = take(installation, tmp_path / "a.jsonl")
    assert (outcome.new, [line for line, _r, _s in outcome.told]) == (1, [1])


def test_a_csv_row_with_a_lost_quotation_mark_is_told(installation: Installation, tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["id", "正文"], ["1", "路灯不亮"], ["2", "井盖", "丢了"]])
    outcome = take(installation, tmp_path / "a.csv")
    assert (outcome.new, [line for line, _r, _s in outcome.told]) == (1, [3])


def test_a_torn_gzip_gives_what_it_has_and_says_that_the_rest_is_missing(
    installation: Installation, tmp_path: Path
) -> None:
    whole = gzip.compress(b"".join(json.dumps(row).encode() + b"\n" for row in numbered(400)))
    (tmp_path / "a.jsonl.gz").write_bytes(whole[:-200])
    outcome = take(installation, tmp_path / "a.jsonl.gz")
    assert 0 < outcome.new < 400
    assert outcome.rejected >= 1


def test_mended_rejects_leave_no_file_of_rejects_behind(installation: Installation, tmp_path: Path) -> None:
    file = lines(tmp_path / "a.jsonl", [{"id": "1", "body": ""}])
    take(installation, file)
    assert (tmp_path / "a.jsonl.rejects.jsonl").exists()
    take(installation, lines(file, [{"id": "1", "body": "路灯不亮"}]))
    assert not (tmp_path / "a.jsonl.rejects.jsonl").exists()


def test_the_file_of_rejects_can_be_mended_and_read_by_a_person(installation: Installation, tmp_path: Path) -> None:
    take(installation, lines(tmp_path / "a.jsonl", [{"id": "1", "body": "路灯不亮", "time": "说不清"}]))
    rejects = tmp_path / "a.jsonl.rejects.jsonl"
    told = rejects.read_text(encoding="utf-8")
    assert "说不清" in told
    rejects.write_text(told.replace("说不清", "2026-03-15"), encoding="utf-8")
    assert take(installation, rejects).new == 1
    assert only_ticket(installation)[0].outer_source == "a"

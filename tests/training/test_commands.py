"""The commands on small files of our own: what they print as JSON is a promise to whoever measures with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hotline.cli.main import cli
from tests.support.papers.texts import FOUR, texts

Run = Callable[..., Result]
FIGURES = {
    "macro_f1",
    "accuracy",
    "top2",
    "top3",
    "ece",
    "coverage_at_97",
    "threshold",
    "precision_at_threshold",
    "ms_per_message_median",
    "ms_per_message_p95",
    "messages_per_second",
}


@pytest.fixture
def run(small_city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    real = Path(__file__).parents[2] / "hotline" / "city" / "anyang"
    for file in real.iterdir():
        if file.is_file():
            (small_city / file.name).write_bytes(file.read_bytes())
    for name, value in {
        "HOTLINE_VAR": str(tmp_path),
        "HOTLINE_MODE": "development",
        "HOTLINE_CITY": str(small_city),
    }.items():
        monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(cli, [str(word) for word in words])


def labelled(path: Path, count: int, mark: str, text: str = "text", label: str = "label") -> Path:
    rows = [
        {"id": f"{code}-{at}", text: one, label: f"field {code[:2]}"}
        for code in FOUR
        for at, one in enumerate(texts(code, count, mark))
    ]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def said(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output + str(result.exception)
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


def test_train_and_test_files_give_one_object_of_figures(run: Run, tmp_path: Path) -> None:
    a, b = (
        labelled(tmp_path / "a.jsonl", 24, "甲", "words", "field"),
        labelled(tmp_path / "b.jsonl", 8, "乙", "words", "field"),
    )
    found = said(run("evaluate", "--train", a, "--test", b, "--text", "words", "--label", "field", "--json"))
    assert found.keys() >= FIGURES and found["train_rows"] == 96 and found["test_rows"] == 32
    assert found["accuracy"] > 0.9


def test_several_files_and_tables_of_words_teach_together(run: Run, tmp_path: Path) -> None:
    files = [labelled(tmp_path / f"{mark}.jsonl", 12, mark) for mark in "甲乙甲"]
    asked = labelled(tmp_path / "asked.jsonl", 8, "丙")
    rows = [{"tokens": ["路灯", "坏", "很久"], "label": "field 02", "group": str(at)} for at in range(5)]
    known = asked.read_text(encoding="utf-8").replace('{"id"', '{"group": "held", "id"', 1)
    asked.write_text(known, encoding="utf-8")
    rows.append({"tokens": ["这", "是", "考题"], "label": "field 02", "group": "held"})
    words = tmp_path / "words.jsonl"
    words.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    taught = [word for file in files for word in ("--train", file)]
    found = said(run("evaluate", *taught, "--test", asked, "--tokens", words, "--json"))
    assert found.keys() >= FIGURES and (found["train_rows"], found["token_rows"]) == (96, 5)
    alone = said(run("evaluate", files[0], "--tokens", words, "--json"))
    assert (alone["rows"], alone["token_rows"]) == (48, 6) and alone["accuracy"] > 0.9


def test_one_file_is_cross_validated(run: Run, tmp_path: Path) -> None:
    found = said(run("evaluate", labelled(tmp_path / "a.jsonl", 24, "甲"), "--json"))
    assert found.keys() >= FIGURES and found["way"] == "grouped 5-fold" and found["confusion"]


def test_a_spreadsheet_of_commas_is_read_as_well(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        "text,label\n" + "".join(f"{one},{code}\n" for code in FOUR for one in texts(code, 24)), encoding="gb18030"
    )
    assert said(run("evaluate", file, "--json"))["rows"] == 96


def test_the_starter_is_measured_without_a_label_of_theirs(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "map.csv"
    table.write_text("code,label\n" + "".join(f"{code[:2]},field {code[:2]}\n" for code in FOUR), encoding="utf-8")
    found = said(run("evaluate", "--cold", "--test", labelled(tmp_path / "b.jsonl", 8, "乙"), "--map", table, "--json"))
    assert found.keys() >= FIGURES | {"keywords_accuracy"} and found["accuracy"] > 0.9 and found["threshold"] > 1


def test_classify_writes_an_answer_for_every_row(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert run("classify", labelled(tmp_path / "b.jsonl", 3, "乙"), "--out", out).exit_code == 0
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows][:2] == ["0204-0", "0204-1"] and len(rows) == 12
    assert rows[0].keys() == {
        "id",
        "ranked",
        "known",
        "category",
        "request_type",
        "urgency",
        "unit",
        "helpers",
        "safety",
        "words",
        "title",
        "place",
        "spans",
        "model",
    }
    assert rows[0]["category"] == "0204" and rows[0]["unit"] and rows[0]["ranked"][0].keys() == {"code", "p", "words"}


def test_a_file_trains_a_model_and_prints_what_it_is(run: Run, tmp_path: Path) -> None:
    file = labelled(tmp_path / "a.jsonl", 24, "甲")
    one, again = (said(run("train", file, "--into", tmp_path / "models", "--json")) for _ in range(2))
    assert one["file"] == again["file"] and Path(one["file"]).exists() and one["sha256"] == again["sha256"]
    assert one.keys() >= {"about", "labels", "thresholds", "versions"}


def test_a_card_is_written_with_its_pictures(run: Run, tmp_path: Path) -> None:
    found = said(
        run("train", labelled(tmp_path / "a.jsonl", 24, "甲"), "--into", tmp_path / "models", "--card", "--json")
    )
    written = Path(found["card"])
    assert "## Confusion" in written.read_text(encoding="utf-8")
    assert len(list(written.parent.glob("*.svg"))) == 2


def test_replies_are_measured_beside_the_baselines(run: Run, tmp_path: Path) -> None:
    good, bad = "经现场查看，灯杆线路断开，已于三日更换线路恢复照明，并电话告知本人。", "您的留言已收悉，感谢您的关注。"
    replies, verdicts = tmp_path / "replies.jsonl", tmp_path / "verdicts.jsonl"
    replies.write_text(
        "".join(
            json.dumps(
                {
                    "id": str(n),
                    "subject": "路灯",
                    "body": f"第{n}盏路灯不亮",
                    "reply": f"{bad if n % 3 == 0 else good}{n}",
                }
            )
            + "\n"
            for n in range(90)
        ),
        encoding="utf-8",
    )
    verdicts.write_text(
        "".join(
            json.dumps(
                {
                    "id": str(n),
                    "verdict": "send_back" if n % 3 == 0 else "pass",
                    "outcome": "resolved",
                    "reasons": ["R01"] if n % 3 == 0 else [],
                }
            )
            + "\n"
            for n in range(90)
        ),
        encoding="utf-8",
    )
    found = said(run("evaluate-replies", "--replies", replies, "--verdicts", verdicts, "--json"))
    assert (
        found["model"].keys() >= {"auc", "average_precision", "precision_at_recall_90"} and "baseline_length" in found
    )


@pytest.mark.parametrize(
    "words", [("evaluate",), ("evaluate", "--cold", "--test", "b.jsonl"), ("evaluate", "--train", "a.jsonl")]
)
def test_half_a_question_is_answered_with_how_to_ask(run: Run, words: tuple[str, ...]) -> None:
    result = run(*words)
    assert result.exit_code == 2 and "--cold" in result.output


def test_a_missing_column_is_named(run: Run, tmp_path: Path) -> None:
    result = run("evaluate", labelled(tmp_path / "a.jsonl", 4, "甲"), "--label", "nowhere")
    assert result.exit_code != 0 and "nowhere" in str(result.exception)

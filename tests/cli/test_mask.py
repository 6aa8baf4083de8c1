"""`hotline mask FILE` answers every line: what would be starred, and where."""

import json

from click.testing import CliRunner

from hotline.cli.main import cli


def test_every_line_has_its_answer(tmp_path):
    file = tmp_path / "texts.jsonl"
    rows = [
        {"text": "逄啸天来电称138 000 12345无人接听", "known": {"name": "逄啸天", "phone": "13800012345"}},
        {"text": "请拨打0372-3333333咨询，维修师傅手机13800010001", "where": "answer"},
    ]
    file.write_text(
        "\n".join(
            [
                *(json.dumps(row, ensure_ascii=False) for row in rows),
                "",
                "no json",
                '{"other": 1}',
                '{"text": "半个\\ud83d 138\\u200b00010001"}',
            ]
        ),
        "utf-8",
    )
    done = CliRunner().invoke(cli, ["mask", str(file)])
    assert done.exit_code == 0
    first, answer, torn, empty, half = (json.loads(line) for line in done.output.splitlines())
    assert first["masked"] == "逄**来电称138******2345无人接听"
    assert [(one["kind"], rows[0]["text"][one["start"] : one["end"]]) for one in first["hidden"]] == [
        ("name", "逄啸天"),
        ("known", "138 000 12345"),
    ]
    assert answer["masked"] == "请拨打0372-3333333咨询，维修师傅手机138****0001"
    assert "第 4 行" in torn["error"] and "text" in empty["error"]
    assert half["hidden"] and "00010001" not in half["masked"]

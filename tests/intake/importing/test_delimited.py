"""Tables written as text: one bad byte, one lost quotation mark, one odd delimiter costs at most its own row."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from hotline.errors import Refusal
from hotline.installation import Installation
from hotline.intake.importing.reading.delimited import open_delimited
from hotline.intake.importing.reading.encodings import encoding_of
from tests.support.cities.imported import Take, by_number, tickets

HEAD = "编号,诉求内容,联系电话"


def table(n: int, broken: dict[int, str] | None = None) -> str:
    lines = [(broken or {}).get(i, f"Q{i},第{i}位市民的诉求,138000100{i:02d}") for i in range(1, n + 1)]
    return "\n".join([HEAD, *lines]) + "\n"


@pytest.mark.parametrize(
    "broken",
    [
        {2: 'Q2,"井盖丢了,13800010002'},
        {2: 'Q2,井盖丢了,"13800010002'},
        {2: '"Q2,井盖丢了,13800010002'},
        {11: 'Q11,"井盖丢了,13800010011'},
        {12: 'Q12,"井盖丢了,13800010012'},
        {1: 'Q1,"井盖丢了,13800010001'},
    ],
)
def test_an_open_quotation_mark_costs_its_own_row(
    take: Take, installation: Installation, tmp_path: Path, broken: dict[int, str]
) -> None:
    """Found outside: I6."""
    (tmp_path / "a.csv").write_text(table(12, broken), encoding="utf-8")
    outcome = take(tmp_path / "a.csv")
    (at,) = broken
    assert (outcome.read, outcome.new, [line for line, _w, _s in outcome.told]) == (12, 11, [at + 1])
    assert all("\n" not in text.body and text.body.count("市民") <= 1 for _t, text in tickets(installation))
    assert "138" not in outcome.told[0].reason


def test_two_open_marks_cost_two_rows_and_what_stands_between_is_nobodys_text(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(
        table(12, {2: 'Q2,"井盖丢了,13800010002', 7: 'Q7,停水了",13800010007'}), encoding="utf-8"
    )
    outcome = take(tmp_path / "a.csv")
    assert outcome.new >= 10
    assert outcome.read == 12
    assert all(
        "市民" not in text.body.replace(f"第{ticket.outer_number[1:]}位市民的诉求", "")
        for ticket, text in tickets(installation)
        if ticket.outer_number
    )


def test_a_text_of_several_lines_with_commas_stays_whole(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    said = '路灯不亮,很黑,\n孩子放学,看不见路\n\n他说：""等着""，一直没人'
    (tmp_path / "a.csv").write_text(f'{HEAD}\nQ1,"{said}",13800010001\nQ2,"井盖丢了",\n', encoding="utf-8")
    assert take(tmp_path / "a.csv").new == 2
    assert by_number(installation)["Q1"][1].body == said.replace('""', '"')


def test_a_mark_in_the_middle_of_words_is_a_mark(take: Take, installation: Installation, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        f'{HEAD}\nQ1,5"水管裂了,13800010001\nQ2,他说"没人管"就走了,13800010002\nQ3,停水,\n', encoding="utf-8"
    )
    assert take(tmp_path / "a.csv").new == 3
    assert by_number(installation)["Q1"][1].body == '5"水管裂了'


@pytest.mark.parametrize(
    ("encoding", "bad"), [("utf-8", b"\xe6\xb0"), ("gb18030", b"\xcb"), ("utf-8-sig", b"\xff"), ("big5", b"\xa4")]
)
def test_a_torn_character_costs_its_own_row(
    take: Take, installation: Installation, tmp_path: Path, encoding: str, bad: bytes
) -> None:
    """Found outside: I8."""
    words = {"big5": ("編號,訴求內容", "路燈不亮請盡快處理", "垃圾堆放無人清運", "小區停水")}.get(
        encoding, ("编号,诉求内容", "文峰大道路灯不亮", "井盖丢了", "小区停水")
    )
    lines = [
        words[0].encode(encoding),
        b"B1," + words[1].encode(encoding),
        b"B2," + words[2].encode(encoding)[:-2] + bad,
        b"B3," + words[3].encode(encoding),
    ]
    (tmp_path / "a.csv").write_bytes(b"\r\n".join(lines * 1) + b"\r\n")
    outcome = take(tmp_path / "a.csv")
    assert (outcome.read, outcome.new, [line for line, _w, _s in outcome.told]) == (3, 2, [3])
    assert all("�" not in text.body and "?" not in text.body for _t, text in tickets(installation))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_ends_in_every_mixture(
    tmp_path: Path, encoding: str, delimiter: str, end: str
) -> None:
    lines = [["工单编号", "诉求内容", "联系电话"], ["A1", "路灯不亮、很黑；急", "13800010001"], ["A2", "井盖丢了", ""]]
    (tmp_path / "a.csv").write_bytes(end.join(delimiter.join(line) for line in lines).encode(encoding))
    book = open_delimited(tmp_path / "a.csv")
    assert book.delimiter == delimiter
    assert [line.cells for line in book.sheets[0].lines()] == lines


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("編號,訴求內容\n1,路燈不亮請盡快處理\n", "big5"), ("編號,內容\n1,垃圾堆放無人清運，請儘速\n", "big5")],
)
def test_big5_is_known_by_its_bytes(tmp_path: Path, text: str, encoding: str) -> None:
    """Found outside: I15."""
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    assert encoding_of(tmp_path / "a.csv") == "big5hkscs"


@pytest.mark.parametrize(
    "content", ["Größe;Beschreibung\nÄ;Straße gesperrt wegen Öl\n".encode("latin-1"), bytes(range(128, 256)) * 40]
)
def test_an_encoding_that_nobody_knows_is_said_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(Refusal, match="编码"):
        encoding_of(tmp_path / "a.csv")


def test_the_hint_of_excel_is_no_heading(take: Take, tmp_path: Path) -> None:
    """Found outside: I15."""
    for hint, sign in (("sep=,", ","), ('"sep=;"', ";"), ("SEP=|", "|")):
        (tmp_path / "a.csv").write_text(f"{hint}\n编号{sign}诉求内容\nL{ord(sign)}{sign}路灯不亮\n", encoding="utf-8")
        assert take(tmp_path / "a.csv").new == 1


def test_equal_headings_keep_both_values(take: Take, installation: Installation, tmp_path: Path) -> None:
    """Found outside: I5."""
    (tmp_path / "a.csv").write_text(
        "编号,诉求内容,联系电话,联系电话,备注,备注\nD1,路灯不亮,13800010001,,甲,乙\nD2,井盖丢了,,13800010002,,\n"
        "D3,停水,13800010003,13900010003,,\n",
        encoding="utf-8",
    )
    take(tmp_path / "a.csv")
    held = by_number(installation)
    assert [held[n][0].contact_phone for n in ("D1", "D2", "D3")] == ["13800010001", "13800010002", "13800010003"]
    assert held["D1"][1].extra == {"备注": "甲", "备注 (2)": "乙"}
    assert held["D3"][1].extra == {"联系电话 (2)": "13900010003"}


def test_a_line_without_an_end_is_held_only_to_its_beginning(take: Take, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"编号,诉求内容\nL1,{'长' * 2_500_000}\nL2,路灯不亮\n", encoding="utf-8")
    outcome = take(tmp_path / "a.csv")
    assert (outcome.new, outcome.rejected) == (1, 1)
    assert (tmp_path / "a.csv.rejects.jsonl").stat().st_size < 100_000


def test_a_gzipped_table_is_a_table_and_a_gzipped_bomb_is_not(take: Take, tmp_path: Path) -> None:
    with gzip.open(tmp_path / "a.csv.gz", "wt", encoding="gb18030") as out:
        out.write(table(7))
    assert take(tmp_path / "a.csv.gz").new == 7
    with gzip.open(tmp_path / "b.csv.gz", "wb") as bomb:
        bomb.writelines(b"a" * (1 << 20) for _n in range(40))
    with pytest.raises(Refusal, match="解开后"):
        take(tmp_path / "b.csv.gz")


def test_nul_and_half_characters_are_taken_out_of_words(take: Take, installation: Installation, tmp_path: Path) -> None:
    """Found outside: I8."""
    (tmp_path / "a.csv").write_bytes("编号,诉求内容\n1,路灯\x00不亮_x000D_\n".encode() + b"2,ok\n")
    (tmp_path / "b.jsonl").write_text(
        '{"id":"E1","body":"井盖丢了 \\ud83d","bad \\ude00":"\\ud83dx"}\n{"id":"E2","body":"好的 \\ud83d\\ude00"}\n',
        encoding="utf-8",
    )
    take(tmp_path / "a.csv")
    take(tmp_path / "b.jsonl")
    held = by_number(installation)
    assert (held["1"][1].body, held["E1"][1].body, held["E2"][1].body) == ("路灯不亮", "井盖丢了", "好的 😀")
    assert held["E1"][1].extra == {"bad": "x"}


def test_a_database_that_escapes_the_ends_of_lines_loses_no_second_line(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    rows = [
        "id\tphone\tcontent\tcreated_at",
        "D1\t13800010001\t路灯不亮三天了\\",
        "住在三号楼\t2025-03-01 08:00:00",
        "D2\t\\N\t井盖丢了，请补\t2025-03-01 09:00:00",
        "D3\t13800010003\t停水了\\",
    ]
    (tmp_path / "a.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")
    outcome = take(tmp_path / "a.txt")
    found = by_number(installation)
    assert outcome.new == 3 and found["D1"][1].body == "路灯不亮三天了\n住在三号楼"
    assert found["D2"][0].contact_phone is None and not found["D2"][1].phone_told
    assert found["D3"][1].body.startswith("停水了")


def test_one_endless_cell_under_an_open_quotation_mark_does_not_keep_a_file_from_being_looked_at(
    tmp_path: Path,
) -> None:
    """V25: it was an error of the parser, before anything had been read."""
    file = tmp_path / "open.csv"
    file.write_bytes("诉求内容,电话\n".encode() + b'"' + b"a" * 3_000_000)
    assert open_delimited(file).kind == "csv"


def test_a_table_that_was_written_as_text_once_more_is_unwrapped(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    rows = [*table(9).splitlines(), 'Q10,"""说好""修",13800010010', "Q11,第一行\n第二行,13800010011"]
    once_more = "".join('"' + row.replace('"', '""') + '"\n' for row in [*rows, "共11条"])
    (tmp_path / "a.csv").write_text(f"三月的工单\n{once_more}", encoding="utf-8")
    outcome = take(tmp_path / "a.csv")
    assert (outcome.new, [one.reason for one in outcome.told]) == (11, ["这是合计行，不是诉求"])
    assert {text.body for ticket, text in tickets(installation) if ticket.outer_number in ("Q1", "Q10", "Q11")} == {
        "第1位市民的诉求",
        '"说好"修',
        "第一行\n第二行",
    }


def test_a_quoted_table_of_one_column_stays_one_column(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('"诉求内容"\n"停水了, 很急"\n"路灯不亮, 三天了"\n' * 3, encoding="utf-8")
    (sheet,) = open_delimited(tmp_path / "a.csv").sheets
    assert [list(line.cells) for line in sheet.lines()][:2] == [["诉求内容"], ["停水了, 很急"]]


@pytest.mark.parametrize("foot", ["共2条记录", "（共 2 条数据）", "以上共计2件。"])
def test_a_count_below_the_table_is_told_as_what_it_is(
    take: Take, installation: Installation, tmp_path: Path, foot: str
) -> None:
    (tmp_path / "a.csv").write_text(f"{table(2)}\n{foot}\n", encoding="utf-8")
    outcome = take(tmp_path / "a.csv")
    assert outcome.new == 2
    assert [reason.reason for reason in outcome.told] == ["这是表格下面的说明，不是诉求"]


def test_a_first_cell_of_several_lines_is_no_row_that_was_swallowed(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    """A quoted text of two lines in the first column ends where another row might begin."""
    path = tmp_path / "first.csv"
    path.write_text(
        '诉求内容,工单编号,受理时间,来源,承办单位\n"井盖丢失\n危险，请尽快补上","AY1","2026-03-02 08:00","电话","城管局"\n'
        '"楼道没灯\n老人摔了","AY2","2026-03-02 09:00","电话","住建局"\n',
        "utf-8",
    )
    assert take(path).new == 2
    assert by_number(installation)["AY1"][1].body == "井盖丢失\n危险，请尽快补上"

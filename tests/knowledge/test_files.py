"""Files of articles and matters: every row is taken or refused with a sentence, and what was taken out comes back as it was."""

from __future__ import annotations

import csv
import io
import time
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.errors import OutOfTurn, Refusal
from hotline.knowledge import writing
from hotline.knowledge.files import importing
from hotline.knowledge.files.exporting import workbook
from hotline.knowledge.files.rows import Read, read_file
from hotline.knowledge.in_force import in_force, released
from hotline.tickets.roles import Actor
from models import Article, ArticleVersion, KnowledgeImport
from models.store.hidden import ring_of
from tests.support.knowledge_book import Keepers
from tests.support.life import Life
from tests.support.planted.matter_sheets import sheet_of_matters


@pytest.fixture
def keepers(db: Session, city: City, life: Life) -> Keepers:
    return Keepers(db, city)


def taken(life: Life, folder: Path, run: KnowledgeImport, actor: Actor) -> None:
    rows = importing.read_again(life.city, folder, run, ring_of(life.db.get_bind()), life.now)
    importing.take(life.db, life.city, folder, run, rows, actor, life.now)


OTHER_HEADS = (
    "序号", "办理事项", "事项编码", "权力类型", "责任部门", "法定期限（工作日）", "承诺期限（工作日）", "办理窗口", "受理时间",
    "收费依据及标准", "申请条件", "所需材料", "法律法规依据", "联系电话", "网上申请地址",
)  # fmt: skip
GROUPS = (
    (0, 0, "序号"),
    (1, 4, "基本信息"),
    (5, 6, "办理时限"),
    (7, 9, "办理方式"),
    (10, 11, "办理要件"),
    (12, 12, "依据"),
    (13, 14, "联系"),
)


def test_a_department_s_own_list_has_other_headings_in_two_rows_and_cells_made_one(city: City, tmp_path: Path) -> None:
    path = tmp_path / "清单.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 14, "安阳市政务服务事项清单（2026年版）")
        for first, last, name in GROUPS:
            sheet.merge_range(1, first, 1, last, name) if last > first else sheet.write(1, first, name)
        sheet.write_row(2, 0, OTHER_HEADS)
        for n in range(6):
            row = [n, f"第{n}类许可", f"1141050000{n:06d}XK", "行政许可", None, 20, "即办件" if n else 3, "市民之家", "9:00-17:00", "不收费",
                   "年满十八周岁", "1.身份证\n2.申请表", f"《某法》第{n}条", "0372-2550000", "https://x.cn"]  # fmt: skip
            sheet.write_row(3 + n, 0, row)
        sheet.merge_range(3, 4, 5, 4, "市公安局")
        sheet.merge_range(6, 4, 8, 4, "市教育局")
    rows, columns, left = read_file(path, "matter", city, date(2026, 3, 4))
    assert [one.trouble for one in rows] == [""] * 6 and left == ["序号"] and len(columns) == len(OTHER_HEADS) - 1
    assert [one.unit for one in rows] == ["police"] * 3 + ["education"] * 3
    first = rows[0].wording
    assert first is not None and (first.guide["legal_limit"], first.guide["promised_limit"]) == (
        "20个工作日",
        "3个工作日",
    )
    assert (first.guide["papers"], first.source) == (["身份证", "申请表"], "《某法》第0条")


ARTICLE_HEADS = ("编号", "问题", "电话答复", "负责单位", "类别", "依据", "文号", "有效期起", "有效期止", "对象")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"有效期起": 46023, "有效期止": 46387.75}, (date(2026, 1, 1), date(2026, 12, 31), "0101")),
        ({"有效期止": "长期有效"}, (date(2026, 1, 1), None, "0101")),
        ({"类别": 101}, (date(2026, 1, 1), None, "0101")),
    ],
)
def test_a_spreadsheet_s_own_ways_with_days_and_codes_are_understood(
    city: City, tmp_path: Path, changed: dict[str, Any], said: tuple[Any, ...]
) -> None:
    (read,) = articles_of(city, tmp_path, changed)
    assert read.wording is not None, read.trouble
    assert (read.wording.valid_from, read.wording.valid_until, read.wording.category_code) == said


@pytest.mark.parametrize(
    ("changed", "column"), [({"电话答复": "#DIV/0!"}, "电话答复"), ({"编号": 1234567890123456}, "编号")]
)
def test_what_a_spreadsheet_wrote_in_the_place_of_a_person_is_no_answer(
    city: City, tmp_path: Path, changed: dict[str, Any], column: str
) -> None:
    """Its complaint would have been read to citizens, and a rounded number would never meet its article again."""
    (read,) = articles_of(city, tmp_path, changed)
    assert read.wording is None and read.column == column


def articles_of(city: City, folder: Path, changed: dict[str, Any]) -> list[Read]:
    """A sheet of one article, with these cells otherwise."""
    cells = (
        "K-1",
        "路灯不亮找谁",
        "请说清路名和灯杆号。",
        "市城市管理局",
        "0101",
        "《某条例》",
        "某〔2026〕1号",
        "2026-01-01",
        "",
        "公开",
    )
    with xlsxwriter.Workbook(folder / "一条.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ARTICLE_HEADS)
        sheet.write_row(1, 0, [changed.get(head, cell) for head, cell in zip(ARTICLE_HEADS, cells, strict=True)])
    rows, _columns, _left = read_file(folder / "一条.xlsx", "article", city, date(2026, 3, 4))
    return rows


def test_what_is_over_or_decided_by_somebody_else_does_not_hinder_the_rest_of_a_file(
    life: Life, keepers: Keepers, tmp_path: Path
) -> None:
    db, city, editor, second = life.db, life.city, keepers.people["editor"], keepers.people["second"]
    run = importing.look(db, city, tmp_path, "清单.xlsx", io.BytesIO(sheet_of_matters()), "matter", editor, life.now)
    taken(life, tmp_path, run, editor)
    first, other = db.scalars(select(ArticleVersion).order_by(ArticleVersion.id).limit(2)).all()
    first.valid_until = date(2020, 1, 1)
    writing.release(db, city, second, other, life.now)
    part = writing.release_part(db, city, second, run.id, life.now, most=10)
    assert (part.done, part.over) == (9, 1)
    assert writing.release_part(db, city, second, run.id, life.now, part.last or 0, 2000).done == 1125 - 11
    assert first.state == "waiting"


def test_1155_matters_from_excel_with_30_rows_in_error(life: Life, keepers: Keepers, tmp_path: Path) -> None:
    db, city, editor, second = life.db, life.city, keepers.people["editor"], keepers.people["second"]
    run = importing.look(
        db, city, tmp_path, "实施清单.xlsx", io.BytesIO(sheet_of_matters()), "matter", editor, life.now
    )
    assert (run.rows, run.good, run.new, len(run.rejects)) == (1155, 1125, 1125, 30)
    assert run.left_out == ["通办范围"]
    assert db.scalar(select(func.count()).select_from(Article)) == 0, "a look writes no article"
    reasons = [one["reason"] for one in run.rejects]
    assert all(reasons) and len({reason[:8] for reason in reasons}) >= 6
    assert run.rejects[0]["line"] == 204 and run.rejects[0]["row"]["基本编码"] == "000100000201"
    taken(life, tmp_path, run, editor)
    db.flush()
    waiting = select(func.count()).select_from(ArticleVersion).where(ArticleVersion.state == "waiting")
    assert db.scalar(waiting) == 1125 and list(tmp_path.iterdir()) == []
    with pytest.raises(OutOfTurn):
        taken(life, tmp_path, run, editor)
    with pytest.raises(Refusal) as told:
        writing.release_part(db, city, editor, run.id, life.now)
    assert told.value.code == "own_article"
    parts, last = [], 0
    while (part := writing.release_part(db, city, second, run.id, life.now, last)).last:
        parts, last = [*parts, part.done], part.last
    assert parts == [100] * 11 + [25], "nobody who writes waits for more than a hundred"
    version = db.scalars(select(ArticleVersion).order_by(ArticleVersion.id)).first()
    assert version is not None
    assert (version.guide["papers"], version.guide["legal_limit"]) == (["身份证", "申请表"], "20工作日")
    assert (version.audience, version.source) == ("public", "《某条例》第1条")
    again = importing.look(db, city, tmp_path, "again.xlsx", io.BytesIO(sheet_of_matters()), "matter", editor, life.now)
    assert (again.new, again.changed, again.same) == (0, 0, 1125)


HEADS_OF_OTHERS = (
    ("标准问题", "相似问题", "标准答案", "政策来源", "责任部门", "到期日期"),
    ("咨询内容", "其他问法", "答复口径", "依据文件", "主管单位", "失效时间"),
    ("问题描述", "扩展问", "回复内容", "出处", "所属部门", "有效至"),
    ("标题", "市民问法", "标准话术", "政策文件", "责任部门", "截止日期"),
    ("题目", "怎么问", "怎么答", "来源文件", "主管部门", "截止时间"),
)


@pytest.mark.parametrize("heads", HEADS_OF_OTHERS)
def test_articles_are_known_by_the_words_that_other_cities_use_and_totals_are_no_rows(
    city: City, tmp_path: Path, heads: tuple[str, ...]
) -> None:
    path = tmp_path / "口径.csv"
    with path.open("w", encoding="gbk", newline="") as file:
        write = csv.writer(file).writerow
        write(["序号", *heads])
        write(
            [
                1,
                "公园几点关门",
                "公园晚上开到几点",
                "夏季二十二点。",
                "《公园管理办法》",
                "市城市管理局",
                "2027年12月31日",
            ]
        )
        write(["合计", "1条"])
        write(["填表人：某某", "", "", "审核人：某某"])
    rows, _used, left = read_file(path, "article", city, date(2026, 3, 4))
    assert [(row.unit, row.trouble, row.wording and row.wording.phone_answer) for row in rows] == [
        ("chengguan", "", "夏季二十二点。")
    ]
    assert left == ["序号"]


@pytest.mark.parametrize(
    "paragraphs",
    [
        ("一、问：公园几点关门？", "答：夏季二十二点。", "依据：《公园管理办法》", "单位：市城市管理局"),
        ("Q1：公园几点关门？", "A1：夏季二十二点。", "来源：《公园管理办法》", "责任部门：市城市管理局"),
        ("问题 1：公园几点关门？", "解答：夏季二十二点。", "政策依据：《公园管理办法》", "责任单位：市城市管理局"),
        ("【问】：公园几点关门？", "【答】：夏季二十二点。", "出处：《公园管理办法》", "负责部门：市城市管理局"),
    ],
)
def test_questions_in_word_are_numbered_and_labelled_as_people_do_it(
    city: City, tmp_path: Path, paragraphs: tuple[str, ...]
) -> None:
    path = tmp_path / "问答.docx"
    body = "".join(f"<w:p><w:r><w:t>{one}</w:t></w:r></w:p>" for one in ("热线常见问题", *paragraphs))
    with ZipFile(path, "w") as book:
        book.writestr("word/document.xml", f'<w:document xmlns:w="w"><w:body>{body}</w:body></w:document>')
    rows, _used, _left = read_file(path, "article", city, date(2026, 3, 4))
    assert [(row.unit, row.trouble, row.wording and row.wording.title) for row in rows] == [
        ("chengguan", "", "公园几点关门？")
    ]


def test_word_tables_and_questions_below_each_other(life: Life, keepers: Keepers, tmp_path: Path) -> None:
    def docx(body: str) -> io.BytesIO:
        out = io.BytesIO()
        with ZipFile(out, "w") as book:
            book.writestr("word/document.xml", f'<w:document xmlns:w="w"><w:body>{body}</w:body></w:document>')
        out.seek(0)
        return out

    def paragraph(said: str) -> str:
        return f"<w:p><w:r><w:t>{said}</w:t></w:r></w:p>"

    lines = ("一、供热", "问：暖气不热找谁？", "答：打96111。", "全天有人。", "依据：《供热条例》第三条", "单位：市热力公司", "问：没有出处的？", "答：不行。")  # fmt: skip
    editor = keepers.people["editor"]
    run = importing.look(
        life.db, life.city, tmp_path, "问答.docx", docx("".join(map(paragraph, lines))), "article", editor, life.now
    )
    assert (run.good, [one["line"] for one in run.rejects]) == (1, [3])
    taken(life, tmp_path, run, editor)
    version = life.db.scalars(select(ArticleVersion)).one()
    assert (version.title, version.phone_answer, version.source) == (
        "暖气不热找谁？",
        "打96111。\n全天有人。",
        "《供热条例》第三条",
    )

    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{paragraph(one)}</w:tc>" for one in cells) + "</w:tr>"

    table = f"<w:tbl>{row('问题', '答复', '依据', '负责单位')}{row('水费怎么交', '网上交', '文件', '市水务供水公司')}</w:tbl>"
    assert importing.look(life.db, life.city, tmp_path, "表.docx", docx(table), "article", editor, life.now).good == 1
    for name, body in (("空.docx", paragraph("只是一段话")), ("坏.docx", "<w:p>")):
        with pytest.raises(Refusal) as told:
            importing.look(life.db, life.city, tmp_path, name, docx(body), "article", editor, life.now)
        assert "file" in told.value.problems
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".docx"] == []


@pytest.mark.parametrize(
    ("name", "body", "field"),
    [
        ("a.pdf", b"%PDF", "file"),
        ("a.csv", "问题,答复\n甲,乙\n".encode(), "file"),
        ("a.xlsx", b"PK\x03\x04nothing", ""),
    ],
    ids=["kind", "columns", "torn"],
)
def test_a_file_that_is_none_of_ours_is_one_sentence(
    life: Life, keepers: Keepers, tmp_path: Path, name: str, body: bytes, field: str
) -> None:
    with pytest.raises(Refusal) as told:
        importing.look(
            life.db, life.city, tmp_path, name, io.BytesIO(body), "article", keepers.people["editor"], life.now
        )
    assert told.value.sentence and (field in told.value.problems or not field)
    assert life.db.scalar(select(func.count()).select_from(KnowledgeImport)) == 0
    assert list(tmp_path.iterdir()) == []


def test_what_is_taken_out_comes_back_unchanged(life: Life, keepers: Keepers, tmp_path: Path) -> None:
    db, city = life.db, life.city
    keepers.released(
        life, code="A-1", links=["https://example.org/a"], channels=["web"], area="wenfeng", category_code="0304"
    )
    rows = [(row[0], row[1]) for row in db.execute(released().where(in_force(city.calendar.day_of(life.now))))]
    body = workbook(rows, "article", city)
    run = importing.look(
        db, city, tmp_path, "out.xlsx", io.BytesIO(body), "article", keepers.people["editor"], life.now
    )
    assert (run.good, run.same, run.new, run.changed) == (1, 1, 0, 0)


def test_a_csv_with_a_changed_answer_makes_a_version_that_waits(life: Life, keepers: Keepers, tmp_path: Path) -> None:
    db, city, editor = life.db, life.city, keepers.people["editor"]
    article = keepers.released(life, code="A-1")
    out = io.StringIO()
    csv.writer(out).writerows(
        [
            ["编号", "问题", "电话答复", "依据", "负责单位"],
            ["A-1", "暖气不热怎么办", "打新电话。", "新文件", "chengguan"],
        ]
    )
    stream = io.BytesIO(out.getvalue().encode("gb18030"))
    run = importing.look(db, city, tmp_path, "改.csv", stream, "article", editor, life.now)
    assert (run.new, run.changed) == (0, 1)
    taken(life, tmp_path, run, editor)
    newest = writing.versions_of(db, article)[0]
    assert (newest.state, newest.phone_answer) == ("waiting", "打新电话。")


def test_a_document_of_a_hundred_thousand_paragraphs_in_one_cell_is_read_in_seconds(city: City, tmp_path: Path) -> None:
    """V25: each paragraph copied all before it, and a file of fifty kilobytes held a process for hours."""
    told = "<w:p><w:r><w:t>路</w:t></w:r></w:p>" * 100_000
    row = f"<w:tr>{'<w:tc>{}</w:tc>' * 4}</w:tr>"
    path = tmp_path / "长.docx"
    with ZipFile(path, "w", ZIP_DEFLATED) as book:
        heads = row.format(*(f"<w:p><w:r><w:t>{one}</w:t></w:r></w:p>" for one in ("问题", "答复", "依据", "单位")))
        body = f"<w:tbl>{heads}{row.format(told, told, told, told)}</w:tbl>"
        book.writestr("word/document.xml", f'<w:document xmlns:w="w"><w:body>{body}</w:body></w:document>')
    began = time.process_time()
    read_file(path, "article", city, date(2026, 3, 4))
    assert time.process_time() - began < 10 and path.stat().st_size < 100_000


def test_a_line_repeated_two_hundred_thousand_times_is_refused_before_it_is_laid_out(
    city: City, tmp_path: Path
) -> None:
    """V25."""
    spaces = 'xmlns:office="o" xmlns:table="t" xmlns:text="x"'
    line = "".join(
        f"<table:table-cell><text:p>{said}</text:p></table:table-cell>" for said in ("甲", "乙", "《丙》", "丁")
    )
    head = line.replace("甲", "问题").replace("乙", "答复").replace("《丙》", "依据").replace("丁", "单位")
    sheet = f'<table:table-row>{head}</table:table-row><table:table-row table:number-rows-repeated="199999">{line}</table:table-row>'
    path = tmp_path / "多行.ods"
    with ZipFile(path, "w", ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr(
            "content.xml",
            f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="一">{sheet}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    began = time.process_time()
    with pytest.raises(Refusal, match="5000 行"):
        read_file(path, "article", city, date(2026, 3, 4))
    assert time.process_time() - began < 10

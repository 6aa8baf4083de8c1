"""Documents without author and recordings without tags (V11): whoever opens an informant's file does not read who made it."""

from __future__ import annotations

import io
import re
import struct
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from html import unescape
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.worksheet.table import Table
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from hotline.keys import hidden_files
from hotline.tickets.privacy.attachments import beside, store
from hotline.tickets.privacy.traces import Untold, pdf_without_author, rtf_without_author, without_author, without_tags
from hotline.tickets.roles import a_citizen
from models.store.hidden import ring_of
from tests.support.life import Life

WHO = "逄啸天"
WORDS = "请查一查这笔钱"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def packed(**parts: str | bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, body in parts.items():
            file.writestr(name, body)
    return made.getvalue()


def word(**more: str | bytes) -> bytes:
    core = f'<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:creator>{WHO}</dc:creator><cp:lastModifiedBy>{WHO}</cp:lastModifiedBy></cp:coreProperties>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {W}><w:ins w:id='1' w:author='{WHO}'><w:t>{WORDS}</w:t></w:ins></w:document>",
        "word/comments.xml": f'<w:comments {W}><w:comment w:author="{WHO}" w:initials="{WHO}"><w:t>批</w:t></w:comment></w:comments>',
        "word/people.xml": f'<w15:people xmlns:w15="p"><w15:person w15:author="{WHO}"><w15:presenceInfo w15:userId="{WHO}"/></w15:person></w15:people>',
        "docProps/core.xml": core,
        "docProps/app.xml": f"<Properties><Company>{WHO}的公司</Company><Manager>{WHO}</Manager></Properties>",
        "docProps/custom.xml": f"<Properties><property name='作者'><vt:lpwstr>{WHO}</vt:lpwstr></property></Properties>",
        **more,
    }
    return packed(**parts)


def excel() -> bytes:
    book, made = openpyxl.Workbook(), io.BytesIO()
    book.properties.creator = book.properties.lastModifiedBy = WHO
    sheet = book.worksheets[0]
    sheet["A1"], sheet["A1"].comment = WORDS, Comment("批注", WHO)
    book.save(made)
    return made.getvalue()


def slides() -> bytes:
    return packed(**{
        "[Content_Types].xml": "<Types/>",
        "ppt/slides/slide1.xml": f"<p:sld><a:t>{WORDS}</a:t></p:sld>",
        "ppt/commentAuthors.xml": f'<p:cmAuthorLst><p:cmAuthor id="1" name="{WHO}" initials="{WHO}"/></p:cmAuthorLst>',
        "ppt/authors.xml": f'<p188:author id="x" name="{WHO}" userId="{WHO}"/>',
        "docProps/core.xml": f"<x>{WHO}</x>",
    })  # fmt: skip


def open_text() -> bytes:
    return packed(**{
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<a><office:annotation><dc:creator>{WHO}</dc:creator></office:annotation><text:p>{WORDS}</text:p></a>",
        "meta.xml": f"<office:document-meta><meta:initial-creator>{WHO}</meta:initial-creator></office:document-meta>",
    })  # fmt: skip


def inside(document: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(document)) as file:
        assert file.testzip() is None
        return unescape("".join(file.read(name).decode("utf-8", "replace") for name in file.namelist()))


@pytest.mark.parametrize("made", [word, excel, slides, open_text])
def test_a_document_keeps_its_words_and_forgets_who_wrote_and_changed_it(made: Callable[[], bytes]) -> None:
    before, after = inside(made()), inside(without_author(made()))
    assert WHO in before
    assert WHO not in after
    assert WORDS in after


def test_a_cleaned_workbook_still_opens_with_its_comments() -> None:
    book = openpyxl.load_workbook(io.BytesIO(without_author(excel())))
    cell = book.worksheets[0]["A1"]
    assert (cell.value, cell.comment.text if cell.comment else "") == (WORDS, "批注")
    assert book.properties.creator in (None, "", "openpyxl")


def test_a_table_of_a_cleaned_workbook_keeps_the_name_by_which_it_is_opened() -> None:
    book, made = openpyxl.Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.append(["编号", "内容"])
    sheet.append([1, WORDS])
    sheet.add_table(Table(displayName="Reports", ref="A1:B2"))
    book.save(made)
    assert list(openpyxl.load_workbook(io.BytesIO(without_author(made.getvalue()))).worksheets[0].tables) == ["Reports"]


@pytest.mark.parametrize(
    "said", ['他写的是 author="张三" 的文章', "userName = '李四'", 'a absPath url="x" b', 'displayName = "王五"']
)
def test_what_people_wrote_between_the_tags_stays_to_the_letter(said: str) -> None:
    after = without_author(word(**{"word/document.xml": f"<w:document {W}><w:t>{said}</w:t></w:document>"}))
    assert said in inside(after)


def test_a_person_in_a_workbook_s_list_is_forgotten() -> None:
    person = f'<personList><person displayName="{WHO}" id="{{1}}" userId="{WHO}" providerId="None"/></personList>'
    assert WHO not in inside(without_author(word(**{"xl/persons/person.xml": person})))


def test_a_part_in_utf_16_forgets_as_well() -> None:
    comments = f'<w:comments {W}><w:comment w:author="{WHO}"/></w:comments>'.encode("utf-16")
    with zipfile.ZipFile(io.BytesIO(without_author(word(**{"word/comments.xml": comments})))) as file:
        assert WHO not in file.read("word/comments.xml").decode("utf-16")


@pytest.mark.parametrize(
    "document", [word(**{"_xmlsignatures/sig1.xml": "<Signature/>"}), b"PK\x03\x04 torn", word()[:-40]]
)
def test_a_signed_or_torn_document_is_not_changed_but_called_untold(document: bytes) -> None:
    with pytest.raises(Untold):
        without_author(document)


def test_rtf_loses_its_information_and_its_table_of_authors() -> None:
    rtf = rb"{\rtf1{\info{\author PANG}{\operator PANG}{\company C\}PANG}}{\*\revtbl{Unknown;}{PANG;}}words}"
    assert rtf_without_author(rtf) == rb"{\rtf1words}"


# --- PDF ---------------------------------------------------------------------------------------------------------------


def pdf(*, packed_objects: bool = False, shapes: Callable[[pikepdf.Pdf], None] = lambda _pdf: None) -> bytes:
    """A page with words, a remark, a field and a photograph, by a known hand."""
    made, written = pikepdf.new(), io.BytesIO()
    page = made.add_blank_page(page_size=(200, 200)).obj
    page.Contents = made.make_stream(b"BT (words) Tj ET")
    page.Metadata = made.make_stream(WHO.encode(), Type=Name.Metadata)
    page.Resources = Dictionary(XObject=Dictionary(Im0=made.make_stream(photograph(), Filter=Name.DCTDecode)))
    remark = Dictionary(Type=Name.Annot, Subtype=Name.Text, T=String(WHO), Contents=String("words"))
    field = made.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("name of the field"))
    )
    page.Annots = Array([remark, field])
    made.Root.AcroForm = Dictionary(Fields=Array([field]))
    made.docinfo = made.make_indirect(Dictionary(Author=String(WHO), Company=String(WHO)))
    made.Root.Metadata = made.make_stream(WHO.encode(), Type=Name.Metadata)
    shapes(made)
    mode = pikepdf.ObjectStreamMode.generate if packed_objects else pikepdf.ObjectStreamMode.disable
    made.save(written, object_stream_mode=mode, compress_streams=packed_objects)
    return written.getvalue()


def photograph() -> bytes:
    written = io.BytesIO()
    exif = Image.Exif()
    exif[0x013B] = WHO
    Image.new("RGB", (8, 8), "red").save(written, "JPEG", exif=exif)
    return written.getvalue()


def laid_open(file: bytes) -> str:
    """Every object and every stream of a PDF, readable; strings are UTF-16 in it, as PDF writes Chinese."""
    with pikepdf.open(io.BytesIO(file)) as held:
        told = [str(held.trailer.get("/Info"))]
        for one in held.objects:
            told.append(repr(one))
            if isinstance(one, pikepdf.Stream):
                told.append(one.read_raw_bytes().decode("utf-8", "replace"))
    return "\n".join(told)


@pytest.mark.parametrize("packed_objects", [False, True])
def test_a_pdf_keeps_pages_fields_and_pictures_and_forgets_its_author(packed_objects: bool) -> None:
    before = pdf(packed_objects=packed_objects)
    after = pdf_without_author(before)
    assert WHO in laid_open(before)
    assert WHO not in laid_open(after)
    assert WHO.encode("utf-16-be") not in after
    with pikepdf.open(io.BytesIO(after)) as held:
        page = held.pages[0].obj
        assert page.Contents.read_bytes().strip() == b"BT (words) Tj ET"
        assert (str(page.Annots[0].Contents), str(page.Annots[1].T)) == ("words", "name of the field")
        assert Image.open(io.BytesIO(page.Resources.XObject.Im0.read_raw_bytes())).size == (8, 8)
    again = pdf_without_author(after)
    assert pdf_without_author(again) == again


def test_an_earlier_state_of_a_pdf_goes_with_its_author() -> None:
    before = pdf()
    later = before + b"99 0 obj\n<< /Author (Pang) >>\nendobj\n%%EOF\n"
    assert b"Pang" not in pdf_without_author(later)


def test_a_pdf_whose_table_is_wrong_is_read_by_its_objects() -> None:
    torn = re.sub(rb"startxref\s+\d+", b"startxref\n7", pdf())
    assert WHO not in laid_open(pdf_without_author(torn))


def signed(made: pikepdf.Pdf) -> None:
    made.Root.Sig = Dictionary(Type=Name.Sig, ByteRange=Array([0, 1, 2, 3]))


def locked() -> bytes:
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as held:
        held.save(written, encryption=pikepdf.Encryption(owner="o", user=""))
    return written.getvalue()


@pytest.mark.parametrize("file", [pdf(shapes=signed), locked(), pdf()[:60], b"%PDF-1.7\n"])
def test_a_signed_locked_or_torn_pdf_is_called_untold(file: bytes) -> None:
    with pytest.raises(Untold):
        pdf_without_author(file)


# --- recordings --------------------------------------------------------------------------------------------------------

MP3_SOUND = b"\xff\xfb\x90\x00" + b"\x55" * 400


def piece(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)


def box(kind: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def mp3() -> bytes:
    frame = b"TPE1" + len(WHO.encode()).to_bytes(4, "big") + b"\0\0" + WHO.encode()
    return b"ID3\x04\0\0" + bytes([0, 0, 0, len(frame)]) + frame + MP3_SOUND + b"TAG" + WHO.encode().ljust(125, b"\0")


def wav() -> bytes:
    held = piece(b"fmt ", b"\1\0\1\0" + bytes(12)) + piece(b"LIST", b"INFO" + piece(b"IART", WHO.encode()))
    held += piece(b"data", b"\1\2\3") + piece(b"id3 ", WHO.encode()) + piece(b"bext", WHO.encode())
    return b"RIFF" + (len(held) + 4).to_bytes(4, "little") + b"WAVE" + held


def m4a() -> bytes:
    tags = box(b"udta", box(b"meta", box(b"ilst", box(b"\xa9ART", WHO.encode()))))
    moov = box(b"moov", box(b"mvhd", bytes(20)) + box(b"trak", box(b"udta", WHO.encode())) + tags)
    return box(b"ftyp", b"M4A \0\0\0\0") + box(b"uuid", bytes(16) + WHO.encode()) + moov + box(b"mdat", b"\1\2\3")


def ogg() -> bytes:
    said = f"ARTIST={WHO}".encode()
    body = b"OpusTags" + struct.pack("<I", 3) + b"enc" + struct.pack("<II", 1, len(said)) + said
    page = b"OggS\0\0" + bytes(20) + bytes([1, len(body)]) + body
    return page + b"OggS\0\4" + bytes(20) + bytes([1, 3]) + b"\1\2\3"


@pytest.mark.parametrize(("made", "sound"), [(mp3, MP3_SOUND), (wav, b"\1\2\3"), (m4a, b"\1\2\3"), (ogg, b"\1\2\3")])
def test_a_recording_keeps_its_sound_and_loses_its_tags(made: Callable[[], bytes], sound: bytes) -> None:
    assert WHO.encode() in made()
    after = without_tags(made())
    assert WHO.encode() not in after
    assert sound in after
    assert without_tags(after) == after


@given(st.binary(max_size=300), st.sampled_from([b"ID3\x04\0\0", b"RIFF\0\0\0\0WAVE", b"\0\0\0\x08ftyp", b"OggS", b"%PDF-1.7\n9 0 obj(", b"PK\x03\x04", b"{\\rtf{\\info"]))  # fmt: skip
def test_whatever_comes_is_cleaned_or_called_untold(rest: bytes, head: bytes) -> None:
    for clean in (without_tags, pdf_without_author, without_author, rtf_without_author):
        try:
            assert isinstance(clean(head + rest), bytes)
        except Untold:
            continue


MUCH = 4_000_000
HOSTILE = [
    b"%PDF-1.7\n" + b"1" * MUCH, b"%PDF-1.7\n" + b"1 0 obj" * (MUCH // 7), b"%PDF-1.7\n" + b"<x:xmpmeta" * (MUCH // 10),
    b"{\\rtf" + b"{\\info}" * (MUCH // 7), b"{\\rtf" + b"{\\info" * (MUCH // 6),
    b"ID3\x04\0\0\0\0\0\0" * (MUCH // 10) + MP3_SOUND, box(b"ftyp", b"M4A ") + (MUCH.to_bytes(4, "big") + b"moov") * 3_000,
    *(word(**{"word/document.xml": part * (MUCH // len(part))})
      for part in ("<absPath ", " author = ", "<author>", "<a x='", "<w:creator ", "<absPath url", '="')),
]  # fmt: skip


@pytest.mark.parametrize("file", HOSTILE, ids=range(len(HOSTILE)))
def test_no_file_keeps_the_cleaner_busy(file: bytes) -> None:
    began = time.process_time()
    for clean in (without_tags, pdf_without_author, without_author, rtf_without_author):
        with suppress(Untold):
            clean(file)
    assert time.process_time() - began < 8


# --- at the door -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("举报.docx", word(), False),
        ("录音.mp3", mp3(), False),
        ("签章.docx", word(**{"_xmlsignatures/s.xml": "<S/>"}), True),
    ],
)
def test_what_a_citizen_sends_lies_without_its_author_or_says_that_it_does_not(
    life: Life, tmp_path: Path, name: str, content: bytes, told: bool
) -> None:
    ticket = life.ticket()
    kept = store(
        life.db,
        tmp_path,
        io.BytesIO(content),
        name,
        a_citizen(ticket),
        life.now,
        most_mb=20,
        ticket=ticket,
        kept_free=0,
    )
    with hidden_files.opened(tmp_path / kept.stored_as, ring_of(life.db.get_bind())) as file:
        held = file.read()
    seen = inside(held) if name.endswith("docx") else held.decode("utf-8", "replace")
    assert (WHO in seen, kept.tells_author) == (told, told)
    assert ("作者信息未清除" in beside(kept)) == told

"""Documents without author and recordings without tags (V11): whoever opens an informant's file does not read who made it."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment

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
        return "".join(file.read(name).decode("utf-8", "replace") for name in file.namelist())


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

XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><dc:creator>{WHO}</dc:creator></rdf:RDF></x:xmpmeta>'.encode()
INFO = rb"<< /Author (Pang \(Xiao\) (Tian)) /Company <feff9003> /Producer (P) /CreationDate (D:2026) >>"


def stream(number: int, head: bytes, body: bytes) -> bytes:
    return b"%d 0 obj\n<< %s /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (number, head, len(body), body)


def pdf(*objects: bytes) -> bytes:
    page = b"3 0 obj\n<< /Type /Page >>\nendobj\n" + stream(4, b"", b"BT (words) Tj ET")
    return b"%PDF-1.7\n" + page + b"".join(objects) + b"trailer\n<< /Root 1 0 R /Info 9 0 R >>\n%%EOF\n"


@pytest.mark.parametrize(
    ("objects", "told"),
    [
        ((b"9 0 obj\n" + INFO + b"\nendobj\n",), (b"Pang", b"Tian", b"feff9003")),
        ((b"9 0 obj\n" + INFO + b"\nendobj\n",) * 2, (b"Pang", b"Tian")),
        ((stream(8, b"/Type /Metadata /Subtype /XML", XMP),), (WHO.encode(),)),
        ((stream(8, b"/Type /Metadata /Filter /FlateDecode", zlib.compress(XMP)),), (zlib.compress(XMP),)),
        ((b"7 0 obj\n<< /Subtype /Text /T (Pang) /Contents (n) >>\nendobj\n",), (b"Pang",)),
    ],
)
def test_a_pdf_forgets_its_author_and_no_byte_of_it_moves(objects: tuple[bytes, ...], told: tuple[bytes, ...]) -> None:
    before = pdf(*objects)
    after = pdf_without_author(before)
    assert all(one in before and one not in after for one in told)
    assert len(after) == len(before)
    assert b"BT (words) Tj ET" in after


def test_a_pdf_whose_objects_are_packed_forgets_its_author_too() -> None:
    plain = b"9 0 5 %d " % (len(INFO) + 1) + INFO + b" << /Kept (words) >>"
    first = plain.index(INFO)
    body = zlib.compress(plain)
    head = b"/Type /ObjStm /N 2 /First %d /Filter /FlateDecode" % first
    after = pdf_without_author(pdf(stream(8, head, body)))
    found = re.search(rb"/ObjStm.*?stream\n(.*?)\nendstream", after, re.S)
    assert found
    unpacked = zlib.decompressobj().decompress(found[1])
    assert b"Pang" not in unpacked
    assert b"/Kept (words)" in unpacked


@pytest.mark.parametrize("more", [b"/ByteRange [0 1 2 3]", b"/Encrypt 5 0 R"])
def test_a_signed_or_locked_pdf_is_called_untold(more: bytes) -> None:
    with pytest.raises(Untold):
        pdf_without_author(pdf(more))


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

"""What a file tells in places where nobody looks (V11): remarks, names, second pictures, files within files, and the end of a file."""

from __future__ import annotations

import io
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageSequence

from hotline.tickets.privacy import file_kinds as kinds
from hotline.tickets.privacy.attachments import cleaned
from hotline.tickets.privacy.traces import Untold, without_author
from hotline.tickets.privacy.traces.pictures import without_metadata

WHO = b"PangXiaoTian-8613"
XMP = b"<x:xmpmeta><rdf:Description photoshop:Credit='" + WHO + b"'/></x:xmpmeta>"
PLACE = b"ICRNYT=" + WHO


def clean(kind: kinds.Kind, file: bytes) -> bytes:
    return b"".join(cleaned(kind, [file])[0])


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def saved(form: str, **more: object) -> bytes:
    made = io.BytesIO()
    pictures = [Image.effect_noise((24, 16), sigma).convert("RGB") for sigma in (20, 60, 90)]
    if form == "GIF":
        more = {"save_all": True, "append_images": pictures[1:], "duration": 90, "loop": 3, **more}
    pictures[0].save(made, form, **more)
    return made.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def gif(*blocks: bytes) -> bytes:
    """With more blocks before its first picture."""
    whole = saved("GIF", comment=WHO)
    at = whole.index(b"\x21\xf9")
    return whole[:at] + b"".join(blocks) + whole[at:] + WHO


def webp() -> bytes:
    whole = saved("WEBP", exif=Image.Exif(), xmp=XMP)
    body = whole[8:] + b"NOTE" + struct.pack("<I", len(WHO) + 1) + WHO + b"\0"
    return b"RIFF" + struct.pack("<I", len(body)) + body


def png() -> bytes:
    whole = saved("PNG")
    return whole[:33] + chunk(b"caBX", XMP) + chunk(b"prVt", WHO) + chunk(b"iTXt", b"XML\0" + XMP) + whole[33:] + WHO


def jpeg() -> bytes:
    whole = saved("JPEG")
    jfif = b"\xff\xe0" + struct.pack(">H", 34) + b"JFIF\0\1\1\0\0\1\0\1\5\1" + WHO[:15] + WHO[15:] + b"\0"
    adobe = b"\xff\xee" + struct.pack(">H", 14 + len(WHO)) + b"Adobe\0d\0\0\0\0\1" + WHO
    return whole[:2] + jfif + adobe + whole[20:]


def avif() -> bytes:
    exif = Image.Exif()
    exif[0x013B] = WHO.decode()
    return saved("AVIF", exif=exif, xmp=XMP) + box(b"uuid", bytes(16) + XMP) + box(b"free", WHO)


PICTURES = {
    "comments": (kinds.GIF, gif),
    "xmp": (kinds.GIF, lambda: gif(b"\x21\xff\x0bXMP DataXMP" + XMP + b"\1" + bytes(range(255, -1, -1)) + b"\0")),
    "text": (kinds.GIF, lambda: gif(b"\x21\x01\x0c" + bytes(12) + bytes([len(WHO)]) + WHO + b"\0")),
    "program": (kinds.GIF, lambda: gif(b"\x21\xff\x0bCAMERA 2.00" + bytes([len(PLACE)]) + PLACE + b"\0")),
    "webp": (kinds.WEBP, webp),
    "png": (kinds.PNG, png),
    "jpeg": (kinds.JPEG, jpeg),
    "avif": (kinds.HEIC, avif),
}


@pytest.mark.parametrize("which", PICTURES)
def test_a_picture_is_shown_as_before_and_its_remarks_are_gone(which: str) -> None:
    kind, made = PICTURES[which]
    before = made()
    after = clean(kind, before)
    assert WHO[:15] in before and WHO[:15] not in after
    assert frames(after) == frames(before)
    assert without_metadata(after) == after


def frames(picture: bytes) -> list[tuple[bytes, object, object]]:
    with Image.open(io.BytesIO(picture)) as whole:
        return [
            (one.convert("RGBA").tobytes(), one.info.get("duration"), one.info.get("loop"))
            for one in ImageSequence.Iterator(whole)
        ]


def ogg_page(body: bytes) -> bytes:
    laced = bytes([255] * (len(body) // 255) + [len(body) % 255])
    return b"OggS\0\0" + bytes(20) + bytes([len(laced)]) + laced + body


def opus_tags(vendor: bytes, *said: bytes, behind: bytes = b"") -> bytes:
    told = b"".join(struct.pack("<I", len(one)) + one for one in said)
    return ogg_page(
        b"OpusTags" + struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", len(said)) + told + behind
    )


SOUND = b"\1\2\3\4\5\6\7"
M4A = box(b"ftyp", b"M4A ")
TRACK = box(b"moov", box(b"trak", box(b"mdia", box(b"hdlr", bytes(24) + WHO + b"\0"))))
LOCI = box(b"loci", bytes(4) + b"\x15\xc7" + WHO + b"\0\0" + bytes(12))
HEARD = {
    "a second stream": (kinds.OGG, ogg_page(b"OpusHead") + opus_tags(b"lib") + ogg_page(SOUND) + opus_tags(b"lib", WHO)),
    "the program": (kinds.OGG, ogg_page(b"OpusHead") + opus_tags(WHO) + ogg_page(SOUND)),
    "behind the comments": (kinds.OGG, ogg_page(b"OpusHead") + opus_tags(b"lib", behind=WHO) + ogg_page(SOUND)),
    "behind the last page": (kinds.OGG, ogg_page(b"OpusHead") + opus_tags(b"lib") + ogg_page(SOUND) + WHO),
    "free room": (kinds.M4A, M4A + box(b"free", WHO) + box(b"mdat", SOUND)),
    "a track's name": (kinds.M4A, M4A + TRACK + box(b"mdat", SOUND)),
    "behind the frames": (kinds.AMR, b"#!AMR\n" + (b"\x04" + SOUND + SOUND[:5]) * 4 + WHO),
    "a film's place": (kinds.GPP, box(b"ftyp", b"3gp4") + box(b"mdat", SOUND) + box(b"moov", box(b"udta", LOCI))),
    "a film's maker": (kinds.MP4, box(b"ftyp", b"isom") + box(b"moov", box(b"udta", box(b"\xa9ART", WHO))) + box(b"mdat", SOUND)),
    "a film's keys": (kinds.MOV, box(b"ftyp", b"qt  ") + box(b"wide", b"") + box(b"mdat", SOUND) + box(b"moov", box(b"meta", WHO))),
}  # fmt: skip


@pytest.mark.parametrize("which", HEARD)
def test_a_recording_sounds_as_before_and_tells_nothing(which: str) -> None:
    kind, before = HEARD[which]
    after = clean(kind, before)
    assert WHO in before and WHO not in after and SOUND in after
    assert clean(kind, after) == after


@pytest.mark.parametrize("length", [1, 7, 64, 1000])
def test_a_film_comes_whole_in_whatever_pieces_it_is_read(length: int) -> None:
    kind, film = HEARD["a film's maker"]
    film += box(b"free", WHO) + b"\0\0\0\0mdat" + SOUND * 90
    pieces = [film[at : at + length] for at in range(0, len(film), length)]
    assert b"".join(cleaned(kind, pieces)[0]) == clean(kind, film)
    assert len(clean(kind, film)) == len(film) and WHO not in clean(kind, film)


def test_a_film_whose_tellers_nobody_finds_says_so() -> None:
    assert [cleaned(kind, [b""])[1] for kind in (kinds.AVI, kinds.WEBM, kinds.WMV, kinds.MP4)] == [
        True,
        True,
        True,
        False,
    ]


def packed(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, body in parts.items():
            file.writestr(name, body)
    return made.getvalue()


CORE = b"<cp:coreProperties><dc:creator>" + WHO + b"</dc:creator></cp:coreProperties>"
BOOK = packed({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<a/>", "docProps/core.xml": CORE})
RTF = rb"{\rtf1{\info{\author %s}}{\*\atnauthor %s}{\*\template C:\\Users\\%s}{ \*\atnid %s}x}" % (WHO, WHO, WHO, WHO)
WITHIN = {
    "word/media/image1.bin": gif(),
    "word/media/image2.avif": avif(),
    "word/embeddings/book.xlsx": BOOK,
    "word/embeddings/again.docx": packed({"[Content_Types].xml": b"<Types/>", "word/embeddings/book.xlsx": BOOK}),
    "word/embeddings/letter.rtf": RTF,
    "ppt/media/sound.m4a": M4A + box(b"moov", box(b"udta", WHO)),
    "ppt/media/sound.mp3": b"ID3\3\0\0\0\0\0\x11" + WHO + b"\xff\xfb" + bytes(40),
    "ppt/media/film.mp4": box(b"ftyp", b"isom") + box(b"moov", box(b"meta", WHO)),
    "word/_rels/settings.xml.rels": b'<R Target="file:///C:\\Users\\' + WHO + b'\\Normal.dotm" TargetMode="External"/>',
    "xl/externalLinks/_rels/e.xml.rels": b'<R Target="/Users/' + WHO + b'/book.xlsx" TargetMode="External"/>',
    "xl/revisions/userNames.xml": b'<users><userInfo name="' + WHO + b'"/></users>',
    "xl/printerSettings/printerSettings1.bin": WHO.decode().encode("utf-16-le").ljust(64, b"\0") + b"\1\2\3\4",
    "docMetadata/LabelInfo.xml": b'<l:label siteId="' + WHO + b'"/>',
    "Object 1/meta.xml": CORE,
    "settings.xml": b'<config:config-item config:name="PrinterName" config:type="string">'
    + WHO
    + b"</config:config-item>",
}


@pytest.mark.parametrize("part", WITHIN)
def test_what_lies_in_a_document_tells_no_more_than_the_document(part: str) -> None:
    with zipfile.ZipFile(
        io.BytesIO(without_author(packed({"[Content_Types].xml": b"<Types/>", part: WITHIN[part]})))
    ) as file:
        inside = file.read(part)
    assert WHO not in inside and WHO.decode().encode("utf-16-le") not in inside
    if inside.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(inside)) as file:
            assert not any(WHO in file.read(name) for name in file.namelist())


def test_an_object_of_an_old_kind_in_a_document_is_said_not_to_be_clean() -> None:
    old = packed({"[Content_Types].xml": b"<Types/>", "word/embeddings/oleObject1.bin": kinds.OLD_OFFICE + WHO})
    assert cleaned(kinds.DOCX, [old])[1] and cleaned(kinds.RTF, [rb"{\rtf1{\object{\*\objdata 0105}}}"])[1]


def test_a_letter_in_rtf_loses_writers_of_remarks_and_what_the_camera_wrote() -> None:
    photo = jpeg()
    after = clean(kinds.RTF, RTF[:-1] + rb"{\pict\jpegblip\picw10 " + photo.hex().encode() + b"}}")
    assert WHO not in after and WHO[:15].hex().encode() not in after and b"x" in after
    assert without_metadata(photo).hex().encode() in after


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_document_that_is_torn_within_is_kept_and_said_not_to_be_clean(method: int) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as file:
        file.writestr("word/document.xml", bytes(range(256)) * 40)
    torn = bytearray(made.getvalue())
    torn[60:140] = b"\xff" * 80
    pieces, told = cleaned(kinds.DOCX, [bytes(torn)])
    assert told and b"".join(pieces) == torn


def pdf(fill: Callable[[pikepdf.Pdf], None]) -> bytes:
    made = io.BytesIO()
    with pikepdf.new() as file:
        file.add_blank_page()
        fill(file)
        file.save(made)
    return made.getvalue()


def shown(body: bytes, filters: list[pikepdf.Name]) -> Callable[[pikepdf.Pdf], None]:
    def fill(file: pikepdf.Pdf) -> None:
        picture = file.make_indirect(pikepdf.Stream(file, body))
        picture.Filter = Array(filters)
        file.pages[0].Resources = Dictionary(XObject=Dictionary(I=picture))

    return fill


def carries(name: str, body: bytes) -> Callable[[pikepdf.Pdf], None]:
    def fill(file: pikepdf.Pdf) -> None:
        file.attachments[name] = pikepdf.AttachedFileSpec(file, body, filename=name)

    return fill


JP2 = box(b"jP  ", b"\r\n\x87\n") + box(b"ftyp", b"jp2 ") + box(b"uuid", bytes(16) + XMP) + box(b"jp2c", b"x")


@pytest.mark.parametrize(
    "fill",
    [
        shown(jpeg(), [Name.DCTDecode]),
        shown(zlib.compress(jpeg()), [Name.FlateDecode, Name.DCTDecode]),
        shown(JP2, [Name.JPXDecode]),
        carries("book.xlsx", BOOK),
        carries("photo.jpg", jpeg()),
        carries("letter.rtf", RTF),
    ],
    ids=["list of one", "packed twice", "jpeg 2000", "workbook", "photo", "letter"],
)
def test_what_a_pdf_shows_and_carries_tells_nothing(fill: Callable[[pikepdf.Pdf], None]) -> None:
    with pikepdf.open(io.BytesIO(clean(kinds.PDF, pdf(fill)))) as file:
        held = [one.read_raw_bytes() for one in file.objects if isinstance(one, pikepdf.Stream)]
        held += [unpacked(one.get_file().read_bytes()) for one in file.attachments.values()]
    assert held and not any(WHO[:15] in one for one in held)


def unpacked(body: bytes) -> bytes:
    if not body.startswith(b"PK"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        return b"".join(map(file.read, file.namelist()))


def endless_items() -> bytes:
    """Items of 65,535 pieces that take no room in the list."""
    items = b"".join(struct.pack(">HHH", 1, 0, 65_535) for _each in range(20_000))
    iloc = box(b"iloc", bytes(4) + b"\0\0" + struct.pack(">H", 20_000) + items)
    infe = box(b"infe", b"\2\0\0\0\0\1\0\0Exif\0")
    return (
        box(b"ftyp", b"heic")
        + box(b"meta", bytes(4) + box(b"iinf", bytes(4) + b"\0\1" + infe) + iloc)
        + box(b"mdat", b"x")
    )


def wide_items() -> bytes:
    """Each piece claims the whole file."""
    pieces = struct.pack(">II", 0, 1 << 30) * 60_000
    iloc = box(b"iloc", bytes(4) + b"\x44\0\0\1" + struct.pack(">HHH", 1, 0, 60_000) + pieces)
    infe = box(b"infe", b"\2\0\0\0\0\1\0\0Exif\0")
    return (
        box(b"ftyp", b"heic")
        + box(b"meta", bytes(4) + box(b"iinf", bytes(4) + b"\0\1" + infe) + iloc)
        + box(b"mdat", bytes(8 << 20))
    )


def bombs_in_a_document() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", bytes(60 << 20))
    return packed(
        {"[Content_Types].xml": b"<Types/>", **{f"word/embeddings/{n}.docx": made.getvalue() for n in range(300)}}
    )


def a_bomb_in_a_pdf() -> bytes:
    """Some 600 kB that unpack to 600 MB."""
    once = zlib.compressobj(9)
    zeros = bytes(10 << 20)
    return _carrying(b"".join(once.compress(zeros) for _each in range(60)) + once.flush())


def _carrying(body: bytes) -> bytes:
    def fill(file: pikepdf.Pdf) -> None:
        held = file.make_indirect(pikepdf.Stream(file, body))
        held.Filter = Name.FlateDecode
        file.Root.AF = Array([Dictionary(Type=Name.Filespec, EF=Dictionary(F=held))])

    return pdf(fill)


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        (kinds.PDF, a_bomb_in_a_pdf),
        (kinds.HEIC, endless_items),
        (kinds.HEIC, wide_items),
        (kinds.DOCX, bombs_in_a_document),
        (kinds.GIF, lambda: b"GIF89a" + bytes(7) + b"\x21\xfe\0" * 1_500_000),
        (kinds.GIF, lambda: b"GIF89a" + bytes(7) + b"\x21\xfe" + b"\1a" * 2_000_000),
        (kinds.RTF, lambda: b"{\\rtf" + b"{\\jpegblip " * 400_000),
        (kinds.RTF, lambda: b"{\\rtf{\\jpegblip " + b"aa " * 1_500_000),
        (kinds.MP4, lambda: box(b"ftyp", b"isom") + box(b"free", b"") * 500_000),
        (kinds.MP4, lambda: box(b"ftyp", b"isom") + b"\0\0\0\1moov" + b"\xff" * 4_000_000),
        (kinds.AMR, lambda: b"#!AMR\n" + b"\x7c" * 4_000_000),
    ],
)  # fmt: skip
def test_no_picture_film_or_document_keeps_the_cleaner_busy(kind: kinds.Kind, made: Callable[[], bytes]) -> None:
    file = made()
    began = time.process_time()
    with suppress(Untold):
        clean(kind, file)
    assert time.process_time() - began < 8


@pytest.mark.parametrize("end", [box(b"infe", b""), box(b"infe", b"\3"), box(b"infe", b"\3\0\0\0\0\0"), b"\0\0\0\x08"])
def test_a_picture_that_ends_within_its_list_of_items_is_kept(end: bytes) -> None:
    listed = box(b"iloc", bytes(8)) + box(b"iinf", bytes(4) + b"\0\1" + b"\0\0" + end)
    picture = box(b"ftyp", b"heic") + box(b"meta", bytes(4) + listed)
    assert clean(kinds.HEIC, picture) == picture

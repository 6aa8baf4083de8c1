"""Attachments: what is taken, what is refused with which sentence, and who may fetch it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.settings import Settings
from hotline.tickets.privacy import attachments
from hotline.tickets.privacy.attachments import cleaned
from hotline.tickets.privacy.file_kinds import kind_by_type
from hotline.tickets.privacy.traces import films
from models import Attachment, Audit, Staff, Ticket, TicketEvent
from tests.support.life import Life

Browse = Callable[[Staff], FlaskClient]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
PDF = b"%PDF-1.7\n%%EOF\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 80


def zipped(*names: str, bomb: int = 0, parts: int = 0) -> bytes:
    """A document that is a zip. bomb: megabytes of nothing inside it; parts: so many more."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in ("[Content_Types].xml", *names) if "." in names[0] and "/" in names[0] else names:
            packed.writestr(name, "<x/>")
        for n in range(parts):
            packed.writestr(f"word/media/{n}", "")
        if bomb:
            with packed.open("xl/worksheets/sheet1.xml", "w") as file:
                for _megabyte in range(bomb):
                    file.write(bytes(1 << 20))
    return made.getvalue()


def open_document(kind: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        packed.writestr("content.xml", "<x/>")
    return made.getvalue()


OFFICE = "application/vnd.openxmlformats-officedocument"
GOOD = [
    ("证明.docx", zipped("word/document.xml"), f"{OFFICE}.wordprocessingml.document"),
    ("表.xlsx", zipped("xl/workbook.xml"), f"{OFFICE}.spreadsheetml.sheet"),
    ("汇报.pptx", zipped("ppt/presentation.xml"), f"{OFFICE}.presentationml.presentation"),
    ("公文.ofd", zipped("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
    ("新.wps", zipped("word/document.xml"), f"{OFFICE}.wordprocessingml.document"),
    ("旧.wps", OLE, "application/msword"),
    ("旧.doc", OLE, "application/msword"),
    ("旧.xls", OLE, "application/vnd.ms-excel"),
    ("旧.et", OLE, "application/vnd.ms-excel"),
    ("旧.ppt", OLE, "application/vnd.ms-powerpoint"),
    ("旧.dps", OLE, "application/vnd.ms-powerpoint"),
    ("文.rtf", b"{\\rtf1 x}", "application/rtf"),
    ("文.doc", b"{\\rtf1 x}", "application/rtf"),
    ("文.odt", open_document("text"), "application/vnd.oasis.opendocument.text"),
    ("片.mp4", b"\0\0\0\x18ftypisom\0\0\2\0isomiso2avc1mp41", "video/mp4"),
    ("片.MP4", b"\0\0\0\x18ftypmp42\0\0", "video/mp4"),
    ("片.mov", b"\0\0\0\x14ftypqt  \0\0", "video/quicktime"),
    ("旧片.mov", b"\0\0\0\x08wide\0\0\0\0mdat", "video/quicktime"),
    ("片.3gp", b"\0\0\0\x18ftyp3gp5\0\0", "video/3gpp"),
    ("片.avi", b"RIFF\0\0\0\0AVI LIST", "video/x-msvideo"),
    ("片.webm", b"\x1aE\xdf\xa3" + b"\0" * 30, "video/webm"),
    ("录音.m4a", b"\0\0\0\x18ftypmp42\0\0", "audio/mp4"),
    ("a.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 30, "image/jpeg"),
    ("b.png", PNG, "image/png"),
    ("c.gif", b"GIF89a" + b"\0" * 9, "image/gif"),
    ("d.webp", b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
    ("e.heic", b"\0\0\0\x18ftypheic\0\0\0\0", "image/heic"),
    ("f.pdf", PDF, "application/pdf"),
    ("g.mp3", b"ID3\x04" + b"\0" * 20, "audio/mpeg"),
    ("h.wav", b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
    ("i.m4a", b"\0\0\0\x18ftypM4A \0\0", "audio/mp4"),
    ("j.ogg", b"OggS" + b"\0" * 20, "audio/ogg"),
    ("k.amr", b"#!AMR\n" + b"\0" * 9, "audio/amr"),
    ("photo.jpg", PNG, "image/png"),
]
BAD = [
    ("空.png", b"", "空文件"),
    ("页面.html", b"<html><script>1</script>", "不是可以上传的类型"),
    ("图.svg", b"<svg xmlns='x'/>", "不是可以上传的类型"),
    ("程序.jpg", b"MZ\x90\0" + b"\0" * 40, "不是可以上传的类型"),
    ("文书.jpg", PDF, "扩展名不符"),
    ("照片.exe", PNG, "扩展名不符"),
    ("片.mp4", b"\0\0\0\x18ftypevil\0\0", "不是可以上传的类型"),
    ("证明.docx", PNG, "扩展名不符"),
    ("证明.pdf", zipped("word/document.xml"), "扩展名不符"),
    ("片.docx", b"\0\0\0\x18ftypisom\0\0", "扩展名不符"),
    ("表.docx", zipped("xl/workbook.xml"), "扩展名不符"),
    ("包.zip", zipped("a.txt"), "不是可以上传的类型"),
    ("程序.jar", zipped("META-INF/MANIFEST.MF"), "不是可以上传的类型"),
    ("坏.docx", b"PK\x03\x04" + b"\0" * 80, "不是可以上传的类型"),
    ("宏.docx", zipped("word/document.xml", "word/vbaProject.bin"), "里有宏"),
    ("炸弹.xlsx", zipped("xl/workbook.xml", bomb=600), "解开后太大"),
    ("很多.docx", zipped("word/document.xml", parts=6000), "解开后太大"),
    ("安装.msi", OLE, "不是可以上传的类型"),
]


def handled(life: Life) -> Ticket:
    ticket = life.to("handling")
    life.db.commit()
    return ticket


def send(client: FlaskClient, url: str, content: bytes = PNG, name: str = "现场.png", **more: Any) -> Any:
    return client.post(url, data={"file": (io.BytesIO(content), name), **more}, headers={"Accept": "application/json"})


@pytest.mark.parametrize(("name", "content", "media_type"), GOOD)
def test_a_file_is_taken_for_what_its_bytes_are(
    life: Life, browse: Browse, settings: Settings, name: str, content: bytes, media_type: str
) -> None:
    """VH7: Found outside: I16. What its maker left in it is taken out on the way in (V11), and nothing else."""
    ticket = handled(life)
    kept = b"".join(cleaned(kind_by_type(media_type), [content])[0])
    he = browse(life.staff["he"])
    answer = send(he, f"/tickets/{ticket.number}/files", content, name)
    assert answer.status_code == 201
    assert answer.json["name"] == name
    assert answer.json["size"] == len(kept)
    fetched = he.get(answer.json["url"])
    assert fetched.data == kept
    assert fetched.mimetype == media_type
    assert [path.name for path in settings.attachments.iterdir()] == [answer.json["url"].rsplit("/", 1)[1]]


@pytest.mark.parametrize(("name", "content", "sentence"), BAD)
def test_what_is_not_taken_is_refused_by_name_and_leaves_nothing_behind(
    life: Life, browse: Browse, settings: Settings, name: str, content: bytes, sentence: str
) -> None:
    """VH7."""
    ticket = handled(life)
    answer = send(browse(life.staff["he"]), f"/tickets/{ticket.number}/files", content, name)
    assert answer.status_code == 400
    assert sentence in answer.json["detail"]
    assert name in answer.json["detail"]
    assert not settings.attachments.exists() or list(settings.attachments.iterdir()) == []
    assert life.db.scalar(select(Attachment.id)) is None


def test_a_50_mb_file_is_refused_with_a_sentence(life: Life, browse: Browse, settings: Settings) -> None:
    ticket = handled(life)
    answer = send(
        browse(life.staff["he"]), f"/tickets/{ticket.number}/files", b"\xff\xd8\xff" + bytes(50 * 1024 * 1024), "大.jpg"
    )
    assert answer.status_code == 400
    assert "20 MB" in answer.json["detail"]
    assert list(settings.attachments.iterdir()) == []


def test_a_request_that_is_too_large_as_a_whole_is_refused_with_a_sentence(
    life: Life, browse: Browse, app: Flask
) -> None:
    ticket = handled(life)
    app.config["MAX_CONTENT_LENGTH"] = 1024
    app.config["WTF_CSRF_ENABLED"] = True
    answer = send(browse(life.staff["he"]), f"/tickets/{ticket.number}/files", PNG + bytes(5000))
    assert answer.status_code == 413
    assert "文件太大" in answer.json["detail"]


def test_a_full_disk_is_said_aloud(life: Life, tmp_path: Path) -> None:
    folder = tmp_path / "full"
    folder.mkdir()
    with pytest.raises(attachments.StorageFull, match="磁盘空间不足") as refused:
        attachments.store(
            life.db, folder, io.BytesIO(PNG), "a.png", life.people["he"], life.now, most_mb=20, kept_free=1 << 60
        )
    assert refused.value.status == 507
    assert list(folder.iterdir()) == []


def test_a_file_whose_bytes_are_lost_is_said_to_be_lost(life: Life, browse: Browse, settings: Settings) -> None:
    ticket = handled(life)
    he = browse(life.staff["he"])
    url = send(he, f"/tickets/{ticket.number}/files").json["url"]
    (settings.attachments / url.rsplit("/", 1)[1]).unlink()
    lost = he.get(url)
    assert lost.status_code == 404
    assert "告诉管理员" in lost.text


def test_a_file_cannot_be_run_by_a_browser(life: Life, browse: Browse) -> None:
    """VH7."""
    ticket = handled(life)
    he = browse(life.staff["he"])
    url = send(he, f"/tickets/{ticket.number}/files", PDF, "答复.pdf").json["url"]
    headers = he.get(url).headers
    assert headers["Content-Disposition"].startswith("attachment")
    assert "%E7%AD%94" in headers["Content-Disposition"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "no-store" in headers["Cache-Control"]


def test_a_picture_may_be_looked_at_and_a_recording_heard_from_the_middle(life: Life, browse: Browse) -> None:
    ticket = handled(life)
    he = browse(life.staff["he"])
    assert (
        he.get(send(he, f"/tickets/{ticket.number}/files").json["url"])
        .headers["Content-Disposition"]
        .startswith("inline")
    )
    sound = send(he, f"/tickets/{ticket.number}/files", b"OggS" + bytes(range(50)), "通话.ogg").json["url"]
    part = he.get(sound, headers={"Range": "bytes=4-7"})
    assert part.status_code == 206
    assert part.data == bytes(range(4))


def test_who_may_not_see_the_ticket_may_not_see_its_files(life: Life, browse: Browse) -> None:
    """VH1."""
    ticket = handled(life)
    url = send(browse(life.staff["he"]), f"/tickets/{ticket.number}/files").json["url"]
    chang = browse(life.staff["chang"])
    assert chang.get(url).status_code == 404
    assert chang.delete(url).status_code == 404
    assert browse(life.staff["du"]).get(url).status_code == 200


def test_nobody_walks_out_of_the_store_by_a_clever_address(life: Life, browse: Browse) -> None:
    he = browse(life.staff["he"])
    for address in ("/files/..%2f..%2fetc%2fpasswd", "/files/../h.db", "/files/abc"):
        assert he.get(address).status_code == 404


def test_the_story_says_who_attached_what(life: Life, browse: Browse) -> None:
    ticket = handled(life)
    he = browse(life.staff["he"])
    send(he, f"/tickets/{ticket.number}/files", name="整改后.png")
    life.db.rollback()
    assert "attach" in life.db.scalars(select(TicketEvent.action).where(TicketEvent.ticket_id == ticket.id)).all()
    page = he.get(f"/tickets/{ticket.number}").text
    story = page[page.index('id="story"') :]
    assert story[: story.index("</ol>")].count("整改后.png") == 1


def test_a_file_beside_an_unsent_reply_is_its_authors_alone_and_joins_the_reply(life: Life, browse: Browse) -> None:
    ticket = handled(life)
    he, boss = browse(life.staff["he"]), browse(life.staff["hejt"])
    told = send(he, "/files", draft_key=f"reply:{ticket.number}").json
    assert boss.get(told["url"]).status_code == 404
    assert told["url"] in he.get(f"/tickets/{ticket.number}/do/reply").text
    form = {
        **life.answers("reply", ticket),
        "contacted_at": "2026-03-04T09:30",
        "seen": ticket.move_count,
        "files": told["id"],
    }
    assert he.post(f"/tickets/{ticket.number}/do/reply", data=form).status_code == 303
    assert boss.get(told["url"]).status_code == 200
    life.db.rollback()
    assert life.db.scalars(select(Attachment)).one().reply_id is not None
    life.db.rollback()
    refused = he.delete(told["url"])
    assert refused.status_code == 403
    assert "佐证" in refused.json["detail"]


def test_somebody_elses_file_does_not_join_my_form(life: Life, browse: Browse) -> None:
    ticket = handled(life)
    told = send(browse(life.staff["chang"]), "/files", draft_key="reply:x").json
    browse(life.staff["he"]).post(f"/tickets/{ticket.number}/do/note", data={"text": "看附件", "files": told["id"]})
    life.db.rollback()
    assert life.db.scalars(select(Attachment)).one().ticket_id is None


def test_a_removed_file_is_gone_from_the_page_kept_in_the_store_and_written_down(
    life: Life, browse: Browse, settings: Settings
) -> None:
    """V11."""
    ticket = handled(life)
    he = browse(life.staff["he"])
    url = send(he, f"/tickets/{ticket.number}/files").json["url"]
    assert browse(life.staff["ren"]).delete(url).status_code == 403
    assert he.delete(url).status_code == 204
    assert he.get(url).status_code == 404
    assert (settings.attachments / url.rsplit("/", 1)[1]).exists()
    life.db.rollback()
    assert life.db.scalars(select(Audit.action).where(Audit.ticket_id == ticket.id)).all() == ["remove_file"]


def test_without_scripts_a_plain_form_uploads_too(life: Life, browse: Browse) -> None:
    ticket = handled(life)
    files = [(io.BytesIO(PNG), "一.png"), (io.BytesIO(PDF), "二.pdf")]
    answer = browse(life.staff["he"]).post(f"/tickets/{ticket.number}/files", data={"files_file": files})
    assert answer.status_code == 303
    assert [a.name for a in attachments.of_ticket(life.db, ticket.id)] == ["一.png", "二.pdf"]


def test_a_name_is_only_a_name() -> None:
    """VH7."""
    assert attachments.clean_name("C:\\fakepath\\现场 照片.jpg") == "现场 照片.jpg"
    assert attachments.clean_name("../../etc/passwd") == "passwd"
    assert attachments.clean_name('a"b<c>\n.png') == "abc.png"
    assert attachments.clean_name("...") == "file"
    assert len(attachments.clean_name("长" * 300 + ".jpg")) <= 120


# --- films -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place", [b"+36.0990+114.3930/", b"+36.0990+114.3930+070.120/", b"-33.8688+151.2093+010.5/", b"+3605.94+11423.58/"]
)
@pytest.mark.parametrize("before", [0, 100, (1 << 20) - 70, (1 << 20) - 64 - 9, (2 << 20) - 3])
def test_a_film_is_kept_without_the_place_where_it_was_taken(place: bytes, before: int) -> None:
    """V11."""
    film = b"\0\0\0\x18ftypqt  " + b"\1" * before + b"\xa9xyz\0\x12\x15\xc7" + place + b"\2" * 5000
    pieces = [film[:64], *(film[at : at + (1 << 20)] for at in range(64, len(film), 1 << 20))]
    kept = b"".join(films.without_places(pieces))
    assert place not in kept and len(kept) == len(film)
    assert kept.replace(place.translate(bytes.maketrans(b"123456789", b"000000000")), b"") == film.replace(place, b"")


def test_a_film_is_handed_on_for_download_only(life: Life, browse: Browse) -> None:
    """Found outside: I16. Found at the desks: U4."""
    ticket = handled(life)
    he = browse(life.staff["he"])
    film = b"\0\0\0\x18ftypisom" + b"\1" * 200 + b"+36.0990+114.3930+070.120/" + b"\2" * 200
    answer = send(he, f"/tickets/{ticket.number}/files", film, "现场.mp4")
    fetched = he.get(answer.json["url"])
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    assert b"114.3930" not in fetched.data and b"+00.0000+000.0000+000.000/" in fetched.data

"""Seventy writings of an informant on a sealed ticket: no reader finds one in clear, on any page, in any export, search, notice or log."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from classifier.text.normalise import digits, plain
from hotline.errors import Refusal
from hotline.figures.folding import fold
from hotline.installation import Installation
from hotline.monitoring.stream import gather
from hotline.outbox.runner import drain
from hotline.quality.drawing import draw
from hotline.tickets.privacy import attachments
from hotline.tickets.roles import Role
from hotline.web.admin import tokens as machine_tokens
from hotline.web.ticket.prints import FORMS
from models import Message, Staff, Ticket, TicketEvent
from tests.support.life import Life
from tests.support.make import HOTLINE, make_staff

Browse = Callable[[Staff], FlaskClient]
NAME, PHONE, LANDLINE, ID, PLACE = (
    "逄啸天",
    "13899991111",
    "03722525252",
    "411123199001011238",
    "文峰区永明路77号院3号楼2单元909室",
)

WRITINGS = (
    # the name
    "逄啸天", "逄 啸 天", "逄-啸-天", "逄·啸·天", "逄\u3000啸\u3000天", "逄\u200b啸\u200b天", "逄嘯天", "逄、啸、天",
    # the mobile number
    "13899991111", "138 9999 1111", "138-9999-1111", "138—9999—1111", "138.9999.1111", "138·9999·1111", "138_9999_1111", "138/9999/1111",
    "1389 9991 111", "1389-9991-111", "138 999 91111", "138\u00a09999\u00a01111", "138\u200b9999\u200b1111", "１３８９９９９１１１１", "138－9999－1111",
    "+86 138 9999 1111", "+86-138-9999-1111", "008613899991111", "0086-138-9999-1111", "(138)99991111", "+86(138)99991111", "1 3 8 9 9 9 9 1 1 1 1",
    "1-3-8-9-9-9-9-1-1-1-1", "一三八九九九九一一一一", "壹叁捌玖玖玖玖壹壹壹壹", "幺三八九九九九幺幺幺幺", "一三八 九九九九 一一一一", "13八9999一111", "138 99 99 11 11", "13899 991111",
    # the landline
    "0372-2525252", "(0372)2525252", "（0372）2525252", "0372 2525252", "0372 252 5252", "2525252", "252-5252", "０３７２－２５２５２５２", "+86 372 2525252", "0372—2525252", "零三七二二五二五二五二", "252 5252",
    # papers
    "411123199001011238", "4111 2319 9001 0112 38", "411123 19900101 1238", "4111-2319-9001-0112-38", "４１１１２３１９９００１０１１２３８", "ID411123199001011238", "四一一一二三一九九零零一零一一二三八",
    # the home
    "3号楼2单元909室", "3号楼2单元909", "3#2-909", "3-2-909", "三号楼二单元九零九室", "77号院3号楼2单元909室", "３号楼２单元９０９室", "3栋2单元909",
    # accounts and others
    "微信pangxt1990", "加v：pangxt1990", "QQ：87654321", "邮箱pang.xt@example.com", "车牌豫E88K99", "护照E98765432",
)  # fmt: skip
HARD = (
    # the name, by ear and in letters
    "逄 啸天", "逄啸添", "Pang Xiaotian", "PANGXIAOTIAN", "xiaotian pang", "páng xiào tiān", "啸天", "逄先生", "逄Xiaotian", "逄︎啸︎天",
    # the mobile number
    "138，9999，1111", "138、9999、1111", "138|9999|1111", "138+9999+1111", "138:9999:1111", "138【9999】1111", "138➖9999➖1111", "138😀9999😀1111", "<b>138</b>99991111", "138&nbsp;9999&nbsp;1111",
    "one three eight nine nine nine nine one one one one", "yao san ba jiu jiu jiu jiu yao yao yao yao", "一三八 四个九 四个一", "l3899991111", "1389999llll", "l38-9999-1111", "①③⑧⑨⑨⑨⑨①①①①", "1️⃣3️⃣8️⃣9️⃣9️⃣9️⃣9️⃣1️⃣1️⃣1️⃣1️⃣", "１３８，９９９９，１１１１", "+86 (138) 9999 1111",
    "138\t9999\t1111", "13899991111转", "138=9999=1111", "138~9999~1111", "138#9999#1111", "13 89 99 91 11 1", "138 九九九九 一一一一", "幺三八，九九九九，幺幺幺幺", "138*9999*1111", "(138)9999-1111",
    # the landline
    "宅电2525252", "打2525252", "0372/2525252", "0372·2525252", "【0372】2525252", "0372 25 25 252", "二五二五二五二", "2525252转3", "0086-372-2525252", "零三七二，二五二五二五二",
    # papers
    "身份证411123/19900101/1238", "身份证411123*19900101*1238", "身份证411123、19900101、1238", "身份证４１１１２３　１９９００１０１　１２３８", "证件41112319900101一二三八", "身份证4ll12319900101l238", "出生日期19900101", "身份证411123—19900101—1238", "411123.19900101.1238", "身份证四一一一二三，一九九零零一零一，一二三八",
    # the home
    "3号楼2单元九零九", "三号楼2单元909", "3幢2单元909室", "3 # 2 - 909", "住3号楼2单元9楼909", "3/2/909", "77号院3-2-909", "永明路77号院3号楼2单元909", "3号楼二单元909户", "三栋二单元九零九",
)  # fmt: skip
SECRETS = (
    "逄啸天", "啸天", "嘯天", "啸 天", "13899991111", "9999 1111", "9999-1111", "9999—1111", "99991111", "9991 111", "9991-111", "999 91111", "９９９９１１１１", "九九九九",
    "玖玖玖玖", "99 99 11", "9-9-9-9", "9 9 9 9", "2525252", "252-5252", "252 5252", "２５２５２５２", "二五二五二五二", "1990010112", "9001 0112", "19900101", "９０００１０１", "9001-0112", "一九九零零一零一",
    "909", "九零九", "９０９", "pangxt1990", "87654321", "pang.xt", "E88K9", "98765432",
)  # fmt: skip
VERSION = "有企业夜间向河道排污，请核查。"
NAMED = {
    "form": list(FORMS),
    "kind": ["extension", "exclusion", "calls", "tickets"],
    "action": ["note", "reply", "redo", "correct"],
}
"""What stands in an address by name."""
EXPORTS = ("/search/export", "/overview/export", "/monitoring/export", "/back/export", "/knowledge/export")
ROOMS = (
    "/tickets", "/search", "/overview", "/monitoring", "/quality", "/practice", "/knowledge", "/interviews", "/publishing", "/ready", "/back", "/evidence",
    "/admin", "/unit", "/dispatch", "/review", "/followup", "/supervision", "/hot", "/rereading", "/notices", "/letters", "/nuisance",
)  # fmt: skip
"""Each is opened by somebody, or the walk has seen nothing of it."""
NOT_READ = ("operations.metrics", "static", "live.stream", "login.logout")


def told_in(text: str) -> list[str]:
    """The informant's own name, numbers and papers in a text, whatever stands between their signs and however they are written."""
    bare = re.sub(r"[\W_]", "", digits(plain(unescape(re.sub(r"<[^>]*>", "\n", text)))).lower())
    return [own for own in (NAME, "pangxiaotian", PHONE, LANDLINE[4:], ID, ID[6:14]) if own in bare]


def hidden_in(text: str) -> list[str]:
    """Secrets that stand in a page, its scripts and addresses included; what stands between signs nobody sees counts as well."""
    seen = re.sub("[\u200b\u200c\u200d\u2060]", "", unescape(text).replace("\xa0", " "))
    return [secret for secret in SECRETS if _stands_in(secret, seen)]


def _stands_in(secret: str, text: str) -> bool:
    """A room of three digits counts only by itself: every longer number and key has some three digits in it."""
    return bool(re.search(rf"(?<![0-9A-Za-z]){secret}(?![0-9A-Za-z])", text)) if secret == "909" else secret in text


def told_by(body: bytes) -> str:
    """The words of an answer; of a workbook those of its parts."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"\n".join(
                book.read(name)
                for name in book.namelist()
                if name.startswith("xl/") and name.endswith(".xml") and "styles" not in name and "theme" not in name
            )
    return body.decode("utf-8-sig", "replace")


@pytest.fixture
def sealed(life: Life, installation: Installation) -> Ticket:
    """Told by the informant in every writing, sent to the accused unit, answered and passed, with words in every field on the way."""
    words = "举报企业夜间排污，请为我保密。" + "；".join(f"联系{one}" for one in WRITINGS)
    ticket = life.ticket(
        words=words,
        phone=PHONE,
        name=NAME,
        place=PLACE,
        privacy="sealed",
        title=f"{NAME}（{PHONE}）举报排污",
        extra={"备用号码": "0372-2525252", "证件号": ID},
    )
    told = "与" + "、".join(WRITINGS[:40]) + "核实过"
    life.do(ticket, "du", "note", text=told)
    life.do(ticket, "du", "dispatch", unit_words=VERSION, note=f"请保护{NAME}", helpers=[])
    attachments.store(
        life.db,
        installation.settings.attachments,
        io.BytesIO(b"%PDF-1.7 " + NAME.encode()),
        f"{NAME}的证据.pdf",
        life.who("citizen", ticket),
        life.now,
        most_mb=5,
        ticket=ticket,
    )
    life.do(ticket, "citizen", "attach")
    life.do(ticket, "hejt", "sign")
    life.do(ticket, "citizen", "add", text="；".join(WRITINGS[40:]))
    life.do(ticket, "citizen", "urge", text=told)
    life.do(ticket, "hejt", "contact", note=told)
    life.do(ticket, "hejt", "reply", facts=told, measures=told, outcome_reason=told)
    life.do(ticket, "ren", "redo", note=told)
    life.do(ticket, "hejt", "sign")
    life.do(ticket, "hejt", "reply", facts=told)
    life.do(ticket, "ren", "pass", note=told)
    life.do(ticket, "citizen", "note_dissatisfied", comment=told)
    life.db.commit()
    return ticket


def addresses(app: Flask, ticket: Ticket) -> list[str]:
    """Every address that is read, with this ticket where a ticket is asked for, and each form that is named in an address."""
    found = []
    for rule in app.url_map.iter_rules():
        if (
            "GET" not in (rule.methods or ())
            or rule.endpoint in NOT_READ
            or re.match(r"/(static|live|logout)", rule.rule)
        ):
            continue
        path = re.sub(r"<(?:int:)(\w+)>", "1", rule.rule.replace("<number>", ticket.number))
        names = NAMED.get((re.findall(r"<(?:\w+:)?(\w+)>", path) or [""])[0], [ticket.number])
        found += [re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", name, path) for name in names]
    searches = [f"/search/?q={words}" for words in ("排污", "逄啸天", "13899991111", "909", ticket.number, "保密")]
    months = [f"{page}?month=2026-03" for page in ("/monitoring/", "/monitoring/violations")]
    return [
        *found,
        *searches,
        *months,
        f"/search/export?q={ticket.number}",
        "/unit/?tab=review",
        "/unit/?tab=handling",
    ]


def readers(life: Life) -> dict[str, Staff]:
    """The usual people, and one of each role that none of them has."""
    worn = {role for person in life.staff.values() for role in person.roles}
    others = {
        role.value: make_staff(life.db, role.value, role.value, role.value, unit=HOTLINE)
        for role in Role
        if role.value not in worn
    }
    life.db.commit()
    return {**life.staff, **others}


def went_through_every_room(life: Life, installation: Installation) -> None:
    """Two weeks later: told to the monitoring body, drawn for its quality, in the figures."""
    drain(installation)
    life.clock.forward(days=14)
    gather(life.db, life.city, life.now)
    for plan in life.city.quality.plans:
        draw(life.db, life.city, plan, life.now)
    fold(life.db, life.city, life.now)
    life.db.commit()
    drain(installation)


def test_there_are_seventy_writings():
    assert len(WRITINGS) >= 70 and len(set(WRITINGS)) == len(WRITINGS)


@pytest.mark.parametrize("first", range(0, len(HARD), 10))
def test_no_reader_of_the_ticket_sees_the_informant_in_a_harder_writing(
    first: int, life: Life, app: Flask, installation: Installation, browse: Browse, caplog: pytest.LogCaptureFixture
) -> None:
    """Found outside: M1."""
    caplog.set_level(logging.DEBUG)
    told = "；".join(f"联系{one}" for one in HARD[first : first + 10])
    ticket = life.ticket(
        words=f"举报企业夜间排污。{told}",
        phone=PHONE,
        name=NAME,
        place=PLACE,
        privacy="sealed",
        extra={"证件号": ID, "座机": LANDLINE},
    )
    life.do(ticket, "du", "note", text=told)
    life.do(ticket, "du", "dispatch", unit_words=VERSION, note=told, helpers=[])
    life.do(ticket, "hejt", "sign")
    life.do(ticket, "citizen", "add", text=told)
    life.do(ticket, "hejt", "reply", facts=told, measures=told)
    life.db.commit()
    drain(installation)
    leaks: list[str] = []
    for login in ("an", "du", "hejt", "he", "ren", "du2", "tou", "hui", "chang"):
        client = browse(life.staff[login])
        for address in (
            f"/tickets/{ticket.number}",
            f"/search/?q={ticket.number}",
            "/search/?q=排污",
            f"/review/{ticket.number}",
            f"/dispatch/{ticket.number}",
            "/unit/",
            "/notices",
            "/",
        ):
            answer = client.get(address)
            if answer.status_code == 200 and (found := told_in(answer.get_data(as_text=True))):
                leaks.append(f"{login} {address}: {found}")
        sheet = client.post("/search/export", data={"q": ticket.number, "format": "csv", "reason": "核对"})
        if sheet.status_code == 200 and (found := told_in(sheet.get_data(as_text=True))):
            leaks.append(f"{login} export: {found}")
    assert not leaks, "\n".join(leaks)
    assert not told_in("\n".join(record.getMessage() for record in caplog.records))


@pytest.mark.slow
def test_nobody_reads_an_informant_in_clear(
    sealed: Ticket, life: Life, app: Flask, installation: Installation, browse: Browse, caplog: pytest.LogCaptureFixture
) -> None:
    """Found outside: M1."""
    caplog.set_level(logging.DEBUG)
    went_through_every_room(life, installation)
    leaks: list[str] = []
    opened: set[str] = set()
    for login, person in readers(life).items():
        client = browse(person)
        for address in addresses(app, sealed):
            answer = client.get(address)
            opened |= {address} if answer.status_code == 200 else set()
            typed = address.partition("?q=")[2] or "-"
            if answer.status_code == 200 and (found := hidden_in(answer.get_data(as_text=True).replace(typed, ""))):
                leaks.append(f"{login} {address}: {found}")
        for address in EXPORTS:
            for kind in ("csv", "xlsx"):
                data = {"q": sealed.number, "format": kind, "kind": kind, "reason": "核对", "month": "2026-03"}
                answer = client.post(address, data=data)
                if answer.status_code == 200 and (found := hidden_in(told_by(answer.get_data()))):
                    leaks.append(f"{login} {address} {kind}: {found}")
    assert not leaks, "\n".join(leaks)
    assert len(opened) > 120, sorted(opened)
    assert {room for room in ROOMS if not any(address.startswith(room) for address in opened)} == set()
    assert not hidden_in("\n".join(record.getMessage() for record in caplog.records))


def test_the_unit_reads_the_version_written_for_it_and_nothing_of_the_original(
    sealed: Ticket, life: Life, browse: Browse
) -> None:
    """Found outside: M1."""
    page = browse(life.staff["hejt"]).get(f"/tickets/{sealed.number}").text
    assert VERSION in page and "已保密" in page
    assert not [one for one in ("请为我保密", "逄", "1111", "永明路", "证据.pdf") if one in page], re.findall(
        ".{30}(?:逄|1111).{30}", page
    )
    assert "请为我保密" in browse(life.staff["du"]).get(f"/tickets/{sealed.number}").text


def test_the_informants_own_files_are_not_for_the_unit(sealed: Ticket, life: Life, browse: Browse) -> None:
    (file,) = attachments.of_ticket(life.db, sealed.id, side="citizen")
    life.db.commit()
    codes = {
        login: browse(life.staff[login]).get(f"/files/{file.stored_as}").status_code
        for login in ("du", "ren", "hejt", "he")
    }
    assert codes == {"du": 200, "ren": 200, "hejt": 404, "he": 404}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_export_names_an_informant(kind: str, sealed: Ticket, life: Life, browse: Browse) -> None:
    """V12, VH6."""
    for login in ("hejt", "du", "ren", "tou", "du2"):
        answer = browse(life.staff[login]).post(
            "/search/export", data={"q": sealed.number, "format": kind, "reason": "核对"}
        )
        assert answer.status_code == 200, login
        text = told_by(answer.get_data())
        assert sealed.number in text and not hidden_in(text), login
        assert login != "hejt" or "逄" not in text


def test_no_notice_and_no_story_keeps_an_informant(sealed: Ticket, life: Life, installation: Installation) -> None:
    """V12, VC8."""
    drain(installation)
    with installation.readings() as db:
        notices = [f"{one.text} {one.params}" for one in db.scalars(select(Message).where(Message.channel == "desk"))]
        told = [str(one.data) for one in db.scalars(select(TicketEvent).where(TicketEvent.ticket_id == sealed.id))]
    assert notices and not [one for one in notices if hidden_in(one)]
    assert not [one for one in told if hidden_in(one)]


def test_a_machine_reads_no_informant(sealed: Ticket, installation: Installation, app: Flask) -> None:
    machine_tokens.forget_known()
    with installation.sessions() as db:
        secret = machine_tokens.issue(db, "平台", "partner", list(machine_tokens.SCOPES), installation.clock.now())
        db.commit()
    for path in ("/tickets", f"/tickets/{sealed.number}", f"/tickets?q={NAME}"):
        answer = app.test_client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {secret}"})
        assert not hidden_in(answer.get_data(as_text=True))


def test_a_sealed_ticket_is_not_dispatched_without_words_for_the_unit(life: Life) -> None:
    ticket = life.ticket(words=f"我叫{NAME}，举报排污", phone=PHONE, name=NAME, privacy="sealed")
    with pytest.raises(Refusal, match="给单位看的文字"):
        life.do(ticket, "du", "dispatch", unit_words="")
    with pytest.raises(Refusal, match="举报人的信息"):
        life.do(ticket, "du", "dispatch", unit_words=f"市民逄 啸 天举报排污，电话{PHONE}")
    life.do(ticket, "du", "dispatch", unit_words=VERSION)
    assert (ticket.text.unit_words, ticket.text.unit_title) == (VERSION, "有企业夜间向河道排污，请核查")


def test_an_open_ticket_needs_no_version(life: Life) -> None:
    ticket = life.to("to_sign")
    assert ticket.text.unit_words is None


def test_the_desk_offers_the_words_starred_for_a_person_to_go_over(life: Life, browse: Browse) -> None:
    ticket = life.ticket(words=f"我叫{NAME}，举报夜间排污", phone=PHONE, name=NAME, privacy="sealed")
    life.db.commit()
    page = browse(life.staff["du"]).get(f"/dispatch/{ticket.number}").text
    assert 'name="unit_words"' in page and "我叫***，举报夜间排污" in page and NAME not in page

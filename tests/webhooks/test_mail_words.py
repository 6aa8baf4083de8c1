"""What is new in a letter, whichever program wrote it, and whether a person did."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from webhooks.mail.letters import MailReceived, read_letter

OLD = "您反映的路灯已修好，请问是否解决？回复1已解决。"
QUOTED = "\n".join(f"> {line}" for line in OLD.split("，"))
OUR = "安阳12345 <12345@anyang.test>"


def read(subject: str, body: str, heads: str = "", kind: str = "plain") -> MailReceived:
    """A letter of Li, as bytes of a mail server."""
    told = f"From: li@example.test\nMessage-ID: <1@x>\n{heads}Content-Type: text/{kind}; charset=utf-8\nSubject: {subject}\n\n{body}"
    return read_letter(told.encode(), datetime(2026, 3, 5, tzinfo=UTC))


def answer(body: str, kind: str = "plain") -> str:
    return read("Re: 路灯", body, "In-Reply-To: <a.1@anyang.test>\n", kind).text


@pytest.mark.parametrize(
    "quote",
    [
        f"------------------ Original ------------------\nFrom: {OUR};\nDate: Thu, Mar 5, 2026\n\n{OLD}",
        f"------------------ 原始邮件 ------------------\n发件人: {OUR};\n发送时间: 2026年3月5日\n\n{OLD}",
        f"----邮件原文----\n发件人：{OUR}\n收 件 人：li\n\n{OLD}",
        f'At 2026-03-05 10:00:00, "安阳12345" <12345@anyang.test> wrote:\n{QUOTED}',
        f"2026年3月5日 10:00，{OUR} 写道：\n\n{QUOTED}",
        f"安阳市12345政务服务便民热线 <12345@anyang.test> 于2026年3月5日周四\n10:00写道：\n\n{QUOTED}",
        f"12345 <12345@anyang.test> 於 2026年3月5日 週四 上午10:00寫道：\n\n{QUOTED}",
        f"________________________________\n发件人: {OUR}\n发送时间: 2026年3月5日 10:00\n\n{OLD}",
        f"li@example.test\n \n发件人： 12345@anyang.test\n发送时间： 2026-03-05 10:00\n收件人： li\n{OLD}",
    ],
)
def test_what_stands_above_the_answered_letter_is_the_answer(quote: str) -> None:
    assert answer(f"没有解决\n\n\n{quote}") == "没有解决"


def test_what_stands_below_or_between_the_quoted_lines_is_the_answer_too() -> None:
    assert (
        answer(f"On Thu, Mar 5, 2026 at 10:00 AM {OUR} wrote:\n{QUOTED}\n\n没有解决，灯还是不亮")
        == "没有解决，灯还是不亮"
    )
    assert answer(f"在 2026/3/5 10:00, 安阳12345 写道:\n{QUOTED}\n还没有修\n") == "还没有修"
    assert answer("> 您反映的路灯已修好，\n没有修好\n> 请问是否解决？\n没有解决") == "没有修好\n没有解决"


@pytest.mark.parametrize(
    "device",
    [
        "发自我的 iPhone",
        "发自我的华为 Mate 60",
        "来自QQ邮箱手机版",
        "来自 小米手机",
        "获取 Outlook for iOS",
        "Sent from my iPhone",
        "li@qq.com",
    ],
)
def test_what_a_telephone_puts_below_is_no_part_of_the_answer(device: str) -> None:
    assert answer(f"1\n\n{device}\n") == "1"
    assert answer(f"1\n\n{device}\n\n> {OUR} 2026年3月5日写道：\n{QUOTED}") == "1"


def test_pages_quote_as_plain_letters_do() -> None:
    assert answer(f'<body>1<br><br><blockquote type="cite">{OLD}</blockquote></body>', "html") == "1"
    told = f'<div>没解决</div><div class="gmail_quote">{OUR.replace("<", "&lt;")} 于2026年3月5日写道：<blockquote>{OLD}</blockquote></div>'
    assert answer(told, "html") == "没解决"


def test_a_new_matter_keeps_what_it_forwards_and_what_others_are_said_to_have_written() -> None:
    passed_on = (
        "请看下面。\n\n---------- Forwarded message ---------\n发件人： 王五\nDate: 2026年3月1日\n\n工地夜里施工。"
    )
    assert read("Fwd: 噪音", passed_on).text == passed_on
    assert "工地夜里施工" in read("转发：噪音", "<p>请看</p><blockquote>工地夜里施工</blockquote>", kind="html").text
    said = "物业经理2026年他在群里写道：\n“爱住不住”\n请查处"
    assert read("噪音", said).text == said


@pytest.mark.parametrize(
    ("subject", "machine"),
    [
        ("[自动回复]路灯", "auto"), ("【自动回复】您的邮件", "auto"), ("自动应答：已收到", "auto"), ("休假自动回复：路灯", "auto"),
        ("Automatische Antwort: x", "auto"), ("Out-of-office: x", "auto"), ("自动回复", "auto"), ("不在办公室: 路灯", "auto"),
        ("系统退信/Systems bounce", "bounce"), ("投递失败：路灯", "bounce"), ("Undeliverable: 路灯", "bounce"),
        ("失败通知：邮件未能送达", "bounce"), ("Returned mail: see transcript", "bounce"),
        ("自动售货机坏了", ""), ("退信封的事", ""), ("退信问题", ""), ("自动回复功能投诉", ""), ("无法投递快递的投诉", ""),
        ("关于不在办公室办公的举报", ""), ("Undelivered parcels pile up", ""), ("系统故障", ""), ("未送达的快递", ""),
    ],
)  # fmt: skip
def test_a_machine_is_known_by_its_set_phrase_and_whoever_writes_about_one_is_a_person(
    subject: str, machine: str
) -> None:
    assert read(subject, "请处理").machine == machine


@pytest.mark.parametrize(
    ("heads", "machine"),
    [
        ("Auto-Submitted: Auto-Replied (vacation)\n", "auto"), ("X-Autoresponse: yes\n", "auto"),
        ("X-POST-MessageClass: 9; Autoresponder\n", "auto"), ("Delivered-To: Autoresponder\n", "auto"),
        ("List-Unsubscribe: <mailto:x@y>\n", "list"), ("List-Post: <mailto:a@b>\n", "list"),
        ("Auto-Submitted: no\n", ""), ("X-Auto-Response-Suppress: OOF\n", ""),
    ],
)  # fmt: skip
def test_headers_that_only_machines_write(heads: str, machine: str) -> None:
    assert read("通知", "本周优惠", heads).machine == machine


LAMP = "文峰大道路灯坏了三天，晚上看不见路，请尽快修理。"
INVITED = (
    "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:路灯现场会\r\nDTSTART;TZID=Asia/Shanghai:20261203T100000\r\n"
    "DESCRIPTION:请到文峰大道\\, 看路\r\n 灯\\n自带手电\r\nLOCATION:文峰大道\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def letter_of(kind: str, body: str, sender: str = "li@example.test") -> MailReceived:
    raw = f"From: {sender}\r\nSubject: lamp\r\nMessage-ID: <a@b>\r\nMIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n{body}"
    return read_letter(raw.encode(), datetime(2026, 3, 5, tzinfo=UTC))


def parts(*written: tuple[str, str]) -> str:
    return "".join(f"--x\r\nContent-Type: {kind}\r\n\r\n{body}\r\n" for kind, body in written) + "--x--\r\n"


@pytest.mark.parametrize("kind", ["multipart/alternative; boundary=x", "multipart/mixed; boundary=x"])
def test_a_plain_part_that_says_nothing_does_not_hide_the_page(kind: str) -> None:
    both = (("text/plain; charset=utf-8", "您的邮件客户端不支持HTML。"), ("text/html; charset=utf-8", f"<p>{LAMP}</p>"))
    assert letter_of(kind, parts(*both)).text.startswith(LAMP)
    same = (
        ("text/plain; charset=utf-8", LAMP),
        ("text/html; charset=utf-8", f"<div><b>{LAMP[:6]}</b>{LAMP[6:]}</div>"),
    )
    assert letter_of(kind, parts(*same)).text == LAMP, "the same words stand once"


def test_an_invitation_is_read_as_what_is_to_be_when_and_where() -> None:
    whole = "路灯现场会\n2026-12-03 10:00\n文峰大道\n请到文峰大道, 看路灯\n自带手电"
    assert letter_of("text/calendar; charset=utf-8; method=REQUEST", INVITED).text == whole
    beside = (("text/plain; charset=utf-8", LAMP), ("text/calendar; charset=utf-8; name=i.ics", INVITED))
    assert letter_of("multipart/mixed; boundary=x", parts(*beside)).text == f"{LAMP}\n{whole}"


@pytest.mark.parametrize(
    ("kind", "locked"),
    [
        ("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", True),
        ('multipart/encrypted; protocol="application/pgp-encrypted"; boundary=x', True),
        ("application/ms-tnef; name=winmail.dat", True),
        ("application/octet-stream; name=WINMAIL.DAT", True),
        ("application/octet-stream; name=encrypted.asc", True),
        ("text/plain; charset=utf-8", False),
    ],
)
def test_a_letter_that_nobody_can_open_is_known(kind: str, locked: bool) -> None:
    assert letter_of(kind, parts(("application/octet-stream", "x"))).locked is locked


def test_a_letter_with_armour_between_its_words_is_locked_and_only_the_words_are_read() -> None:
    armour = "-----BEGIN PGP MESSAGE-----\n\nhQEMA1\n=abcd\n-----END PGP MESSAGE-----\n"
    found = letter_of("text/plain; charset=utf-8", f"请看\n{armour}")
    assert (found.text.strip(), found.locked) == ("请看", True)
    assert letter_of("text/plain; charset=utf-8", armour[:60]).locked, "cut off on its way"


def test_a_signed_letter_is_its_words_and_the_signature_is_no_file() -> None:
    signed = (("text/plain; charset=utf-8", LAMP), ("application/pkcs7-signature; name=smime.p7s", "MIIB"))
    found = letter_of('multipart/signed; protocol="application/pkcs7-signature"; boundary=x', parts(*signed))
    assert (found.text.strip(), found.files, found.locked) == (LAMP, (), False)


def test_what_says_that_it_has_parts_and_has_none_is_read() -> None:
    assert LAMP in letter_of("multipart/mixed", LAMP).text


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("=?utf-8?B?5p2OLOWbmw==?= <li@example.test>", "李,四"),
        ("李四, 王五 <li@example.test>", "李四, 王五"),
        ('"Li, Si" <li@example.test>', "Li, Si"),
        ("<li@example.test>, other@example.test", ""),
        ("li@example.test", ""),
        ("李四 li@example.test", ""),
    ],
)
def test_a_name_of_any_shape_never_costs_the_address(sender: str, name: str) -> None:
    found = letter_of("text/plain", "words", sender)
    assert found.sender == "li@example.test" and (not name or found.name == name)

"""A citizen writes by e-mail and is answered by e-mail, from the receipt to the question; machines are answered by nobody."""

from __future__ import annotations

import io
from collections.abc import Callable
from email.message import EmailMessage
from email.message import Message as Message_
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from hotline.jobs import letters as letters_job
from hotline.keys.codes import query_code
from models import Attachment, Inbound, Message, Survey, Ticket, TicketEvent
from tests.support.papers.letters import LI, OURS, Post
from webhooks.mail.mailbox import Mailbox

MATTER = "文峰大道与东工路交叉口的路灯坏了三天，晚上看不见路，请尽快修理。"
DEEDS = (("du", "dispatch"), ("he", "sign"), ("he", "reply"), ("ren", "pass"))
Tickets = Callable[[], list[Any]]


def lives(post: Post, ticket: Ticket, *deeds: tuple[str, str]) -> None:
    for login, action in deeds:
        post.life.do(ticket, login, action)
        post.life.db.commit()
        post.work()


def test_receipt_result_and_question_come_by_mail_and_the_answer_in_the_thread_closes_the_ticket(
    post: Post, tickets: Tickets
) -> None:
    first = post.write(MATTER, sender=f"李四 <{LI}>")
    post.work()
    (ticket,) = tickets()
    assert (ticket.channel, ticket.title, ticket.contact_name, ticket.contact_phone) == ("email", "路灯", "李四", None)
    (receipt,) = post.sent_to()
    assert ticket.number in receipt["Subject"] and query_code(post.life.db, ticket) in receipt.get_content()
    assert receipt["Auto-Submitted"] == "auto-replied" and receipt["In-Reply-To"] == first["Message-ID"]
    lives(post, ticket, *DEEDS)
    question = post.sent_to()[-1]
    assert "/s/" in question.get_content()
    assert "路灯线路已于今日更换" in "".join(one.get_content() for one in post.sent_to()), (
        "the answer is in a letter, whole"
    )
    quoted = "\n".join(f"> {line}" for line in question.get_content().splitlines())
    post.write(
        f"1\n\n在 2026年3月5日，12345 写道：\n{quoted}\n", subject=f"回复：{question['Subject']}", answers=question
    )
    post.work(2)
    assert tickets()[0].state == "closed" and len(tickets()) == 1
    with post.installation.readings() as db:
        assert [(one.outcome, one.words) for one in db.scalars(select(Survey))] == [("satisfied", "1")]
    assert post.office.flags() == ["S", "S"]
    names = [one["Message-ID"] for one in post.server.letters]
    assert len(names) == len(set(names)) == len([one for one in post.server.letters if one["Auto-Submitted"] != "no"])


def test_more_words_find_their_matter_by_thread_or_number_and_nobody_elses(post: Post, tickets: Tickets) -> None:
    post.write(MATTER)
    post.work()
    (ticket,) = tickets()
    (receipt,) = post.sent_to()
    post.write("就在邮局门口那一盏。", subject="Re: 路灯", answers=receipt)
    post.write(f"工单 {ticket.number}，昨天又灭了一盏。", subject="补充")
    post.write("我也要说两句，就这样吧。", subject="Re: 路灯", sender="stranger@else.test", answers=receipt)
    post.work()
    with post.installation.readings() as db:
        added = db.scalars(
            select(TicketEvent.data).where(TicketEvent.ticket_id == ticket.id, TicketEvent.action == "add")
        ).all()
    assert ["邮局门口" in str(added[0]), "又灭了一盏" in str(added[1])] == [True, True] and len(added) == 2
    assert all(one.id == ticket.id or one.citizen_id != ticket.citizen_id for one in tickets())


def test_a_letter_that_is_taken_and_not_marked_makes_one_ticket(
    post: Post, tickets: Tickets, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker died between taking and marking."""
    post.write(MATTER)
    with monkeypatch.context() as dying:
        dying.setattr(Mailbox, "seen", lambda _box, _uid: None)
        letters_job.empty_mailbox(post.installation)
        letters_job.empty_mailbox(post.installation)
    assert post.office.flags() == [""] and len(tickets()) == 1
    post.work()
    assert post.office.flags() == ["S"] and len(tickets()) == 1
    assert len(post.sent_to()) == 1


def test_html_odd_charsets_and_files_are_read_and_checked(post: Post, tickets: Tickets) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "gray").save(picture, "JPEG")
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Message-ID"] = "wang@example.test", OURS, "<html@example.test>"
    letter["Subject"] = "树挡住了路灯"
    letter.set_content(
        "<html><style>p{}</style><body><p>东工路的树挡住路灯，<br>晚上看不见路。</p><script>x()</script></body></html>",
        subtype="html",
    )
    letter.add_attachment(picture.getvalue(), maintype="image", subtype="jpeg", filename="现场.jpg")
    letter.add_attachment(b"MZ\x90\x00 program", maintype="application", subtype="octet-stream", filename="看看.exe")
    post.office.bring(letter.as_bytes())
    words = "文明大道井盖丢了，騎車危險，请尽快处理。"
    for n, (said, really) in enumerate(
        (("gb2312", "gb18030"), ("utf-8", "gbk"), ("iso-8859-1", "gbk"), ("gb2312", "utf-8"))
    ):
        head = f"From: c{n}@example.test\r\nTo: {OURS}\r\nMessage-ID: <odd{n}@x>\r\nContent-Type: text/plain; charset={said}\r\n"
        post.office.bring(head.encode() + b"Subject: " + f"井盖{n}".encode(really) + b"\r\n\r\n" + words.encode(really))
    post.work()
    first, *odd = tickets()
    assert first.text.body == "东工路的树挡住路灯，\n晚上看不见路。"
    assert [one.text.body for one in odd] == [words] * 4 and [one.title for one in odd] == [
        f"井盖{n}" for n in range(4)
    ]
    with post.installation.readings() as db:
        files = db.scalars(select(Attachment).where(Attachment.ticket_id == first.id)).all()
        notes = db.scalars(
            select(TicketEvent.data).where(TicketEvent.ticket_id == first.id, TicketEvent.action == "note")
        ).all()
    assert [(one.media_type, one.side) for one in files] == [("image/jpeg", "citizen")]
    assert len(notes) == 1 and "没有收下" in notes[0]["text"]


def test_a_new_letter_that_says_it_in_its_subject_or_in_its_files_is_a_matter(post: Post, tickets: Tickets) -> None:
    post.write("如题", subject="龙安区文昌大道路灯坏了三天", sender="a@example.test")
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Message-ID"], letter["Subject"] = "b@x.test", OURS, "<f@x.test>", "材料"
    letter.set_content("见附件")
    letter.add_attachment(b"%PDF-1.4 words", maintype="application", subtype="pdf", filename="情况说明.pdf")
    post.office.bring(letter.as_bytes())
    post.write("你好", subject="你好", sender="c@example.test")
    post.write("退订", subject="不想再收到安阳市的来信", sender="d@example.test")
    post.work(2)
    first, second = tickets()
    assert first.text.body == "龙安区文昌大道路灯坏了三天\n如题" and first.title == "龙安区文昌大道路灯坏了三天"
    assert second.text.body.startswith("材料\n见附件")
    with post.installation.readings() as db:
        assert db.scalars(select(Attachment.ticket_id)).all() == [second.id]


def test_machines_are_answered_by_nobody_and_a_bounce_marks_its_letter(post: Post, tickets: Tickets) -> None:
    post.write(MATTER)
    post.work()
    (receipt,) = post.sent_to()
    heads = (
        {"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"List_Id": "<news.test>"}, {"Return_Path": "<>"},
        {"X_Autoreply": "yes"}, {"Auto_Submitted": "auto-generated; owner-email=x@y.test"},
    )  # fmt: skip
    for more in heads:
        post.write(f"我在休假，{MATTER}", sender="robot@example.test", **more)
    post.write(MATTER, subject="自动回复：路灯", sender="robot@example.test")
    post.write(MATTER, sender="no-reply@shop.test")
    post.write(MATTER, sender=OURS)
    report = EmailMessage()
    report["From"], report["To"], report["Subject"] = "MAILER-DAEMON@example.test", OURS, "Undelivered Mail"
    report.set_content(f"The letter could not be delivered.\n\nMessage-ID: {receipt['Message-ID']}\n")
    post.office.bring(report)
    post.work(2)
    assert len(tickets()) == 1 and len(post.server.letters) == 1, "nothing opened, nobody answered"
    with post.installation.readings() as db:
        assert db.scalars(
            select(Message.state).where(Message.channel == "email", Message.direction == "out")
        ).all() == ["undelivered"]
        kept = db.scalars(select(Inbound.error).where(Inbound.kind == "mail", Inbound.state == "settled")).all()
    assert len(kept) == len(heads) + 4 and {"退信", "自动回复", "群发邮件"} <= set(kept)


def test_a_loop_of_three_answering_machines_ends_by_itself(post: Post, tickets: Tickets) -> None:
    """One says that it is a machine, one says nothing and repeats itself, one says nothing and never says the same twice."""
    post.write(MATTER, sender="polite@a.test")
    post.write(f"{MATTER}请回复。", sender="dull@b.test")
    post.write(f"{MATTER}谢谢。", sender="clever@c.test")
    answered, turns = 0, 0
    for turn in range(90):
        post.work()
        fresh = post.server.letters[answered:]
        answered = len(post.server.letters)
        turns = turn if fresh else turns
        for n, letter in enumerate(fresh):
            subject = f"Re: {letter['Subject']}"
            if "polite" in letter["To"]:
                post.write("我不在办公室。", subject, "polite@a.test", letter, Auto_Submitted="auto-replied")
            elif "dull" in letter["To"]:
                post.write("我不在办公室，回来后会尽快处理您的邮件。", subject, "dull@b.test", letter)
            else:
                post.write(
                    f"第 {turn}-{n} 号回执：您的来信已经转交 {turn * 7 + n} 号柜台，东工路 {turn} 号。",
                    subject,
                    "clever@c.test",
                )
    assert turns < 60, "silence came within the hour"
    by_address = {name: len(post.sent_to(name)) for name in ("polite", "dull", "clever")}
    assert by_address["polite"] == 1 and by_address["dull"] <= 6 and by_address["clever"] <= 12, by_address
    assert len(tickets()) <= 13


def test_more_letters_of_one_address_in_an_hour_than_a_person_writes_wait_for_a_person(
    post: Post, tickets: Tickets
) -> None:
    for n in range(12):
        post.write(
            f"人民大道 {n} 号楼下水道堵了 {n + 3} 天，污水溢出，没人来修。", subject=f"下水道 {n}", sender="many@x.test"
        )
    post.work()
    assert len(tickets()) <= 10 and post.office.flags().count("F") == 2
    with post.installation.readings() as db:
        assert len(db.scalars(select(Inbound.id).where(Inbound.kind == "mail", Inbound.state == "refused")).all()) == 2
    post.clock.forward(minutes=61)
    post.write("文明大道路面塌陷，很危险，请尽快处理。", sender="many@x.test")
    post.work()
    assert post.office.flags()[-1] == "S"


def test_a_mail_server_that_is_away_for_a_while_gets_the_letter_later(post: Post) -> None:
    from dataclasses import replace

    well = post.installation.settings
    post.installation.settings = replace(well, smtp_url="smtp://127.0.0.1:9")
    post.write(MATTER)
    post.work()
    assert post.sent_to() == []
    post.installation.settings = well
    post.work(3)
    assert len(post.sent_to()) == 1


def test_heads_that_hide_lines_neither_stop_our_letters_nor_write_into_them(post: Post, tickets: Tickets) -> None:
    """An encoded word may hold a line end: set into our answer it was no letter at all, and each try failed for ever."""
    letter = Message_()
    letter["From"] = f"=?utf-8?q?=E6=9D=8E=0ABcc=3A_victim=40x=2Ecn=E2=80=AE?= <{LI}>"
    letter["Subject"] = "=?utf-8?q?=E8=B7=AF=E7=81=AF=0D=0ABcc=3A_victim=40x=2Ecn?="
    letter["Message-ID"] = "=?utf-8?q?=3C1=40li=2Ecn=3E=0ABcc=3A_victim=40x=2Ecn?="
    letter.set_payload(MATTER.encode(), "utf-8")
    post.office.bring(letter.as_bytes())
    post.work()
    (ticket,) = tickets()
    assert "\n" not in (ticket.contact_name or "") and "\u202e" not in (ticket.contact_name or "")
    (receipt,) = post.sent_to()
    assert receipt["Bcc"] is None and ticket.number in receipt["Subject"]

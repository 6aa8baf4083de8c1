"""Units read by mail what must not wait for somebody at a screen: once, without a word of the matter, and again when the server was away."""

from __future__ import annotations

from dataclasses import replace

from hotline.city.schema import Duty
from hotline.jobs.schedule import write_digests
from tests.support.make import CHENGGUAN
from tests.support.papers.letters import OURS, Post

DUTY = "duty@chengguan.test"


def with_address(post: Post) -> None:
    city = post.installation.city
    units = {**city.units, CHENGGUAN: replace(city.units[CHENGGUAN], duty=Duty(email=DUTY))}
    post.installation.city = post.life.city = replace(city, units=units)


def test_supervision_and_urges_are_letters_too_and_say_nothing_of_the_matter(post: Post) -> None:
    with_address(post)
    ticket = post.life.ticket()
    for login, action in (
        ("du", "dispatch"),
        ("he", "sign"),
        ("du2", "supervise"),
        ("tou", "urge_unit"),
        ("ji", "ask_explanation"),
    ):
        if action == "ask_explanation":
            ticket.for_discipline = True
            post.life.db.flush()
        post.life.do(ticket, login, action)
        post.life.db.commit()
        post.work()
    letters = post.sent_to(DUTY)
    assert [next(word for word in ("督办", "催办", "说明") if word in one["Subject"]) for one in letters] == [
        "督办",
        "催办",
        "说明",
    ]
    for one in letters:
        assert ticket.number in one["Subject"] and f"/tickets/{ticket.number}" in one.get_content()
        assert "路灯" not in str(one["Subject"]) + one.get_content() and "13800001234" not in one.get_content()
        assert one["Auto-Submitted"] == "auto-generated"


def test_a_digest_waits_for_the_mail_server_and_an_answer_to_it_opens_no_ticket(post: Post) -> None:
    with_address(post)
    post.life.do(post.life.ticket(), "du", "dispatch")
    post.life.db.commit()
    well = post.installation.settings
    post.installation.settings = replace(well, smtp_url="smtp://127.0.0.1:9")
    write_digests(post.installation, post.clock.now())
    post.work()
    post.installation.settings = well
    assert post.sent_to(DUTY) == []
    post.work(6)
    (digest,) = post.sent_to(DUTY)
    assert "1 件" in digest["Subject"]
    post.write("收到，马上办。", f"Re: {digest['Subject']}", DUTY, digest if digest["Message-ID"] else None)
    post.work()
    with post.installation.readings() as db:
        from models import Ticket

        assert db.query(Ticket).count() == 1
    assert post.sent_to(DUTY) == [digest] and post.sent_to(OURS) == []

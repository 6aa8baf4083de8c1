"""Letters and the mailbox's password go only to the server that can prove its name, whoever sits on the line."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hotline.ops import mail
from tests.support.doubles.guarded_mail import GIVEN_AWAY, NAME, Guard, GuardedMail, certificate, guarded_mail
from webhooks.mail.mailbox import MailboxAway, mailbox

SECRET = "举报人写的话"
ASKED = (OSError, MailboxAway, mail.smtplib.SMTPException)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("papers")


@pytest.fixture(scope="module")
def ours(papers: Path) -> Path:
    return certificate(papers)


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch, ours: Path) -> None:
    """The server of the city has a name and an address of its own, and its certificate is one that this machine trusts."""
    asked = socket.getaddrinfo

    def told(host: Any, *more: Any, **named: Any) -> Any:
        return asked("127.0.0.1" if host in (NAME, "114.114.114.114", "10.20.30.40") else host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", told)
    monkeypatch.setenv("SSL_CERT_FILE", str(ours))


def read(server: GuardedMail, url: str | None = None) -> None:
    with mailbox(url or server.url()) as box:
        assert box.new() == []


def send(server: GuardedMail, url: str | None = None) -> None:
    mail.send(url or server.url(), "hotline@anyang.example", "citizen@example.cn", "答复", SECRET)


WAYS = pytest.mark.parametrize(("protocol", "use"), [("imap", read), ("smtp", send)], ids=["imap", "smtp"])
Use = Callable[[GuardedMail], None]


def gave_nothing_away(server: GuardedMail) -> bool:
    heard = server.heard
    return not any(one in heard.in_the_clear + heard.behind_tls for one in GIVEN_AWAY) and heard.letters == 0


@WAYS
@pytest.mark.parametrize("at_once", [True, False], ids=["from the first byte", "begun later"])
def test_a_server_that_proves_its_name_gets_the_password_behind_tls(
    reached: None, ours: Path, protocol: str, use: Use, at_once: bool
) -> None:
    with guarded_mail(protocol, Guard(at_once=at_once), ours) as server:
        use(server)
    assert any(one in server.heard.behind_tls for one in GIVEN_AWAY)
    assert not any(one in server.heard.in_the_clear for one in (*GIVEN_AWAY, b"MAIL FROM", b"LOGIN"))


@WAYS
@pytest.mark.parametrize("at_once", [True, False], ids=["from the first byte", "begun later"])
@pytest.mark.parametrize("wrong", ["made by nobody", "another name", "run out"])
def test_a_wrong_certificate_gets_nothing(
    reached: None, papers: Path, monkeypatch: pytest.MonkeyPatch, protocol: str, use: Use, at_once: bool, wrong: str
) -> None:
    """Whoever turns the name to a machine of their own has no certificate for it that anybody trusts."""
    shown = {
        "made by nobody": lambda: certificate(papers),
        "another name": lambda: certificate(papers, "mail.elsewhere.example"),
        "run out": lambda: certificate(papers, ended=True),
    }[wrong]()
    if wrong != "made by nobody":
        monkeypatch.setenv("SSL_CERT_FILE", str(shown))
    else:
        monkeypatch.delenv("SSL_CERT_FILE")
    with guarded_mail(protocol, Guard(at_once=at_once), shown) as server, pytest.raises(ASKED):
        use(server)
    assert gave_nothing_away(server)


@WAYS
@pytest.mark.parametrize("guard", [Guard(offers=False), Guard(answers=False)], ids=["taken out", "refused"])
def test_where_starttls_is_taken_away_nothing_is_said(
    reached: None, ours: Path, protocol: str, use: Use, guard: Guard
) -> None:
    """Somebody on the line takes the offer out of the server's words, or answers no in its place."""
    with guarded_mail(protocol, guard, ours) as server, pytest.raises(ASKED):
        use(server)
    assert gave_nothing_away(server) and b"MAIL" not in server.heard.in_the_clear


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@WAYS
@pytest.mark.parametrize("at_once", [True, False], ids=["from the first byte", "begun later"])
def test_an_old_tls_that_can_be_broken_is_not_spoken(
    reached: None, ours: Path, protocol: str, use: Use, at_once: bool
) -> None:
    guard = Guard(at_once=at_once, newest=ssl.TLSVersion.TLSv1_1)
    with guarded_mail(protocol, guard, ours) as server, pytest.raises(ASKED):
        use(server)
    assert gave_nothing_away(server)


@WAYS
def test_what_is_slipped_in_before_tls_is_not_taken_for_the_servers_words(
    reached: None, ours: Path, protocol: str, use: Use
) -> None:
    slipped = b"\r\n* PREAUTH welcome" if protocol == "imap" else b"\r\n250-mail.test\r\n250 8BITMIME"
    with guarded_mail(protocol, Guard(said_before=slipped), ours) as server:
        use(server)
    assert any(one in server.heard.behind_tls for one in GIVEN_AWAY)


@pytest.mark.parametrize("host", [NAME, "114.114.114.114"])
def test_a_letter_without_a_password_is_as_secret_as_one_with(reached: None, ours: Path, host: str) -> None:
    """What the hotline answers a citizen is read by whoever sits on the line, also where the server asks for no password."""
    with guarded_mail("smtp", Guard(offers=False), ours) as server, pytest.raises(mail.smtplib.SMTPException):
        send(server, server.url(who="", host=host))
    assert gave_nothing_away(server) and b"MAIL" not in server.heard.in_the_clear


@pytest.mark.parametrize("host", ["127.0.0.1", "10.20.30.40"])
def test_in_a_net_of_ones_own_a_letter_needs_no_tls(reached: None, ours: Path, host: str) -> None:
    with guarded_mail("smtp", Guard(offers=False), ours) as server:
        send(server, server.url(who="", host=host))
    assert server.heard.letters == 1

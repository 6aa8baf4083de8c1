"""A partner's file is fetched from its own hosts and from nowhere else, whatever the address says."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from webhooks.fetch import ADDRESS, ANSWER, HOST, LARGE, PRIVATE, SLOW, Fetcher, NotFetched, is_public

OURS = ("img.partner.example", ".cdn.partner.example")
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 2000


class Site:
    """A partner's site on this machine. pages: path → what to do with the request."""

    def __init__(self) -> None:
        self.pages: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {"/a.png": self.png}
        self.heard: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.heard.append((self.path, dict(self.headers)))
                site.pages.get(self.path, site.gone)(self)

            def log_message(self, *args: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.http.server_port)

    @staticmethod
    def png(asked: BaseHTTPRequestHandler) -> None:
        asked.send_response(200)
        asked.send_header("Content-Length", str(len(PNG)))
        asked.end_headers()
        asked.wfile.write(PNG)

    @staticmethod
    def gone(asked: BaseHTTPRequestHandler) -> None:
        asked.send_response(404)
        asked.end_headers()

    def sends_on(self, path: str, target: str) -> None:
        def answer(asked: BaseHTTPRequestHandler) -> None:
            asked.send_response(302)
            asked.send_header("Location", target)
            asked.end_headers()

        self.pages[path] = answer


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.http.shutdown()
    made.http.server_close()


def out(site: Site, **more: Any) -> Fetcher:
    """A way out whose names all lead to the site; only what a test is about is as in the field."""
    given: dict[str, Any] = {
        "most_bytes": 1_000_000,
        "seconds": 2.0,
        "resolve": lambda host, port: ["127.0.0.1"],
        "may_reach": lambda address: True,
        "port": site.port,
        "plain": True,
        **more,
    }
    return Fetcher(**given)


def refused(fetcher: Fetcher, url: str, hosts: tuple[str, ...] = OURS) -> tuple[str, bool]:
    with pytest.raises(NotFetched) as trouble:
        fetcher.fetch(url, hosts)
    return trouble.value.why, trouble.value.permanent


def test_a_file_on_the_partners_own_host_is_fetched(site: Site) -> None:
    assert out(site).fetch("http://img.partner.example/a.png", OURS) == PNG
    assert out(site).fetch(f"http://x.cdn.partner.example:{site.port}/a.png", OURS) == PNG
    assert site.heard[0][1]["Host"].startswith("img.partner.example")


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.example/a.png",
        "http://img.partner.example.evil.example/a.png",
        "http://evilimg.partner.example/a.png",
        "http://cdn.partner.example/a.png",
        "http://127.0.0.1/a.png",
        "http://[::1]/a.png",
        "http://2130706433/a.png",
        "http://img.partner.example:22/a.png",
        "http://0x7f000001/",
    ],
)
def test_other_hosts_and_ports_are_not_asked(site: Site, url: str) -> None:
    assert refused(out(site), url) == (HOST, True)
    assert site.heard == []


@pytest.mark.parametrize(
    "url",
    [
        "https://img.partner.example/a.png",
        "ftp://img.partner.example/a",
        "file:///etc/passwd",
        "gopher://img.partner.example/",
        "//img.partner.example/a.png",
        "img.partner.example/a.png",
        "http://user:secret@img.partner.example/a.png",
        "http://img.partner.example\\@evil.example/",
        "http://img.partner.example/a b",
        "http://img.partner.example/\r\nX: y",
        "",
        "http://img.partner.example:99999/",
        "http://[::1",
        "http://img.partner.example/路.png",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_plain_address_is_refused(site: Site, url: str) -> None:
    assert refused(out(site), url) == (ADDRESS, True)
    assert site.heard == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:1::1",
        "::",
        "198.18.0.1",
        "192.0.2.1",
        "240.0.0.1",
        "fec0::1",
        "192.88.99.1",
        "3fff::1",
        "::127.0.0.1",
        "0x7f000001",
        "2130706433",
        "not an address",
    ],
)
def test_private_local_and_dressed_up_addresses_are_not_public(site: Site, address: str) -> None:
    assert not is_public(address)
    fetcher = out(site, resolve=lambda host, port: [address], may_reach=is_public)
    assert refused(fetcher, "http://img.partner.example/a.png") == (PRIVATE, True)


def test_open_addresses_are_public() -> None:
    assert all(map(is_public, ("1.1.1.1", "8.8.8.8", "2606:4700::1111", "119.29.29.29")))


def test_one_private_address_among_public_ones_is_enough_to_refuse(site: Site) -> None:
    fetcher = out(site, resolve=lambda host, port: ["1.1.1.1", "10.0.0.1"], may_reach=is_public)
    assert refused(fetcher, "http://img.partner.example/a.png") == (PRIVATE, True)


def test_a_name_that_changes_its_mind_is_asked_once_and_the_answer_is_used(site: Site) -> None:
    """Rebinding: the second answer would be another address; nobody asks for it."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    looked: list[str] = []
    fetcher = out(
        site, resolve=lambda host, port: next(answers), may_reach=lambda address: looked.append(address) or True
    )
    assert fetcher.fetch("http://img.partner.example/a.png", OURS) == PNG
    assert looked == ["127.0.0.1"]


def test_redirects_are_followed_only_to_the_partners_own_hosts(site: Site) -> None:
    site.sends_on("/own", f"http://x.cdn.partner.example:{site.port}/a.png")
    site.sends_on("/near", "/a.png")
    site.sends_on("/away", "http://evil.example/a.png")
    site.sends_on("/inside", "http://169.254.169.254/latest/meta-data/")
    site.sends_on("/scheme", "file:///etc/passwd")
    site.sends_on("/round", "/round")
    site.sends_on("/nowhere", "")
    fetcher = out(site)
    assert (
        fetcher.fetch("http://img.partner.example/own", OURS)
        == fetcher.fetch("http://img.partner.example/near", OURS)
        == PNG
    )
    assert refused(fetcher, "http://img.partner.example/away") == (HOST, True)
    assert refused(fetcher, "http://img.partner.example/inside") == (HOST, True)
    assert refused(fetcher, "http://img.partner.example/scheme") == (ADDRESS, True)
    assert refused(fetcher, "http://img.partner.example/round") == (ANSWER, True)
    assert refused(fetcher, "http://img.partner.example/nowhere")[0] == ANSWER


def test_a_redirect_to_a_name_that_leads_inside_is_refused(site: Site) -> None:
    site.sends_on("/own", "http://x.cdn.partner.example/a.png")
    inside = {"img.partner.example": "127.0.0.1", "x.cdn.partner.example": "10.0.0.8"}
    fetcher = out(
        site, resolve=lambda host, port: [inside[host]], may_reach=lambda address: not address.startswith("10.")
    )
    assert refused(fetcher, "http://img.partner.example/own") == (PRIVATE, True)


def test_a_password_goes_to_its_own_host_alone(site: Site) -> None:
    site.sends_on("/own", f"http://x.cdn.partner.example:{site.port}/a.png")
    out(site, headers={"img.partner.example": {"Authorization": "Basic c2VjcmV0"}}).fetch(
        "http://img.partner.example/own", OURS
    )
    assert [heard.get("Authorization") for _path, heard in site.heard] == ["Basic c2VjcmV0", None]


@pytest.mark.parametrize("says_so", [True, False])
def test_more_bytes_than_allowed_are_not_taken(site: Site, says_so: bool) -> None:
    def endless(asked: BaseHTTPRequestHandler) -> None:
        asked.send_response(200)
        if says_so:
            asked.send_header("Content-Length", "99999999")
        asked.end_headers()
        try:
            for _n in range(100):
                asked.wfile.write(b"x" * 100_000)
        except OSError:
            return

    site.pages["/big"] = endless
    assert refused(out(site), "http://img.partner.example/big") == (LARGE, True)


@pytest.mark.parametrize("drips", ["head", "body"])
def test_a_site_that_drips_is_left_when_the_time_is_over(site: Site, drips: str) -> None:
    def drip(asked: BaseHTTPRequestHandler) -> None:
        asked.wfile.write(b"HTTP/1.0 200 OK\r\n" + (b"" if drips == "head" else b"Content-Length: 99999\r\n\r\n"))
        try:
            for n in range(60):
                asked.wfile.write(f"X-{n}: y\r\n".encode() if drips == "head" else b"x")
                asked.wfile.flush()
                time.sleep(0.1)
        except OSError:
            return

    site.pages["/drip"] = drip
    began = time.monotonic()
    why, permanent = refused(out(site, seconds=1.0), "http://img.partner.example/drip")
    assert time.monotonic() - began < 3 and why in (ANSWER, SLOW) and not permanent


def test_a_file_that_was_cut_short_is_not_kept(site: Site) -> None:
    def short(asked: BaseHTTPRequestHandler) -> None:
        asked.send_response(200)
        asked.send_header("Content-Length", "5000")
        asked.end_headers()
        asked.wfile.write(b"x" * 100)

    site.pages["/short"] = short
    assert refused(out(site), "http://img.partner.example/short") == (ANSWER, False)


@pytest.mark.parametrize(("status", "permanent"), [(404, True), (403, True), (500, False), (503, False), (204, False)])
def test_what_the_site_does_not_give_is_told(site: Site, status: int, permanent: bool) -> None:
    def answer(asked: BaseHTTPRequestHandler) -> None:
        asked.send_response(status)
        asked.end_headers()

    site.pages["/x"] = answer
    assert refused(out(site), "http://img.partner.example/x") == (ANSWER, permanent)


def test_nobody_at_home_is_tried_again_later() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    fetcher = Fetcher(
        1000, seconds=1, resolve=lambda host, port: ["127.0.0.1"], may_reach=lambda address: True, port=port, plain=True
    )
    assert refused(fetcher, "http://img.partner.example/a.png") == (ANSWER, False)


def test_a_server_that_cannot_prove_its_name_is_not_believed(site: Site, tmp_path: Path) -> None:
    """Whoever turns the name to their own machine has no certificate for it."""
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            key,
            "-out",
            certificate,
            "-days",
            "1",
            "-subj",
            "/CN=img.partner.example",
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    site.http.socket = context.wrap_socket(site.http.socket, server_side=True)
    assert refused(out(site, plain=False), "https://img.partner.example/a.png") == (ANSWER, False)
    assert site.heard == []


def test_in_the_field_only_https_is_spoken() -> None:
    assert refused(Fetcher(1000), "http://img.partner.example/a.png") == (ADDRESS, True)
    assert Fetcher(1000).port == 443 and not Fetcher(1000).plain

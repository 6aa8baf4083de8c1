"""Where somebody asks from is told by our own proxy; from anybody else the same heads say nothing."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, request

from hotline.errors import Misconfigured
from hotline.settings.environment import networks_of
from hotline.web.core.limits import proxies

HEADS = {
    "X-Forwarded-For": "10.1.0.7",
    "X-Forwarded-Host": "evil.cn",
    "X-Forwarded-Proto": "https",
    "Forwarded": "for=10.1.0.7",
}


def seen(address: str, *named: str) -> Any:
    app = Flask(__name__)
    app.add_url_rule(
        "/", view_func=lambda: [request.remote_addr, request.host, request.scheme, "Forwarded" in request.headers]
    )
    proxies.install(app, named)
    return app.test_client().get("/", headers=HEADS, environ_base={"REMOTE_ADDR": address}).get_json()


@pytest.mark.parametrize("address", ["203.0.113.9", "10.1.0.8", "::ffff:203.0.113.9", "fe80::1%eth0", "127.0.0.1.evil"])
def test_a_strangers_word_about_where_they_ask_from_is_no_word(address: str) -> None:
    """Else each guess came from another network, and a stolen token from the address it was bound to."""
    assert seen(address, "192.0.2.0/24") == [address, "localhost", "http", False]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "", "192.0.2.7", "::ffff:192.0.2.7", "::ffff:127.0.0.1"])
def test_our_own_proxy_tells_it(address: str) -> None:
    assert seen(address, "192.0.2.0/24")[:3] == ["10.1.0.7", "evil.cn", "https"]


@pytest.mark.parametrize(
    "told",
    [
        "0.0.0.0/0",
        "::/0",
        "0.0.0.0/1,128.0.0.0/1",
        "10.1.0.7,0.0.0.0/4",
        "::/1,8000::/1",
        "2000::/3",
        "nginx",
        "10.1.0.7/8",
        "10.1.0.7;10.1.0.8",
    ],
)
def test_what_is_no_network_and_the_whole_world_do_not_start(told: str) -> None:
    with pytest.raises(Misconfigured):
        networks_of({"HOTLINE_PROXIES": told}, "HOTLINE_PROXIES")
    assert networks_of({"HOTLINE_PROXIES": "10.1.0.7, 10.2.0.0/16"}, "HOTLINE_PROXIES") == ("10.1.0.7", "10.2.0.0/16")

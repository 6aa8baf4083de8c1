"""A security key in a real browser: registered, named, touched at sign-in, and removed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.support.make import PASSWORD
from tests.support.town import DESK, Town
from tests.support.windows import ready

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "hasUserVerification": False,
    "isUserVerified": False,
}


def plug_in(page: Page) -> Any:
    """A key in this window's computer, which is touched whenever somebody asks."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {**KEY, "automaticPresenceSimulation": True}
    return devices, devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def window(town: Town) -> Page:
    """A window on localhost, where browsers know keys without https."""
    site = town.url.replace("127.0.0.1", "localhost")
    town.installation.settings = replace(town.installation.settings, public_url=site, second_factor=True)
    context = town.browser.new_context(viewport=DESK, locale="zh-CN", base_url=site)  # type: ignore[arg-type]
    context.set_default_timeout(25_000)
    town.windows.append(context)
    return context.new_page()


def by_password(page: Page) -> None:
    page.goto("/login?next=/dispatch/")
    page.locator("#f-login").fill("du")
    page.locator("#f-password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: urlsplit(url).path == "/account/second/")
    ready(page)


def signed_out(page: Page) -> None:
    """By the button of her own menu, as people leave."""
    ready(page)
    page.get_by_role("button", name="我的菜单").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/login")


def test_a_key_is_registered_named_touched_and_removed(town: Town, keep: Any) -> None:
    page = window(town)
    by_password(page)
    devices, plugged = plug_in(page)
    page.locator("#f-name").fill("办公室蓝色")
    page.get_by_role("button", name="登记一把密钥").click()
    page.get_by_text("您的备用码").wait_for()
    codes = page.locator("ul.codes code").all_inner_texts()
    assert len(codes) == 10
    page.get_by_role("link", name="我已抄好").click()
    page.wait_for_url("**/dispatch/")
    page.goto("/account/second/")
    ready(page)
    keep(page, "security-keys")
    assert page.locator("ul.keys input[name^=name-]").input_value() == "办公室蓝色"
    signed_out(page)
    by_password(page)
    keep(page, "security-key-asked")
    page.get_by_role("button", name="用安全密钥验证").click()
    page.wait_for_url("**/dispatch/")
    signed_out(page)
    devices.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": plugged})
    by_password(page)
    page.locator("#f-code").fill(codes[0])
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/dispatch/")

"""An operator sees how each partner is, and decides about its dead letters with a reason."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.wrappers import Request, Response

from hotline.city.loader import load_city
from hotline.partners.known import unknown_deeds
from hotline.settings import PartnerSetting
from models import Audit, Delivery, Staff
from tests.support.cities.partners import Street, key_of
from tests.support.make import make_staff
from tests.support.repository import ROOT


def test_the_page_shows_each_partner_and_its_dead_letters_are_decided_with_a_reason(
    street: Street, browse: Callable[[Staff], FlaskClient]
) -> None:
    street.connect("province", "xinfang")
    street.doubles["province"].trouble = [422, 422]
    for n in (1, 2):
        street.tell("province", {"workOrderNo": f"SJ-{n}", "content": "文峰大道路灯坏了三天。"})
        street.work()
    boss = make_staff(street.life.db, "guan", "管", "administrator")
    head = street.life.staff["tou"]
    street.life.db.commit()
    page = browse(boss).get("/admin/partners").get_data(as_text=True)
    assert "省政务服务平台" in page and "有死信" in page and "没有接通" in page
    assert "有 2 条推送其他平台不收" in browse(boss).get("/admin/").get_data(as_text=True)
    shown = browse(boss).get("/admin/partners/province").get_data(as_text=True)
    assert "HTTP 422" in shown and "SJ-1" not in shown
    first, second = (row.id for row in street.deliveries("province"))
    client = browse(boss)
    assert client.post(f"/admin/partners/province/{first}/retry").status_code == 303
    assert client.post(f"/admin/partners/province/{second}/give-up", data={}).status_code == 400
    assert (
        client.post(f"/admin/partners/province/{second}/give-up", data={f"reason_{second}": "对方已关单"}).status_code
        == 303
    )
    assert client.post(f"/admin/partners/xinfang/{first}/retry").status_code == 404
    assert browse(head).post(f"/admin/partners/province/{second}/retry").status_code == 403
    street.work()
    assert [(row.state, row.reason) for row in street.deliveries("province")] == [
        ("accepted", None),
        ("given_up", "对方已关单"),
    ]
    with street.installation.readings() as db:
        book = db.scalars(select(Audit.action).where(Audit.action.like("delivery%"))).all()
        assert sorted(book) == ["delivery_given_up", "delivery_retried"]
        assert db.scalar(select(Delivery.ended_by).where(Delivery.id == second)) == "管"
    assert "正常" in client.get("/admin/partners").get_data(as_text=True)


def test_the_page_tells_a_partner_that_is_silent_from_one_that_asks_for_time_or_takes_nothing(
    street: Street, browse: Callable[[Staff], FlaskClient]
) -> None:
    street.connect("province")
    boss = make_staff(street.life.db, "guan", "管", "administrator")
    street.life.db.commit()
    for n, (trouble, words) in enumerate(
        {(429,): "对方让过一会儿再送", ("garbage",): "对方有应答，没有收下", (503,) * 3: "对方没有应答"}.items()
    ):
        street.doubles["province"].trouble = list(trouble)
        for copy in range(len(trouble)):
            street.tell("province", {"workOrderNo": f"SJ-{n}-{copy}", "content": "文峰大道路灯坏了三天。"})
        street.work()
        page = browse(boss).get("/admin/partners").get_data(as_text=True)
        assert words in page, words
        street.pass_time(10)
        assert words not in browse(boss).get("/admin/partners").get_data(as_text=True)


def test_the_documents_row_goes_into_the_citys_file_as_it_is_printed(tmp_path: Path) -> None:
    row = (ROOT / "docs" / "api.md").read_text("utf-8").split("```yaml\npartners:\n")[1].split("```")[0]
    folder = shutil.copytree(ROOT / "hotline" / "city" / "anyang", tmp_path / "city")
    with (folder / "partners.yaml").open("a", encoding="utf-8") as file:
        file.write(row)
    city = load_city(folder)
    shown = city.subscription("dashboard")
    assert shown is not None and {"submit", "red_card"} <= shown.tellings["progress"].on and not unknown_deeds(city)


def test_the_document_for_others_verifies_what_we_sign(street: Street) -> None:
    """The snippet is taken out of the document and run on a real post."""
    snippet = (ROOT / "docs" / "api.md").read_text("utf-8").split("```python\n")[1].split("```")[0]
    shown: dict[str, Any] = {}
    exec(compile(snippet, "docs/api.md", "exec"), shown)
    seen: list[tuple[dict[str, str], str, bytes]] = []

    def listen(environ: Any, start_response: Any) -> list[bytes]:
        request = Request(environ)
        seen.append((dict(request.headers), request.full_path, request.get_data()))
        return list(Response('{"success": true, "result": {"id": 1}}')(environ, start_response))

    street.connect("province")
    url = street.serve(listen) + "/in?from=hotline"
    partners = {"province": PartnerSetting(post=url, private=True)}
    street.installation.settings = replace(street.installation.settings, partners=partners)
    street.tell("province", {"workOrderNo": "SJ-1", "content": "文峰大道路灯坏了三天。"})
    street.work()
    ((headers, path, body),) = seen
    now = street.now().timestamp()
    assert shown["is_ours"](key_of("province"), headers, path, body, now)
    for key, told, at in (
        ("another-key-of-16-signs", body, now),
        (key_of("province"), body + b" ", now),
        (key_of("province"), body, now + 301),
    ):
        assert not shown["is_ours"](key, headers, path, told, at)

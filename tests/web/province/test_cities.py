"""The cities side by side, the days behind each number, and the page where a city is registered."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.cells.days import figure_name
from hotline.installation import Installation
from hotline.metrics.counting import DEFINITIONS
from hotline.metrics.rates import interval
from hotline.province import registry
from hotline.province.take import take
from models import Audit
from tests.support.life import Life
from tests.support.make import make_staff
from webhooks.cells.forms import Report

Browse = Callable[[Any], FlaskClient]
SOLVE = figure_name("solve", DEFINITIONS["solve"].version)


def register(life: Life, *names: str) -> None:
    for name in names:
        registry.register(life.db, name, f"{name}市", name.title(), f"https://{name}.example.cn", life.now)
    life.db.commit()


def tell(life: Life, name: str, **more: Any) -> None:
    take(life.db, registry.get(life.db, name), Report.model_validate({"version": 1} | more), life.now)
    life.db.commit()


def day(life: Life, revision: int = 1, back: int = 0, **figures: list[float]) -> dict[str, Any]:
    return {"day": f"{life.now.date() - timedelta(days=back)}", "revision": revision, "figures": figures}


def administrator(life: Life) -> Any:
    made = make_staff(life.db, "gao", "高", "administrator")
    life.db.commit()
    return made


def key_of(life: Life, name: str) -> str:
    key = registry.get(life.db, name).key
    life.db.rollback()
    return key


def words(page: Any) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", page.get_data(as_text=True))


def test_cities_stand_side_by_side_with_their_intervals(life: Life, browse: Browse) -> None:
    register(life, "anyang", "hebi")
    tell(life, "anyang", days=[day(life, taken=[40], **{SOLVE: [30, 40, 4]}), day(life, back=1, taken=[2])])
    tell(life, "hebi", days=[day(life, taken=[7], **{SOLVE: [1, 2, 0]})])
    page = browse(life.staff["shi"]).get("/province")
    text = words(page)
    low, high = interval(32, 40) or (0, 0)
    assert "80.0%" in text and f"({100 * low:.1f}–{100 * high:.1f})" in text, "partly solved weighs half, for all alike"
    assert "50.0%" in text and "42" in text and "49" in text, "the days and the cities are summed"
    assert f'href="/province/cities/anyang?days=7&amp;figure={SOLVE}"'.replace("@", "%40") in page.get_data(
        as_text=True
    ).replace("@", "%40")


def test_each_number_opens_the_citys_days(life: Life, browse: Browse) -> None:
    register(life, "anyang")
    tell(life, "anyang", days=[day(life, back=back, **{SOLVE: [3 + back, 10, 0]}) for back in range(3)])
    text = words(browse(life.staff["tou"]).get(f"/province/cities/anyang?figure={SOLVE}"))
    assert all(rate in text for rate in ("30.0%", "40.0%", "50.0%"))
    assert words(browse(life.staff["tou"]).get("/province/cities/nobody"))


def test_figures_of_another_rule_are_kept_and_not_mixed_in(life: Life, browse: Browse) -> None:
    register(life, "anyang")
    tell(life, "anyang", program="9.0", days=[day(life, **{"solve@99": [9, 10, 0], "warmth": [1]})])
    assert "90.0%" not in words(browse(life.staff["shi"]).get("/province"))
    assert "solve@99、warmth" in words(browse(life.staff["shi"]).get("/province/cities/anyang"))


def test_a_silent_city_is_red_and_the_others_are_not(life: Life, browse: Browse) -> None:
    register(life, "anyang", "hebi")
    tell(life, "anyang")
    tell(life, "hebi")
    life.clock.forward(seconds=55)
    tell(life, "anyang")
    text = words(browse(life.staff["shi"]).get("/province"))
    assert "没有消息：hebi市" in text and "anyang市。" not in text


def test_a_changed_head_is_red(life: Life, browse: Browse) -> None:
    register(life, "anyang")
    tell(life, "anyang", head={"links": 5, "seal_id": 5, "hash": "a" * 64})
    tell(life, "anyang", head={"links": 6, "seal_id": 6, "hash": "c" * 64}, proof={"seal_id": 5, "hash": "b" * 64})
    assert "日志的封条对不上" in words(browse(life.staff["ji"]).get("/province"))


def test_the_table_is_asked_anew_without_its_page(life: Life, browse: Browse) -> None:
    register(life, "anyang")
    part = browse(life.staff["shi"]).get("/province", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "anyang市" in part and "<html" not in part


def test_the_menu_has_the_cities_only_in_a_province(life: Life, browse: Browse) -> None:
    assert "/province" not in browse(life.staff["shi"]).get("/overview/").get_data(as_text=True)
    register(life, "anyang")
    assert "/province" in browse(life.staff["shi"]).get("/overview/").get_data(as_text=True)
    assert browse(life.staff["du"]).get("/province").status_code == 403


def test_a_city_is_registered_and_its_key_is_shown_once(life: Life, browse: Browse) -> None:
    browser = browse(administrator(life))
    form = {"name": "hebi", "title": "鹤壁市", "title_en": "Hebi", "address": "https://12345.hebi.gov.cn"}
    made = browser.post("/admin/cells", data=form)
    assert made.status_code == 200, words(made)
    key = key_of(life, "hebi")
    assert key in made.get_data(as_text=True) and key not in browser.get("/admin/cells").get_data(as_text=True)
    life.db.rollback()
    (noted,) = life.db.scalars(select(Audit).where(Audit.action == "cell_registered"))
    assert noted.subject == "hebi" and key not in str(noted.detail)


def test_a_form_that_is_wrong_names_each_field(life: Life, browse: Browse) -> None:
    register(life, "anyang")
    browser = browse(administrator(life))
    wrong = {"name": "Anyang!", "title": "", "title_en": "x" * 61, "address": "http://12345.cn/path"}
    page = browser.post("/admin/cells", data=wrong)
    text = words(page)
    assert page.status_code == 400
    for sentence in ("代码由小写字母", "请填写名称", "请填写英文名称", "地址写成"):
        assert sentence in text
    again = {"name": "anyang", "title": "安阳", "title_en": "Anyang", "address": "https://12345.cn"}
    assert "已经登记过" in words(browser.post("/admin/cells", data=again))


def test_what_is_done_to_a_city_stands_in_the_book(life: Life, browse: Browse) -> None:
    register(life, "anyang")
    browser, before = browse(administrator(life)), key_of(life, "anyang")
    renewed = browser.post("/admin/cells/anyang/renew").get_data(as_text=True)
    for deed, form in (
        ("stop", {}),
        ("resume", {}),
        ("move", {"address": "https://new.example.cn"}),
        ("trust", {"reason": "恢复了备份，已核对"}),
    ):
        assert browser.post(f"/admin/cells/anyang/{deed}", data=form).status_code == 303
    assert browser.post("/admin/cells/anyang/trust").status_code == 400
    assert browser.post("/admin/cells/anyang/move", data={"address": "ftp://x"}).status_code == 400
    life.db.rollback()
    life.db.expire_all()
    cell = registry.get(life.db, "anyang")
    assert cell.former_key == before and cell.key in renewed and cell.address == "https://new.example.cn"
    deeds = set(life.db.scalars(select(Audit.action)))
    assert {"cell_renew", "cell_stop", "cell_resume", "cell_move", "cell_trust"} <= deeds


def test_keys_lie_hidden_in_the_database(life: Life, installation: Installation) -> None:
    register(life, "anyang")
    key = key_of(life, "anyang")
    with installation.engine.connect() as connection:
        stored = connection.exec_driver_sql("SELECT key FROM cell").scalar_one()
    assert str(stored).startswith("enc") and key not in str(stored)

"""After the call the next matter begins on a blank form."""

from __future__ import annotations

from models import Citizen
from tests.support.town import CITIZEN, Town
from tests.support.windows import ready


def test_after_hanging_up_the_next_letter_has_no_callers_number(town: Town) -> None:
    """Found at the desks: W1."""
    town.life.staff["an"].on_duty = True
    town.life.db.commit()
    an = town.enter("an", "/desk")
    town.knock(town.phone().call("CA" + "9" * 32))
    an.locator("#calls .call-rings").wait_for()
    ready(an)
    an.keyboard.press("Alt+a")
    an.wait_for_url("**/desk?call=*")
    ready(an)
    an.locator("#f-body").fill("文峰大道与东工路交叉口的路灯坏了三天，晚上看不见路。")
    an.keyboard.press("Alt+s")
    an.locator("#done").wait_for()
    ready(an)
    an.keyboard.press("Alt+g")
    an.wait_for_url("**/desk?blank=1")
    ready(an)
    assert an.locator("#f-phone").input_value() == ""
    an.locator("#f-channel").select_option("letter")
    an.locator("#f-body").fill("来信反映：小区三号楼前污水外溢，请派人疏通。")
    an.keyboard.press("Alt+s")
    an.get_by_text("来信反映").first.wait_for()
    assert (town.ticket().channel, town.ticket().contact_phone) == ("letter", None)


def test_a_letter_written_down_during_a_call_takes_nothing_of_the_caller(town: Town) -> None:
    """The channel that is no call empties the caller's fields; the call's channel gives them again."""
    town.life.db.add(Citizen(phone=CITIZEN, name="王秀英", created_at=town.life.now))
    town.life.staff["an"].on_duty = True
    town.life.db.commit()
    an = town.enter("an", "/desk")
    town.knock(town.phone().call("CA" + "9" * 32))
    an.locator("#calls .call-rings").wait_for()
    ready(an)
    an.keyboard.press("Alt+a")
    an.wait_for_url("**/desk?call=*")
    ready(an)
    before = [an.locator(field).input_value() for field in ("#f-phone", "#f-name")]
    assert before == ["138****1234", "王秀英"]
    for channel in ("letter", "wechat", "web"):
        an.locator("#f-channel").select_option(channel)
        assert [an.locator(field).input_value() for field in ("#f-phone", "#f-name")] == ["", ""]
        an.locator("#f-channel").select_option("hotline")
        assert [an.locator(field).input_value() for field in ("#f-phone", "#f-name")] == before
    an.locator("#f-channel").select_option("letter")
    an.locator("#f-name").fill("来信人李某")
    an.locator("#f-channel").select_option("hotline")
    assert an.locator("#f-name").input_value() == "来信人李某"

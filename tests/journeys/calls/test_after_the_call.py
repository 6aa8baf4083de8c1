"""After the call the next matter begins on a blank form."""

from __future__ import annotations

from tests.support.town import Town
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

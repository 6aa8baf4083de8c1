"""A city is data: a good folder becomes one frozen value, a bad one becomes sentences with file and line."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from hotline.city import City, load_city, worded
from hotline.city.loader import FILES
from hotline.i18n import speaking
from routing.calendar import Calendar
from routing.facts import Facts
from routing.rules import decide
from routing.said import Said
from routing.spans import Span
from tests.city.loading.spoiling import mistakes, spoil


def test_a_good_folder_loads_without_a_word(city: City) -> None:
    assert (city.code, city.name, city.hotline_number, city.warnings) == ("tinytown", "小镇", "311", ())


def test_a_city_cannot_be_changed_after_loading(city: City) -> None:
    with pytest.raises(FrozenInstanceError):
        city.name = "别处"  # type: ignore[misc]


def test_names_follow_the_reader_and_unknown_codes_stand_for_themselves(city: City) -> None:
    assert city.unit_name("water") == "自来水公司"
    with speaking("en"):
        assert (city.unit_name("water"), city.category_name("0102"), city.area_name("hill"), city.title) == (
            "Water Company",
            "Street lamps",
            "Hill District",
            "Tinytown",
        )
    assert city.unit_name("gone-long-ago") == "gone-long-ago"


def test_an_area_brings_its_unit_its_bureaus_and_its_towns(city: City) -> None:
    assert [unit.code for unit in city.children("harbour")] == ["harbour-streets", "harbour-pier"]
    assert city.unit_name("harbour-streets") == "港口区街道科"
    assert city.unit_and_below("harbour") == ("harbour", "harbour-streets", "harbour-pier")
    assert city.unit_name("hill") == "山上区公所" and city.area_name("hill") == "山上区"
    assert city.children("hill") == ()


def test_a_bureau_written_out_replaces_the_made_one(folder: Path) -> None:
    quay = "{code: quay, kind: bureau, area: harbour, bureau: streets, parent: harbour, name: 码头所, name_en: Quay}"
    spoil(folder, "units.yaml", "\nbureaus:", f"  - {quay}\n\nbureaus:")
    city = load_city(folder)
    assert [unit.code for unit in city.children("harbour")] == ["quay", "harbour-pier"]
    assert city.directory.bureaus[("harbour", "streets")] == "quay"


def test_a_lead_is_inherited_and_can_be_taken_back(city: City) -> None:
    leads = {code: (each.lead, each.lead_is) for code, each in city.categories.items()}
    assert leads["0101"] == ("streets", "area_bureau:streets")
    assert leads["0102"] == ("lamps", "unit")
    assert leads["0202"] == ("water", "area")
    assert city.categories["0101"].request_type == "complaint" and city.categories["0102"].safety
    assert city.category_path("0102") == ("01", "0102")


def test_outside_bodies_and_departments_are_known(city: City) -> None:
    assert city.outside == ("911",)
    assert city.departments == {"streets": "streets"}
    assert city.units["streets"].bureau == "streets"


def test_from_a_citizens_words_to_a_unit_and_a_deadline(city: City) -> None:
    text = "渔村门口路面破损"
    place = city.gazetteer.find(text)
    facts = Facts(text, "0101", area=place.area, street=place.street, town=place.town)
    decision = decide(city.rules, facts, city.directory)
    assert (decision.rule_id, decision.lead) == ("pier-potholes", "harbour-pier")
    span = city.limits.span("reply", "complaint")
    assert span == Span(6, "wd")
    # Friday 18 December 2026, 10:00 in town (15:00 UTC); the 19th is worked, the 24th and 25th are not.
    start = datetime(2026, 12, 18, 15, tzinfo=UTC)
    assert city.calendar.add(start, Span(5, "wd")) == datetime(2026, 12, 28, 15, tzinfo=UTC)


def test_keywords_serve_the_classifier_and_all_names_the_word_cutter(city: City) -> None:
    assert city.lexicon["0201"] == ("停水", "没水") and "01" not in city.lexicon
    assert {"海滨大道", "渔村", "港口", "停水"} <= set(city.vocabulary)
    assert len(set(city.vocabulary)) == len(city.vocabulary)


def test_english_words_serve_the_classifier_but_not_the_word_cutter(city: City) -> None:
    assert city.lexicon["0102"] == ("路灯", "street lamp") and "street lamp" not in city.vocabulary


def test_the_policy_keeps_its_defaults_where_the_file_is_silent(city: City) -> None:
    assert city.policy.auto_dispatch_on and city.policy.auto_dispatch == 0.9
    assert city.policy.civil_hours == (time(10), time(19))
    assert city.policy.max_extensions == 3


def test_the_calendar_belongs_to_the_city(city: City) -> None:
    assert isinstance(city.calendar, Calendar)
    assert city.calendar.zone == city.timezone == "America/Bogota"
    assert city.calendar.is_working_day(date(2026, 12, 19)) and not city.calendar.is_working_day(date(2026, 12, 25))


def test_a_text_is_filled_in_the_citizens_language(city: City) -> None:
    assert city.texts["received"].fill("zh", number="7") == "已收到，编号7。"
    assert city.texts["received"].fill("en", number="7") == "We have your request, number 7."


def test_a_sentence_of_routing_is_worded_for_the_reader(city: City) -> None:
    said = Said("类别不是：%(needed)s", {"needed": "01"})
    assert worded(said) == "类别不是：01"
    with speaking("en"):
        assert worded(said) == "the category is not 01"
        assert worded(Said("理由100%", english="reason")) == "reason"
    assert worded(Said("理由100%", english="reason")) == "理由100%"


def test_the_release_names_the_content_and_not_the_editor(folder: Path, city: City) -> None:
    assert len(city.release) == 12 and load_city(folder).release == city.release
    for name in FILES:
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"))
    assert load_city(folder).release == city.release
    spoil(folder, "messages.yaml", "已收到", "收到")
    assert load_city(folder).release != city.release


SIGN_IN = """sign_in:
  name: 统一认证
  makes: yes
  proofs: [otp, hwk]
  groups:
    - group: CN=坐席,OU=12345
      roles: [agent, lead_agent]
    - group: roads
      roles: [handler]
      unit: UNIT
"""


def test_who_signs_in_through_the_citys_provider_is_data(folder: Path, city: City) -> None:
    unit = next(iter(city.units))
    face = folder / "city.yaml"
    face.write_text(face.read_text("utf-8") + SIGN_IN.replace("UNIT", unit), "utf-8")
    told = load_city(folder).sign_in
    assert (told.title, told.makes, told.proofs) == ("统一认证", True, {"otp", "hwk"})
    assert [(one.name, one.roles, one.unit) for one in told.groups] == [
        ("CN=坐席,OU=12345", ("agent", "lead_agent"), ""),
        ("roads", ("handler",), unit),
    ]
    spoil(folder, "city.yaml", f"unit: {unit}", "unit: nowhere")
    spoil(folder, "city.yaml", "roles: [handler]", "roles: []")
    assert len(mistakes(folder)) == 2 and any("nowhere" in one for one in mistakes(folder))

"""However a number is written, it is one number; what is no number is said to be none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhooks.numbers import (
    KINDS,
    LONGEST,
    SENTENCES,
    caller_phone,
    can_be_texted,
    clean_phone,
    international,
    is_one_person,
    kind_of,
    masked,
    read_phone,
)


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("13800001234", "13800001234"),
        ("+86 138-0000-1234", "13800001234"),
        ("0086 13800001234", "13800001234"),
        ("8613800001234", "13800001234"),
        ("１３８ ００００ １２３４", "13800001234"),
        ("(0372)2525252", "03722525252"),
        ("（0372）2525252", "03722525252"),
        ("0372-2525-252", "03722525252"),
        ("0372 252 5252转801", "03722525252-801"),
        ("0372-2525252-801", "03722525252-801"),
        ("03722525252#801", "03722525252-801"),
        ("+86 372 2525252", "03722525252"),
        ("+86 10 6525 1234", "01065251234"),
        ("010—65251234", "01065251234"),
        ("400-123-4567", "4001234567"),
        ("\u202d138 0001 0001\u202c", "13800010001"),
        ("\u200b138\u00a00001\u200c0001\ufeff", "13800010001"),
        ("013800010001", "13800010001"),
        ("86-372-2525252", "03722525252"),
        ("+852 9123 4567", "+85291234567"),
        ("00852 91234567", "+85291234567"),
        ("+1 (202) 555-0123", "+12025550123"),
    ],
)
def test_every_way_to_write_a_number_ends_the_same(written, clean):
    assert clean_phone(written) == clean
    assert clean_phone(clean) == clean


@pytest.mark.parametrize(
    ("written", "sentence"),
    [("", 0), ("   ", 0), ("张三", 1), ("1380000123a", 1), ("12345678901", 2), ("1380000123", 2), ("138000012345", 2),
     ("2525252", 2), ("12345", 2), ("00000000000", 2), ("+999155550100", 1)],
)  # fmt: skip
def test_what_is_no_chinese_number_is_refused_in_a_sentence(written, sentence):
    with pytest.raises(ValueError) as refusal:
        clean_phone(written)
    assert str(refusal.value) == SENTENCES[sentence]


def test_a_local_number_is_completed_with_the_citys_area_code():
    assert clean_phone("252 5252", area_code="0372") == "03722525252"
    assert clean_phone("13800001234", area_code="0372") == "13800001234"


@pytest.mark.parametrize(
    ("told", "kept"),
    [("+8613800001234", "13800001234"), ("110", "110"), ("+86110", "110"), ("95598", "95598"), ("", ""),
     ("+14155550100", "+14155550100"), ("anonymous", ""), ("+266696687", ""), ("sip:an@desk", ""), ("+8656696", ""),
     ("client:an", "")],
)  # fmt: skip
def test_a_callers_number_never_stops_a_call(told, kept):
    assert caller_phone(told) == kept


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_a_caller(text):
    assert len(caller_phone(text)) <= 32


@given(st.from_regex(r"(\+86|0086|86)?[ -]?(1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}(转[0-9]{1,4})?)", fullmatch=True))
def test_cleaning_a_clean_number_changes_nothing(written):
    try:
        clean = clean_phone(written)
    except ValueError:
        return
    assert clean_phone(clean) == clean == caller_phone(clean)
    assert international(clean).startswith("+86" if clean[0] != "+" else "+")


@pytest.mark.parametrize(
    ("clean", "e164"),
    [("13800001234", "+8613800001234"), ("03722525252", "+863722525252"), ("03722525252-801", "+863722525252"),
     ("+14155550100", "+14155550100")],
)  # fmt: skip
def test_a_number_can_be_written_for_the_world(clean, e164):
    assert international(clean) == e164


def test_only_two_digits_of_a_number_are_logged():
    assert masked("13800001234") == "*********34"
    assert masked("110") == "***"


@pytest.mark.parametrize(
    ("told", "number", "kind", "others"),
    [
        ("13800010001/13900010002", "13800010001", "mobile", ("13900010002",)),
        ("13800010001、2525252", "13800010001", "mobile", ("03722525252",)),
        ("2525252/13800010001", "03722525252", "landline", ("13800010001",)),
        ("1380001000113900010002", "13800010001", "mobile", ("13900010002",)),
        ("138 0001 0001 139 0001 0002", "13800010001", "mobile", ("13900010002",)),
        ("13800010001\n13900010002", "13800010001", "mobile", ("13900010002",)),
        ("张三13800010001，李四 0372-2525252", "13800010001", "mobile", ("03722525252",)),
        ("13800010001（李女士）", "13800010001", "mobile", ()),
        ("手机：13800010001", "13800010001", "mobile", ()),
        ("微信同号13800010001", "13800010001", "mobile", ()),
        ("一三八零零零一零零零一", "13800010001", "mobile", ()),
        ("幺三八 〇〇〇幺 〇〇〇幺", "13800010001", "mobile", ()),
        ("'13800010001", "13800010001", "mobile", ()),
        ("13800010001.0", "13800010001", "mobile", ()),
        ("1.3800010001E10", "13800010001", "mobile", ()),
        ("13800010001转1234", "13800010001-1234", "mobile", ()),
        ("2525252", "03722525252", "landline", ()),
        ("252-5252转801", "03722525252-801", "landline", ()),
        ("+852 9123 4567", "+85291234567", "foreign", ()),
        ("852-91234567", "+85291234567", "foreign", ()),
        ("+12025550123", "+12025550123", "foreign", ()),
        ("110", "110", "short", ()),
        ("110指挥中心", "110", "short", ()),
        ("95598", "95598", "short", ()),
        ("10086", "10086", "short", ()),
        ("+86110", "110", "short", ()),
        ("1380001000", "1380001000", "unknown", ()),
        ("852 6666 1234", "85266661234", "unknown", ()),
    ],
)
def test_a_number_is_read_out_of_whatever_was_told(told, number, kind, others):
    phone = read_phone(told, "0372")
    assert (phone.number, phone.kind, phone.others) == (number, kind, others)
    assert phone.told == told.strip()


@pytest.mark.parametrize(
    "told",
    ["", "匿名", "NULL", "无", "-", "不愿透露", "138****0001", "138xxxx0001", "110****0001", "1.38E+10", "2.02603E+13",
     "00000000000", "11111111111", "12345678901", "QQ:25252521", "410503199001011234", "anonymous",
     "+266696687", "sip:an@desk"],
)  # fmt: skip
def test_what_holds_no_number_is_kept_as_told_and_stands_for_nobody(told):
    phone = read_phone(told, "0372")
    assert (phone.number, phone.kind, phone.others, phone.textable) == ("", "unknown", (), False)
    assert phone.told == told


@pytest.mark.parametrize(
    ("number", "texted", "one_person"),
    [("13800010001", True, True), ("19900010001", True, True), ("13800010001-1234", False, True),
     ("03722525252", False, True), ("03722525252-801", False, True), ("4001234567", False, True),
     ("+85291234567", False, True), ("110", False, False), ("106912345678", False, False),
     ("1380001000", False, True), ("", False, False), (None, False, False)],
)  # fmt: skip
def test_only_a_mobile_number_of_the_mainland_is_texted(number, texted, one_person):
    assert (can_be_texted(number), is_one_person(number)) == (texted, one_person)


@given(st.one_of(st.text(max_size=60), st.text("0123456789+-()转 /、E.*一二", max_size=40)))
def test_nothing_that_is_told_as_a_number_breaks_the_reading(told):
    phone = read_phone(told, "0372")
    assert phone.kind in KINDS and phone.kind == kind_of(phone.number)
    assert len(phone.number) <= LONGEST and phone.textable == can_be_texted(phone.number)
    assert read_phone(phone.number, "0372").number in (phone.number, "")

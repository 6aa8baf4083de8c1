"""However a number is written, it is one number; what is no number is said to be none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhooks.numbers import SENTENCES, caller_phone, clean_phone, international, masked


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
    ],
)
def test_every_way_to_write_a_number_ends_the_same(written, clean):
    assert clean_phone(written) == clean
    assert clean_phone(clean) == clean


@pytest.mark.parametrize(
    ("written", "sentence"),
    [("", 0), ("   ", 0), ("张三", 1), ("1380000123a", 1), ("12345678901", 2), ("1380000123", 2), ("138000012345", 2),
     ("2525252", 2), ("12345", 2), ("00000000000", 2), ("+14155550100", 1)],
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
    assert international(clean).startswith("+86")


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

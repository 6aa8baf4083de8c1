"""One plain writing of a text, and the way back to what was written."""

import sys
import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text.normalise import ONE_FOR_ONE, digits, placed, plain


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("１３８０００１０００１", "13800010001"),
        ("電話　劉德明", "电话 刘德明"),
        ("138\u200b0001\u200d0001", "13800010001"),
        ("\u202d138 0001 0001\u202c", "138 0001 0001"),
        ("138\xa00001\u20090001", "138 0001 0001"),
        ("①③⑧", "138"),
        ("𝟏𝟑𝟖", "138"),
        ("١٣٨", "138"),
        ("1\ufe0f\u20e33\ufe0f\u20e3", "13"),
        ("1\u03363\u0336", "13"),
        ("解\u00ad决\x00了\ufeff", "解决了"),
        ("一\r\n二\u2028三", "一\n\n二\n三"),
        ("ﬁne ℃", "fine °C"),
        ("cafe\u0301", "café"),
        ("\ud83d半个", "半个"),
        ("ＱＱ：１２３", "QQ:123"),
        ("", ""),
    ],
)
def test_one_writing_for_every_way_of_typing(written, read):
    assert plain(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("一三八零零零一零零零一", "13800010001"),
        ("壹叁捌零零零壹零零零壹", "13800010001"),
        ("幺三八〇〇〇一〇〇〇一", "13800010001"),
        ("一三八 零零零一 零零零一", "138 0001 0001"),
        ("1三八0001000一", "13800010001"),
        ("13800010001一直没人接", "13800010001一直没人接"),
        ("王五13800010001", "王五13800010001"),
        ("赵六九，138 0001 0001", "赵六九,138 0001 0001"),
        ("下午三点二13800010001一直没人接", "下午三点二13800010001一直没人接"),
        ("陈二411123199001011234", "陈二411123199001011234"),
        ("刘一0372-2525252", "刘一0372-2525252"),
        ("一三八00010001", "13800010001"),
        ("幺三80001零零零一", "13800010001"),
        ("二零二六年三月", "2026年三月"),
        ("三楼二单元", "三楼二单元"),
        ("一五一十说清楚", "一五一十说清楚"),
        ("一一解决", "一一解决"),
        ("第一、二、三条", "第一、二、三条"),
    ],
)
def test_digits_are_read_only_where_digits_are_meant(written, read):
    assert digits(plain(written)) == read


@given(st.text(max_size=80))
def test_each_plain_sign_knows_where_it_stood(text):
    read = placed(text)
    assert read.original == text
    places = [read.span(at, at + 1) for at in range(len(read.text))]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(before <= after for before, after in pairwise(places))
    assert len(digits(read.text)) == len(read.text)


@given(st.text(max_size=80))
def test_reading_twice_changes_nothing(text):
    assert plain(plain(text)) == plain(text)


def test_a_span_takes_the_unseen_characters_inside_it():
    read = placed("电话\u200b138\u200b0001\u200b0001。")
    start = read.text.index("138")
    assert read.written(start, start + 11) == "138\u200b0001\u200b0001"


def test_a_sign_that_becomes_several_is_hidden_whole():
    read = placed("地㎡址")
    assert read.text == "地m2址" and read.written(2, 3) == "㎡"


def test_no_text_makes_it_slow():
    hostile = [
        "1" * 50_000,
        "一" * 50_000,
        "1 " * 25_000,
        "e\u0301" * 25_000,
        "\u200b" * 50_000,
        "㎡" * 50_000,
        "一、" * 25_000,
        "\u0301" * 50_000,
    ]
    started = time.process_time()
    for text in hostile:
        digits(plain(text))
    assert time.process_time() - started < 4


def test_plain_writing_is_nfkc():
    assert unicodedata.is_normalized("NFKC", plain("ｱｲｳ ㈱ Ⅷ ½ ﷺ"))


def test_every_decimal_digit_of_unicode_is_read() -> None:
    digits = {chr(n): str(unicodedata.decimal(chr(n))) for n in range(0x80, sys.maxunicode + 1) if chr(n).isdecimal()}
    assert {sign: ONE_FOR_ONE.get(ord(sign)) for sign in digits} == digits

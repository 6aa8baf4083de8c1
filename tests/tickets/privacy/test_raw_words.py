"""A refused letter on a screen shows words that a person reads, and nothing that a machine could turn back into somebody (V5)."""

from __future__ import annotations

import base64
import json
import time

import pytest

from hotline.tickets.privacy.raw_words import read_raw, starred_raw

NAME, PHONE, PAPER = "赵六九", "13812340001", "411123199001011234"
TOLD = f"我叫{NAME}，电话{PHONE}，身份证{PAPER}"


def b64(text: str, encoding: str = "utf-8") -> str:
    return base64.b64encode(text.encode(encoding)).decode()


def lines(text: str, width: int) -> str:
    return "\n".join(text[at : at + width] for at in range(0, len(text), width))


WRAPPED = {
    "short base64": json.dumps({"x": b64(PHONE), "y": b64(NAME)}),
    "base64 without its end": json.dumps({"x": b64(PHONE).rstrip("=")}),
    "short hexadecimal": json.dumps({"x": PHONE.encode().hex(), "y": NAME.encode().hex()}),
    "base32": json.dumps({"x": base64.b32encode(PHONE.encode()).decode()}),
    "base85": json.dumps(
        {"x": base64.b85encode(PHONE.encode()).decode(), "y": base64.a85encode(TOLD.encode()).decode()}
    ),
    "two bytes a sign": "ud=" + TOLD.encode("utf-16-be").hex(),
    "base64 of two bytes a sign": json.dumps({"x": b64(TOLD, "utf-16-le")}),
    "a letter's lines": "Content-Transfer-Encoding: base64\n\n" + lines(b64(TOLD), 76),
    "short lines": lines(b64(TOLD), 20),
    "a heading of a letter": f"Subject: =?utf-8?B?{b64(NAME + PHONE)}?=",
    "seven bits": json.dumps({"x": NAME.encode("utf-7").decode() + PHONE}),
    "numbers of signs": json.dumps({"x": [ord(sign) for sign in NAME + PHONE]}),
    "bytes as numbers": json.dumps({"x": list((NAME + PHONE).encode())}),
    "bits": " ".join(f"{byte:08b}" for byte in PHONE.encode()),
    "backwards": json.dumps({"x": PHONE[::-1]}),
    "in pieces": json.dumps({"p1": PHONE[:3], "p2": PHONE[3:7], "p3": PHONE[7:]}),
    "digit by digit": json.dumps([{"d": digit} for digit in PHONE]),
    "a comment between": f"<t>{PHONE[:7]}<!-- -->{PHONE[7:]}</t>",
    "an address of data": f"data:text/plain;base64,{b64(PHONE)}",
    "rings": json.dumps({"x": "".join(chr(0x2460 + int(d) - 1) if d != "0" else "⓪" for d in PHONE)}),
    "touch": json.dumps({"x": "".join("⠚⠁⠃⠉⠙⠑⠋⠛⠓⠊"[int(d)] for d in PHONE)}),
}


@pytest.mark.parametrize("kind", WRAPPED)
def test_nothing_is_shown_that_somebody_could_unwrap(kind: str) -> None:
    shown = "\n".join(f"{name} {value}" for name, value in starred_raw(read_raw(WRAPPED[kind])))
    assert not [sign for sign in shown if sign.isdigit() or "⠀" <= sign <= "⣿"], shown
    wrapped = [b64(one)[:8] for one in (PHONE, NAME, NAME + PHONE)] + [NAME.encode("utf-7").decode()]
    assert not [one for one in (NAME, *wrapped) if one in shown], shown


@pytest.mark.parametrize("between", [" ", "\n", "·", "、", " - ", "_"])
def test_a_name_in_a_letter_written_sign_by_sign_is_starred(between: str) -> None:
    """V5."""
    shown = "".join(value for _name, value in starred_raw(read_raw(between.join("我叫尉迟念慈，请保密"))))
    assert "念" not in shown and "我叫" in shown, shown


def test_the_words_of_a_letter_stay_readable() -> None:
    body = json.dumps(
        {"text": "小区门口的路灯坏了三天，请尽快修。", "template": "accepted", "reason": "unknown sender"}
    )
    assert [value for _name, value in starred_raw(read_raw(body))] == [
        "小区门口的路灯坏了三天，请尽快修。",
        "accepted",
        "unknown sender",
    ]


@pytest.mark.parametrize("sign", ["a", "aB", "=A", "aA1", "字a", "-- ", "a\n"])
def test_a_letter_made_to_be_slow_is_read_in_a_moment(sign: str) -> None:
    began = time.perf_counter()
    starred_raw(read_raw(sign * 20_000))
    assert time.perf_counter() - began < 5

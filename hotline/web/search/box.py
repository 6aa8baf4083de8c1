"""What a person typed into the one box: ticket numbers, telephones, and what may be somebody's name."""

from __future__ import annotations

import re

from classifier.text.masking.names.surnames import COMMON, COMPOUND, not_names
from webhooks.numbers import clean_phone

NUMBER = re.compile(r"[1-9]\d{11}")
NUMBERED = re.compile(r"[工单编号码No.#＃:： -]*([1-9]\d{11})号?", re.I)
BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[ .-]+(?=[0-9])")
PHONE = re.compile(r"\+?[\d()-]{7,20}")
LAST_DIGITS = re.compile(r"\d{1,6}")
NAME = re.compile(rf"(?:{COMPOUND}|[{COMMON}])[\u4e00-\u9fff]{{1,3}}")


def numbers_in(folded: str) -> tuple[str, str, str]:
    """The first ticket number, the first telephone number, and everything else, further numbers among it."""
    number = phone = ""
    rest: list[str] = []
    for part in _joined(folded.split()):
        if not number and (found := NUMBERED.fullmatch(part)):
            number = found[1]
        elif not phone and PHONE.fullmatch(part) and (clean := _phone(part)):
            phone = clean
        else:
            rest.append(part)
    return number, phone, " ".join(rest)


def _joined(parts: list[str]) -> list[str]:
    """Groups of digits beside each other that only together are a number: 138 0001 0001."""
    found: list[str] = []
    at = 0
    while at < len(parts):
        for end in range(len(parts), at + 1, -1):
            joined = "".join(parts[at:end])
            if all(re.fullmatch(r"\+?[0-9()-]+", part) for part in parts[at:end]) and (
                NUMBER.fullmatch(joined) or (PHONE.fullmatch(joined) and _phone(joined))
            ):
                found.append(joined)
                at = end
                break
        else:
            found.append(parts[at])
            at += 1
    return found


def looks_like_a_name(words: str) -> bool:
    """Two to four Chinese characters, the first a common family name: may be a person."""
    return bool(NAME.fullmatch(words)) and words[:2] not in not_names()


def _phone(part: str) -> str:
    try:
        return clean_phone(part)
    except ValueError:
        return ""

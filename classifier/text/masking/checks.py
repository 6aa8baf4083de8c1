"""Numbers that prove themselves: check digits and dates inside identity numbers and bank cards."""

from __future__ import annotations

import re
from datetime import date


def valid_id_number(number: str) -> bool:
    """GB 11643-1999: a real birth date and the ISO 7064 MOD 11-2 check character; 15-digit numbers have only the date."""
    number = re.sub(r"[ -]", "", number).upper()
    if not looks_like_id(number):
        return False
    if len(number) == 15:
        return True
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(d) * w for d, w in zip(number, weights, strict=False)) % 11] == number[-1]


def looks_like_id(number: str) -> bool:
    """Whether 15 digits, or 17 and a check character, hold a day on which somebody may have been born."""
    if len(number) == 15 and number.isdecimal():
        return number[0] in "12345678" and _is_day("19" + number[6:12])
    return bool(re.fullmatch(r"[1-8]\d{16}[\dX]", number)) and _is_day(number[6:14])


def valid_card(number: str) -> bool:
    """The Luhn check (ISO/IEC 7812-1) over 13 to 19 digits, not all alike."""
    digits = [int(d) for d in number if d.isdecimal()]
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = (d * 2 - 9 if d > 4 else d * 2 for d in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def valid_taiwan_id(number: str) -> bool:
    """One letter, 1, 2, 8 or 9, eight digits, the last of them a check digit."""
    if not re.fullmatch(r"[A-Z][1289]\d{8}", number):
        return False
    first = 10 + "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(number[0])
    total = (
        first // 10
        + first % 10 * 9
        + sum(int(d) * w for d, w in zip(number[1:], (8, 7, 6, 5, 4, 3, 2, 1, 1), strict=True))
    )
    return total % 10 == 0


def _is_day(digits: str) -> bool:
    try:
        return 1880 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= 2100
    except ValueError:
        return False

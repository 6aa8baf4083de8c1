"""One way to write a Chinese telephone number, so that the same citizen is the same row."""

from __future__ import annotations

import re
import unicodedata

NOTHING_WRITTEN = "请填写电话号码。"
NOT_DIGITS = "电话号码只能包含数字。"
NOT_A_NUMBER = "电话号码不正确：请填写 11 位手机号，或带区号的固定电话。"
SENTENCES = (NOTHING_WRITTEN, NOT_DIGITS, NOT_A_NUMBER)

MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0(?:10|2\d)[2-9]\d{7}|0[3-9]\d{2}[2-9]\d{6,7}")
SERVICE = re.compile(r"[48]00\d{7}")
EXTENSION = re.compile(r"(?:转|#|(?<=\d{7})-|ext\.?)(\d{1,6})$", re.IGNORECASE)
# Twilio spells ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE on a telephone's letter keys.
HIDDEN = {"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"}
NOISE = re.compile(r"[\s\-‐-―()./·]+")


def clean_phone(text: str, area_code: str = "") -> str:
    """The number as bare digits: "13800001234", "03722525252" or, with an extension, "03722525252-801".

    Takes +86, 0086, spaces, hyphens, brackets and full-width digits. A landline without its area code is
    completed with `area_code` ("0372") when given. Raises ValueError with a Chinese sentence.
    """
    written = unicodedata.normalize("NFKC", text).strip()
    if not written:
        raise ValueError(NOTHING_WRITTEN)
    main, extension = _split_extension(written)
    digits = _without_country(NOISE.sub("", main))
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(NOT_DIGITS)
    if MOBILE.fullmatch(digits):
        return digits
    if area_code and re.fullmatch(r"[2-9]\d{6,7}", digits):
        digits = area_code + digits
    if LANDLINE.fullmatch(digits) or SERVICE.fullmatch(digits):
        return f"{digits}-{extension}" if extension else digits
    raise ValueError(NOT_A_NUMBER)


def caller_phone(text: str) -> str:
    """The number a telephone network gave us, clean if it can be, else as it came; "" when the caller hides it.

    Never raises: a call from 110, from abroad or from a hidden number must ring all the same.
    """
    if text.strip() in HIDDEN:
        return ""
    try:
        return clean_phone(text)
    except ValueError:
        digits = _without_country(re.sub(r"[^\d+]", "", text))
        return digits[:32] if re.fullmatch(r"\+?\d{3,20}", digits) else ""


def international(phone: str) -> str:
    """The E.164 form of a clean number, as Twilio wants it: "+8613800001234"; an extension is dropped."""
    if phone.startswith("+"):
        return phone
    return "+86" + phone.partition("-")[0].removeprefix("0")


def can_read_texts(phone: str) -> bool:
    """A clean mobile number. Landlines, extensions, service numbers, short codes and foreign numbers are for people who call."""
    return MOBILE.fullmatch(phone) is not None


def masked(phone: str) -> str:
    """A number that may be logged: only the last two digits are left."""
    return "*" * max(len(phone) - 2, 0) + phone[-2:] if len(phone) > 4 else "*" * len(phone)


def _split_extension(written: str) -> tuple[str, str]:
    compact = written.replace(" ", "")
    found = EXTENSION.search(compact)
    if found and _is_whole(compact[: found.start()]):
        return compact[: found.start()], found[1]
    return written, ""


def _is_whole(text: str) -> bool:
    """Whether a number stands complete before what looks like its extension (else 0372-2525-252 would lose its end)."""
    digits = _without_country(NOISE.sub("", text))
    return bool(LANDLINE.fullmatch(digits) or SERVICE.fullmatch(digits))


def _without_country(digits: str) -> str:
    """Drop +86 or 0086, and put the trunk 0 back before a landline, which is dialled without it from abroad."""
    for prefix in ("+86", "0086"):
        if digits.startswith(prefix):
            return _with_trunk(digits.removeprefix(prefix))
    if re.fullmatch(r"861[3-9]\d{9}", digits):
        return digits[2:]
    return digits


def _with_trunk(digits: str) -> str:
    if MOBILE.fullmatch(digits) or digits.startswith("0") or SERVICE.fullmatch(digits):
        return digits
    return "0" + digits if LANDLINE.fullmatch("0" + digits) else digits

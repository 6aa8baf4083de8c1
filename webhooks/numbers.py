"""Whatever is told as a telephone number is read here: one writing for one number, and what can be done with it.

Telephone data never decide whether a matter exists: `read_phone` and `caller_phone` take everything. Only
`clean_phone`, for a search or a command that means one certain number, says no.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

import phonenumbers

NOTHING_WRITTEN = "请填写电话号码。"
NOT_DIGITS = "电话号码只能包含数字。"
NOT_A_NUMBER = "电话号码不正确：请填写 11 位手机号，或带区号的固定电话。"
SENTENCES = (NOTHING_WRITTEN, NOT_DIGITS, NOT_A_NUMBER)

KINDS = ("mobile", "landline", "foreign", "short", "unknown")
LONGEST = 32
LONGEST_TOLD = 200

MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0(?:10|2\d)[2-9]\d{7}|0[3-9]\d{2}[2-9]\d{6,7}")
SERVICE = re.compile(r"[48]00\d{7}")
LOCAL = re.compile(r"[2-8]\d{6,7}|9[0-4789]\d{5,6}")  # 95 and 96 are the banks' and the cities' own short numbers
SHORT = re.compile(r"1[12]\d|1[02]\d{3}|9[56]\d{3,6}|10\d{4,18}")
NEIGHBOUR = re.compile(r"85[23]\d{8}|886\d{8,9}")
"""Hong Kong, Macau and Taiwan, whose numbers are often written without the plus sign."""

EXTENSION = re.compile(r"(?:转分机|分机|转|#|(?<=\d{7})-|ext\.?)(\d{1,6})$", re.IGNORECASE)
# Twilio spells ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE on a telephone's letter keys.
HIDDEN = {"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"}
NOISE = re.compile(r"[\s\-‐-―−~()\[\].,·/'\"]+")
RUN = re.compile(r"[+(\[]*\d[\d\s\-‐-―−~()\[\]+.·]*(?:(?:转分机|分机|转|#|ext\.?)\s*\d{1,6})?", re.IGNORECASE)
BETWEEN = re.compile(r"[\s\-‐-―−~().\[\]·]+|转分机|分机|转|#|ext\.?|(?=\+)", re.IGNORECASE)
HIDES = "*×xX·•"
"""Signs that stand for digits that somebody has taken out."""

ACCOUNT = re.compile(r"(?:qq|微信|[vw]x|加v)号?\s*[:=]?\s*$", re.IGNORECASE)
ROUNDED = re.compile(r"(\d)\.?(\d*)E\+?(\d{1,2})", re.IGNORECASE)
CHINESE = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
CHINESE_RUN = re.compile(r"[零〇一二三四五六七八九幺](?:[\s\-]*[零〇一二三四五六七八九幺]){6,}")
FILLERS = ("1234567890" * 3, "0123456789" * 3, "9876543210" * 3)


@dataclass(frozen=True)
class Phone:
    """What somebody told as their number. told: their own words. number: how we write it, "" when none can be read.

    kind: one of KINDS. others: further numbers in the same words.
    """

    told: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    kind: str = "unknown"
    others: tuple[str, ...] = field(default=(), repr=False)

    @property
    def textable(self) -> bool:
        return can_be_texted(self.number)

    @property
    def says_more(self) -> bool:
        """Whether the words told more than the number, or the number needed a guess: they are kept beside it then."""
        plain = _plain(self.told)
        return bool(self.told) and self.number not in (_good(plain, "") or None, _without_country(NOISE.sub("", plain)))


def read_phone(told: str, area_code: str = "") -> Phone:
    """The number in whatever was told; never raises.

    Of several numbers the first good one counts. A local number is completed with `area_code` ("0372") when given.
    """
    written = _plain(told)
    found = [] if written in HIDDEN else list(dict.fromkeys(_numbers(written, area_code)))
    number = found[0] if found else "" if written in HIDDEN else _lesser(written)
    return Phone(told.strip()[:LONGEST_TOLD], number, kind_of(number), tuple(found[1:]))


def clean_phone(text: str, area_code: str = "") -> str:
    """One certain number as we write it: "13800001234", "03722525252", "03722525252-801" or "+85291234567".

    Takes +86, 0086, spaces, hyphens, brackets, full-width digits and invisible signs. Raises ValueError with a
    Chinese sentence for anything else.
    """
    written = _plain(text)
    if not written:
        raise ValueError(NOTHING_WRITTEN)
    number = _good(written, area_code)
    if number:
        return number
    digits = _without_country(NOISE.sub("", _split_extension(written)[0]))
    raise ValueError(NOT_A_NUMBER if digits.isascii() and digits.isdigit() else NOT_DIGITS)


def caller_phone(text: str, area_code: str = "") -> str:
    """The number a telephone network gave us, as we write it; "" when the caller hides it.

    Never raises: a call from 110, from abroad or from a hidden number must ring all the same.
    """
    written = _plain(text)
    if written in HIDDEN:
        return ""
    if number := _good(written, area_code):
        return number
    digits = _without_country(re.sub(r"[^\d+]", "", written))
    return digits[:LONGEST] if re.fullmatch(r"\+?\d{3,20}", digits) else ""


def kind_of(number: str) -> str:
    """Which of KINDS a number in our writing is."""
    main = number.partition("-")[0]
    if MOBILE.fullmatch(main):
        return "mobile"
    if LANDLINE.fullmatch(main) or SERVICE.fullmatch(main):
        return "landline"
    if main.startswith("+"):
        return "foreign"
    return "short" if SHORT.fullmatch(main) else "unknown"


def can_be_texted(number: str | None) -> bool:
    """Whether a text may be sent there: only to mobile numbers of the mainland, which the gateways reach."""
    return bool(number) and MOBILE.fullmatch(number or "") is not None


def is_one_person(number: str | None) -> bool:
    """Whether a number stands for whoever uses it: a short one (110, 10086) is a switchboard of many."""
    return bool(number) and kind_of(number or "") != "short"


def international(phone: str) -> str:
    """The E.164 form of a number, as Twilio wants it: "+8613800001234"; an extension is dropped, 110 stays 110."""
    if phone.startswith("+") or kind_of(phone) == "short":
        return phone
    return "+86" + phone.partition("-")[0].removeprefix("0")


def masked(phone: str) -> str:
    """A number that may be logged: only the last two digits are left."""
    return "*" * max(len(phone) - 2, 0) + phone[-2:] if len(phone) > 4 else "*" * len(phone)


def _plain(told: str) -> str:
    """One width, no invisible signs, Chinese digits as digits, and what a spreadsheet made of a number undone."""
    visible = "".join(
        str(unicodedata.decimal(c, c))
        for c in unicodedata.normalize("NFKC", told)
        if unicodedata.category(c) not in ("Cf", "Cc", "Mn", "Me") or c in "\t\n"
    )
    written = CHINESE_RUN.sub(lambda run: run[0].translate(CHINESE), visible).strip().strip("'\"`")
    return re.sub(r"(?<!\d)(\d{7,20})\.0+(?!\d)", r"\1", ROUNDED.sub(_unrounded, written)).strip()


def _unrounded(found: re.Match[str]) -> str:
    """1.3800010001E10 is a whole number in a program's writing; 1.38E+10 has lost its end and stays no number."""
    first, rest, power = found[1], found[2], int(found[3])
    return first + rest.ljust(power, "0") if len(rest.rstrip("0")) in (power - 1, power) else "✗"


def _numbers(written: str, area_code: str) -> Iterator[str]:
    """Every good number, in the order in which they stand."""
    if whole := _good(written, area_code):
        yield whole
        return
    for run in RUN.finditer(written):
        if _hides(written, run):
            continue
        named = ACCOUNT.search(written[: run.start()])
        for number in _in_run(run[0].strip(), area_code):
            if not named or MOBILE.fullmatch(number):
                yield number


def _hides(written: str, run: re.Match[str]) -> bool:
    """Whether digits beside these were taken out: 138****0001 is no number, and neither are its parts."""
    around = written[max(run.start() - 1, 0) : run.start()] + written[run.end() : run.end() + 1]
    return any(sign in HIDES for sign in around)


def _in_run(run: str, area_code: str) -> Iterator[str]:
    """The numbers of digits that follow each other: the longest beginning that is one, then the next.

    Where digits are left over, nothing is completed: 852 6666 1234 is no local number 852 6666.
    """
    groups = [group for group in BETWEEN.split(run) if group]
    alone = bool(_good(run, area_code))
    found, left = ([_good(run, area_code)], []) if alone else _grouped(groups, area_code)
    yield from found if not left else [number for number in found if number in _grouped(groups, "")[0]]


def _grouped(groups: list[str], area_code: str) -> tuple[list[str], list[str]]:
    """The numbers that these groups of digits make, and the groups that belong to none."""
    found: list[str] = []
    left: list[str] = []
    while groups:
        taken = next((n for n in range(len(groups), 0, -1) if _good(" ".join(groups[:n]), area_code)), 0)
        if taken:
            found.append(_good(" ".join(groups[:taken]), area_code))
        elif re.fullmatch(r"(?:1[3-9]\d{9}){2,4}", groups[0]):
            found += MOBILE.findall(groups[0])
        else:
            left.append(groups[0])
        groups = groups[taken or 1 :]
    return found, left


def _lesser(written: str) -> str:
    """Without a good number: a short one like 110, else digits that may be one; placeholders are none."""
    if ACCOUNT.search(written[: next((run.start() for run in RUN.finditer(written)), 0)]):
        return ""
    for run in RUN.finditer(written):
        digits = _without_country(NOISE.sub("", run[0]))
        if SHORT.fullmatch(digits) and not _hides(written, run):
            return digits
    digits = NOISE.sub("", written)
    if not re.fullmatch(r"\+?\d{3,15}", digits):
        return ""
    bare = digits.removeprefix("+")
    return "" if len(set(bare)) == 1 or any(bare in filler for filler in FILLERS) else digits


def _good(written: str, area_code: str) -> str:
    """The number when these words are one number and nothing else, else ""."""
    main, extension = _split_extension(written)
    digits = _without_country(NOISE.sub("", main))
    if MOBILE.fullmatch(digits) and len(extension) != 1:
        return f"{digits}-{extension}" if extension else digits
    if area_code and LOCAL.fullmatch(digits):
        digits = area_code + digits
    if LANDLINE.fullmatch(digits) or SERVICE.fullmatch(digits):
        return f"{digits}-{extension}" if extension else digits
    return "" if extension else _foreign(digits)


def _foreign(digits: str) -> str:
    """A number of another country, "+85291234567", when it can be one there."""
    abroad = f"+{digits}" if NEIGHBOUR.fullmatch(digits) else re.sub(r"^00(?=[1-9])", "+", digits)
    if not re.fullmatch(r"\+[1-9]\d{5,14}", abroad) or abroad.startswith("+86") or abroad in HIDDEN:
        return ""
    try:
        number = phonenumbers.parse(abroad, None)
    except phonenumbers.NumberParseException:
        return ""
    known = phonenumbers.is_possible_number if digits[0] in "+0" else phonenumbers.is_valid_number
    return abroad if known(number) else ""


def _split_extension(written: str) -> tuple[str, str]:
    compact = written.replace(" ", "")
    found = EXTENSION.search(compact)
    if found and _is_whole(compact[: found.start()]):
        return compact[: found.start()], found[1]
    return written, ""


def _is_whole(text: str) -> bool:
    """Whether a number stands complete before what looks like its extension (else 0372-2525-252 would lose its end)."""
    digits = _without_country(NOISE.sub("", text))
    return any(shape.fullmatch(digits) for shape in (MOBILE, LANDLINE, SERVICE, LOCAL))


def _without_country(digits: str) -> str:
    """Drop +86, 0086 or a bare 86, and put the trunk 0 back before a landline, which is dialled without it from abroad.

    A 0 before a mobile number is how long-distance calls were once dialled.
    """
    for prefix in ("+86", "0086"):
        if digits.startswith(prefix):
            return _with_trunk(digits.removeprefix(prefix))
    if re.fullmatch(r"86(?:1[3-9]\d{9}|[1-9]\d{9,10})", digits):
        rest = _with_trunk(digits[2:])
        return rest if MOBILE.fullmatch(rest) or LANDLINE.fullmatch(rest) else digits
    return digits[1:] if re.fullmatch(r"01[3-9]\d{9}", digits) else digits


def _with_trunk(digits: str) -> str:
    if digits.startswith("0"):
        return digits[1:] if MOBILE.fullmatch(digits[1:]) else digits
    if MOBILE.fullmatch(digits) or SERVICE.fullmatch(digits):
        return digits
    return "0" + digits if LANDLINE.fullmatch("0" + digits) else digits


# --- numbers of matters in other systems ------------------------------------------------------------------------------


_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")


def outer_number(told: str) -> str:
    """The number another system gave a matter, in one writing, whatever dashes it was typed with."""
    return squeezed(told).translate(_DASHES)


def outer_key(number: str) -> str:
    """What is the same for every writing of such a number: width, dashes, blanks and letters."""
    return outer_number(number).casefold()


def squeezed(told: str) -> str:
    """The same in half width, without blanks and without signs that nobody sees."""
    plain = unicodedata.normalize("NFKC", told)
    return "".join(sign for sign in plain if not sign.isspace() and not unicodedata.category(sign).startswith("C"))

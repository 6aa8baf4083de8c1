"""Letters drawn as a scanner, a crooked scanner and a telephone see them, and how many characters of one were read right."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from classifier.text.normalise import plain

FONTS = ("NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc")
KINDS = ("print", "skewed", "photo")
_OPEN = ("尊敬的市长：", "热线中心领导：", "尊敬的领导：", "各位领导：")
_WHAT = (
    "我家住在文峰区东工路锦绣花园小区三号楼，楼前的路灯从三月初一直不亮，老人和孩子晚上出行很不方便。",
    "殷都区梅园庄街道的自来水最近半个月早晚停水，打电话给供水公司说是管道检修，但没有贴出通知。",
    "北关区曙光路农贸市场门口每天早上占道经营，垃圾没有人清运，夏天气味很大，附近居民反映多次。",
    "龙安区文昌大道的公交站牌被大货车撞歪已经一个多月，候车亭的玻璃碎了一地，容易伤到学生。",
    "我是一名退休工人，去年十月办理医保异地备案，到现在报销款六千八百元还没有到账。",
    "林州市某小区物业去年收了电梯维修基金，可是电梯仍然三天两头停运，高层住户只能爬楼。",
    "汤阴县城关镇北街的下水道堵塞，一下雨污水就倒灌进院子里，已经持续两年没有彻底解决。",
)
_MORE = (
    "我们先后向社区、街道和物业反映过四次，都说不归自己管，至今没有结果。",
    "上个月工作人员来看过一次，说要报预算，之后再也没有人联系我们。",
    "附近还有一所小学和一个幼儿园，希望在开学以前把这件事办好。",
    "附上现场照片两张和缴费收据复印件一份，请查收。",
    "如果这件事不归你们管，也请告诉我们应该找哪个部门办理。",
)
_END = ("恳请领导过问此事，尽快安排人员处理，并书面答复。", "请有关部门尽快查实解决，谢谢！", "盼复。此致敬礼！")


@dataclass(frozen=True)
class Letter:
    """What it says, and its picture as it came."""

    text: str
    picture: bytes


def letter(number: int, kind: str) -> Letter:
    """The same number is the same letter, whatever it is seen by."""
    chance = random.Random(number)
    text = _text(chance)
    sheet = _printed(text, FONTS[number % len(FONTS)], chance.randint(34, 44))
    seen = {"print": lambda: sheet, "skewed": lambda: _skewed(sheet, chance), "photo": lambda: _photo(sheet, chance)}
    out = io.BytesIO()
    seen[kind]().convert("RGB").save(out, "JPEG", quality=70 if kind == "photo" else 88)
    return Letter(text, out.getvalue())


def right(read: str, said: str) -> float:
    """The part of the characters that were read right, 0–1: blanks and the width of signs do not count."""
    got, wanted = ("".join(plain(one).split()) for one in (read, said))
    return max(0.0, 1 - _edits(got, wanted) / len(wanted))


def _text(chance: random.Random) -> str:
    body = "".join((chance.choice(_WHAT), *chance.sample(_MORE, 3), chance.choice(_END)))
    phone = f"联系电话：138{chance.randrange(10**8):08d}"
    day = f"2026年{chance.randint(1, 12)}月{chance.randint(1, 28)}日"
    return "\n".join((chance.choice(_OPEN), body, phone, day))


def _printed(text: str, font: str, size: int) -> Image.Image:
    """A sheet of A4 at 150 dots an inch."""
    sheet = Image.new("L", (1240, 1754), 255)
    face = ImageFont.truetype(f"/usr/share/fonts/opentype/noto/{font}", size)
    draw, per_line, top = ImageDraw.Draw(sheet), (1240 - 220) // size, 150
    for paragraph in text.split("\n"):
        for at in range(0, len(paragraph), per_line):
            draw.text((110, top), paragraph[at : at + per_line], font=face, fill=20)
            top += int(size * 1.7)
    return sheet


def _skewed(sheet: Image.Image, chance: random.Random) -> Image.Image:
    return sheet.rotate(chance.choice((-1, 1)) * chance.uniform(1.5, 5), Image.Resampling.BICUBIC, fillcolor=245)


def _photo(sheet: Image.Image, chance: random.Random) -> Image.Image:
    """Held askew under a lamp: perspective, a shadow over one side, a hand that shook, and grain."""
    wide, high = sheet.size
    off = [chance.uniform(0, 45) for _ in range(8)]
    corners = (-off[0], -off[1], -off[2], high + off[3], wide + off[4], high + off[5], wide + off[6], -off[7])
    seen = sheet.transform(sheet.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=120)
    shade = Image.linear_gradient("L").resize(sheet.size).point(lambda one: 150 + one * 100 // 255)
    seen = Image.composite(seen, Image.new("L", sheet.size, 60), shade)
    grain = Image.effect_noise(sheet.size, 24)
    return Image.blend(seen, grain, 0.12).filter(ImageFilter.GaussianBlur(0.8))


def _edits(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for at, sign in enumerate(one, 1):
        before, row[0] = row[0], at
        for n, wanted in enumerate(other, 1):
            before, row[n] = row[n], min(row[n] + 1, row[n - 1] + 1, before + (sign != wanted))
    return row[-1]

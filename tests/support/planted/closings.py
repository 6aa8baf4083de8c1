"""A city's replies with false closings planted among honest ones, every kind beside its honest look-alikes."""

from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFilter
from sqlalchemy.orm import Session

from hotline.evidence.kinds import Kind
from models import Attachment, Call, Reply, Survey, Ticket, TicketEvent, TicketText

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SURNAMES, GIVEN = "安柳桐枫榆槐松柏桂梅兰竹荷菊", "和泰祥瑞盛景华馨雅庭苑辰阳明"
ROADS = (
    "人民大道",
    "文峰大道",
    "中华路",
    "彰德路",
    "东风路",
    "平原路",
    "光明路",
    "红旗路",
    "解放大道",
    "朝阳路",
    "永明路",
)
MATTERS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "0102": (
        "垃圾堆了好几天没人清运",
        ("垃圾桶满溢", "两侧有散落垃圾", "清运车昨日未到", "投放点只有一处", "渗滤液流到路面", "装修垃圾混在一起", "垃圾房门坏了关不上"),
        ("调来压缩车一台清空", "用水车冲洗了地面", "补装分类桶四个", "与清运公司改签为每日两次", "给值守员排了早班", "把装修垃圾单独运走", "换了门轴和锁"),
        ("傍晚复看已干净", "居民在场签了字", "次日清晨再看没有堆积", "社区网格员拍照确认", "一周内无新反映"),
    ),
    "0601": (
        "路灯不亮，晚上看不清路",
        ("电缆在井内被水泡短路", "控制箱空开跳闸", "灯头老化烧坏", "线路被施工挖断", "时控器走慢了一小时", "灯杆被车撞歪"),
        ("重做电缆接头并抬高", "更换漏电保护器", "换上新光源九盏", "督促施工方连夜接通", "把时控器校准", "扶正灯杆并浇筑基础"),
        ("当晚逐盏点亮", "夜巡两次均正常", "照度测得合格", "来电人回话说亮了", "连续三晚没有熄灭"),
    ),
    "0301": (
        "小区物业不作为，电梯老是坏",
        ("门机皮带磨损", "主板元件受潮", "维保记录缺了两个月", "轿厢称重失灵", "钢丝绳伸长超差", "五方通话不通"),
        ("更换皮带和滑轮", "返厂修了主板", "约谈维保公司负责人", "重新标定称重", "截短并重新张紧钢绳", "修通对讲线路"),
        ("检验机构复验合格", "业委会签收整改单", "恢复使用并公示电话", "半月内未再停梯", "住户代表试乘"),
    ),
    "0901": (
        "夜里施工噪声太大睡不着",
        ("现场正在浇筑混凝土", "没有夜间施工证明", "风镐作业到零点", "空压机没有隔声罩", "卸料车鸣笛"),
        ("下达停工通知", "立案并拟罚款", "要求加装隔声屏", "把卸料改到白天", "与工地签了作息承诺"),
        ("后三晚抽查安静", "分贝仪测得达标", "巡查组守到凌晨一点", "住户说能睡着了", "工地公示了监督电话"),
    ),
    "0404": (
        "下雨路面积水走不过去",
        ("雨水口被树叶堵死", "管道里有建筑泥浆", "检查井塌了半边", "路面沉降成坑", "泵站一台泵停机"),
        ("掏挖雨水口十二座", "用高压车疏通八十米", "重砌井壁换上新盖", "铣刨后重铺沥青", "修好水泵投入运行"),
        ("放水试验五分钟退净", "雨后到场看没有积水", "沿街商户确认", "录像存档", "养护队列入每月清掏"),
    ),
}  # fmt: skip
OPENINGS = (
    "经现场核查，",
    "接件后我们当天到场，",
    "执法队员查看后发现，",
    "我单位组织人员核实，",
    "经走访和比对记录，",
    "到场时看到，",
)
LINKS = ("为此，", "随后，", "我们", "当场", "经协商，", "第二天，")
CLOSINGS = ("结果：", "目前，", "至此，", "处理完后，", "")


@dataclass
class Planted:
    """False closings: (reply id, kind). all: every reply there is, in the order of time."""

    false: set[tuple[int, Kind]] = field(default_factory=set)
    all: list[Reply] = field(default_factory=list)
    later: list[Ticket] = field(default_factory=list)


class City:
    """Makes tickets with replies. folder: where pictures go. Everything honest unless told otherwise."""

    def __init__(self, db: Session, units: list[str], folder: Path, seed: int):
        self.db, self.units, self.folder, self.chance = db, units, folder, random.Random(seed)
        self.planted = Planted()
        self.made = 0
        self.names: set[str] = set()

    def estate(self) -> str:
        """A name that no other has."""
        while True:
            pick = self.chance
            name = (
                pick.choice(SURNAMES)
                + pick.choice(GIVEN)
                + pick.choice(SURNAMES + GIVEN)
                + pick.choice(("花园", "苑小区", "小区", "家园"))
            )
            if name not in self.names:
                self.names.add(name)
                return name

    def words(self, code: str) -> tuple[str, str, str]:
        """facts, measures and public answer of one honest reply."""
        pick = self.chance
        _what, found, done, seen = MATTERS[code]
        facts = pick.choice(OPENINGS) + "，".join(pick.sample(found, 2)) + f"，涉及约{pick.randint(2, 90)}米。"
        measures = pick.choice(LINKS) + "，并".join(pick.sample(done, 2)) + "。"
        public = (
            f"{pick.choice(CLOSINGS)}{pick.choice(seen)}，由{pick.choice(SURNAMES)}{pick.choice(GIVEN)}负责后续查看。"
        )
        return facts, measures, public

    def ticket(self, at: datetime, code: str, place: str, unit: str, **more: Any) -> Ticket:
        self.made += 1
        what = MATTERS[code][0]
        row = Ticket(
            number=f"P{self.made:06d}",
            state="closed",
            channel="hotline",
            title=f"{place}{what}"[:60],
            request_type="complaint",
            category_code=code,
            unit_code=unit,
            contact_phone=f"139{self.made:08d}",
            created_at=at,
            dispatched_at=at + timedelta(minutes=20),
            signed_at=at + timedelta(hours=2),
            moved_at=at + timedelta(days=2),
            closed_at=at + timedelta(days=3),
        )
        body = more.pop("body", "")
        for name, value in more.items():
            setattr(row, name, value)
        row.text = TicketText(
            body=body
            or f"{place}{what}，{self.chance.choice(('麻烦尽快处理', '已经说过几次了', '请派人来看看', '影响大家生活'))}。",
            place=place,
        )
        self.db.add(row)
        self.db.flush()
        return row

    def event(self, ticket: Ticket, action: str, at: datetime, **data: Any) -> None:
        self.db.add(
            TicketEvent(
                ticket_id=ticket.id, at=at, action=action, to_state="handling", round=1, actor_kind="staff",
                actor_name="何", unit_code=ticket.unit_code, data=data,
            )
        )  # fmt: skip

    def call(self, ticket: Ticket, at: datetime, outcome: str = "reached") -> None:
        talked = outcome == "reached"
        self.db.add(
            Call(
                provider="p", provider_id=f"{ticket.id}-{at.timestamp()}", from_phone=ticket.contact_phone or "", to_phone="12345",
                direction="out", state="ended", ticket_id=ticket.id, started_at=at, answered_at=at if talked else None,
                ended_at=at + timedelta(minutes=2), purpose="contact", outcome=outcome,
            )
        )  # fmt: skip

    def reply(self, ticket: Ticket, sign: datetime, at: datetime, words: tuple[str, str, str], **more: Any) -> Reply:
        self.event(ticket, "sign", sign)
        given: dict[str, Any] = {"contacted": True, "contact_how": "phone", "outcome": "solved", **more}
        facts, measures, public = words
        row = Reply(
            ticket_id=ticket.id, round=1, kind="final", unit_code=ticket.unit_code, at=at, facts=facts, measures=measures,
            public_answer=public, contacted_at=at - timedelta(minutes=30), **given,
        )  # fmt: skip
        self.db.add(row)
        self.db.flush()
        self.planted.all.append(row)
        return row

    def survey(self, ticket: Ticket, at: datetime, contacted: bool | None) -> None:
        self.db.add(
            Survey(
                ticket_id=ticket.id, own_id=ticket.id, round=1, unit_code=ticket.unit_code, asked_at=at,
                answered_at=at + timedelta(hours=3), contacted=contacted, solved="yes", outcome="satisfied",
            )
        )  # fmt: skip

    def photo(self, reply: Reply, picture: bytes) -> None:
        name = f"{reply.id}-{self.chance.random():.12f}.jpg"
        (self.folder / name).write_bytes(picture)
        self.db.add(
            Attachment(
                ticket_id=reply.ticket_id, reply_id=reply.id, name="现场.jpg", stored_as=name, media_type="image/jpeg",
                size=len(picture), sha256=hashlib.sha256(picture).hexdigest(), added_by_name="何", added_at=reply.at,
            )
        )  # fmt: skip
        self.db.flush()

    def false(self, reply: Reply, kind: Kind) -> None:
        self.planted.false.add((reply.id, kind))

    def unit(self) -> str:
        return self.chance.choice(self.units)

    def code(self) -> str:
        return self.chance.choice(list(MATTERS))


# --- pictures --------------------------------------------------------------------------------------------------------


def scene(chance: random.Random) -> Image.Image:
    """A street scene of its own: sky, ground, houses, lamps and some dirt."""
    picture = Image.new("RGB", (360, 270), tuple(chance.randint(120, 230) for _ in range(3)))
    draw = ImageDraw.Draw(picture)
    horizon = chance.randint(70, 200)
    draw.rectangle((0, horizon, 360, 270), fill=tuple(chance.randint(40, 130) for _ in range(3)))
    for _ in range(chance.randint(3, 7)):
        x, w, h = chance.randint(-20, 340), chance.randint(20, 90), chance.randint(20, 150)
        draw.rectangle(
            (x, horizon - h, x + w, horizon + chance.randint(0, 30)),
            fill=tuple(chance.randint(20, 255) for _ in range(3)),
        )
    for _ in range(chance.randint(2, 8)):
        x, y, r = chance.randint(0, 360), chance.randint(horizon, 270), chance.randint(6, 40)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=tuple(chance.randint(0, 255) for _ in range(3)))
    return picture.filter(ImageFilter.GaussianBlur(1.2))


def jpeg(picture: Image.Image, quality: int = 88) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def again(picture: Image.Image, chance: random.Random) -> bytes:
    """The same picture as it comes back: smaller, saved anew, a little brighter, or with its edge cut off."""
    ways: tuple[Callable[[Image.Image], Image.Image], ...] = (
        lambda one: one,
        lambda one: one.resize((240, 180)),
        lambda one: one.point(lambda level: min(int(level * 1.12), 255)),
        lambda one: one.crop((4, 3, 357, 268)),
        lambda one: one.resize((720, 540)).convert("L").convert("RGB"),
    )
    return jpeg(chance.choice(ways)(picture), chance.choice((45, 60, 75, 90)))

"""The demo's people: one login for every desk, and a handler for each further unit that gets work."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.staff.sign_in.passwords import DEMO_PASSWORD, hasher
from hotline.tickets.roles import Actor, Role, actor_of
from models import Staff

HOME = "chengguan"
ELSEWHERE = "education"
TAKE_CALLS = frozenset({Role.AGENT, Role.LEAD_AGENT})


@dataclass(frozen=True)
class Person:
    """at: centre, home (the demo unit), below (a sub-unit of it), elsewhere (another unit), or nowhere."""

    login: str
    name: str
    roles: tuple[Role, ...]
    at: str = "centre"


PEOPLE = (
    Person("demo-agent", "安静雯", (Role.AGENT,)),
    Person("demo-lead", "吕春华", (Role.LEAD_AGENT, Role.AGENT)),
    Person("demo-dispatch", "杜明远", (Role.DISPATCHER,)),
    Person("demo-unit", "何建国", (Role.HANDLER,), "home"),
    Person("demo-leader", "程向东", (Role.UNIT_LEADER, Role.HANDLER), "home"),
    Person("demo-subunit", "孟小川", (Role.HANDLER,), "below"),
    Person("demo-other", "常丽萍", (Role.HANDLER,), "elsewhere"),
    Person("demo-review", "任思齐", (Role.REVIEWER,)),
    Person("demo-followup", "苏婉清", (Role.FOLLOW_UP,)),
    Person("demo-supervisor", "严立本", (Role.SUPERVISOR,)),
    Person("demo-supervisor2", "尚秉正", (Role.SUPERVISOR,)),
    Person("demo-quality", "顾晓阳", (Role.QUALITY, Role.KNOWLEDGE)),
    Person("demo-knowledge", "文佳慧", (Role.KNOWLEDGE,)),
    Person("demo-head", "魏长青", (Role.HEAD,)),
    Person("demo-leader-city", "高致远", (Role.CITY_LEADER,), "nowhere"),
    Person("demo-discipline", "纪文正", (Role.DISCIPLINE,), "nowhere"),
    Person("demo-media", "梅若兰", (Role.MEDIA,), "nowhere"),
    Person("demo-admin", "管理员", (Role.ADMINISTRATOR,)),
    Person("demo-auditor", "沈知微", (Role.AUDITOR,), "nowhere"),
)
NAMES = (
    "刘志强",
    "王海燕",
    "张俊峰",
    "李秀英",
    "赵文博",
    "陈国庆",
    "杨晓红",
    "周大勇",
    "吴丽娟",
    "徐卫东",
    "孙慧敏",
    "马志远",
    "朱永刚",
    "胡雪梅",
    "郭建军",
    "林小芳",
    "罗永胜",
    "梁秋菊",
    "宋长河",
    "韩冬梅",
    "唐国栋",
    "冯玉兰",
    "董振华",
    "萧月明",
)


def are_there(db: Session) -> bool:
    """Somebody of the demo is already here."""
    return db.scalar(select(Staff.id).where(Staff.login == PEOPLE[0].login)) is not None


@dataclass
class Cast:
    """The demo's people as actors. home: the demo unit's code. handlers, leaders: one per unit, hired when first needed."""

    city: City
    home: str
    actors: dict[str, Actor] = field(default_factory=dict)
    handlers: dict[str, Actor] = field(default_factory=dict)
    leaders: dict[str, Actor] = field(default_factory=dict)
    password_hash: str = ""
    since: datetime | None = None
    takes_calls: str = ""

    @property
    def taker(self) -> str:
        """The login of whoever takes calls; the demo's own agent unless another stands in for them."""
        return self.takes_calls or PEOPLE[0].login

    def handler(self, db: Session, unit: str) -> Actor:
        """Whoever handles for this unit."""
        if unit not in self.handlers:
            name = NAMES[len(self.handlers) % len(NAMES)]
            self.handlers[unit] = self.hire(db, Person(f"unit-{unit}"[:48], name, (Role.HANDLER,)), unit)
        return self.handlers[unit]

    def leader(self, db: Session, unit: str) -> Actor:
        """Whoever leads this unit."""
        if unit == self.home:
            return self.actors["demo-leader"]
        if unit not in self.leaders:
            name = NAMES[-1 - len(self.leaders) % len(NAMES)]
            self.leaders[unit] = self.hire(db, Person(f"lead-{unit}"[:48], name, (Role.UNIT_LEADER,)), unit)
        return self.leaders[unit]

    def hire(self, db: Session, person: Person, unit: str | None) -> Actor:
        """One more staff row, and the actor behind it."""
        assert self.since is not None
        staff = Staff(
            login=person.login,
            name=person.name,
            roles=[role.value for role in person.roles],
            unit_code=unit,
            password_hash=self.password_hash,
            must_change=False,
            on_duty=bool(TAKE_CALLS.intersection(person.roles)),
            demo=True,
            created_at=self.since,
        )
        db.add(staff)
        db.flush()
        return actor_of(staff, self.city)


def hire_all(db: Session, city: City, since: datetime) -> Cast:
    """Everybody on the list; the units are the city's own, whatever they are called."""
    home = home_of(city)
    cast = Cast(city, home, password_hash=hasher.hash(DEMO_PASSWORD), since=since)
    below = next((unit.code for unit in city.children(home)), home)
    places = {
        "centre": _centre(city),
        "home": home,
        "below": below,
        "elsewhere": _elsewhere(city, home),
        "nowhere": None,
    }
    for person in PEOPLE:
        unit = places[person.at]
        actor = cast.actors[person.login] = cast.hire(db, person, unit)
        if unit and person.roles == (Role.HANDLER,):
            cast.handlers.setdefault(unit, actor)
    return cast


def home_of(city: City) -> str:
    """The unit of the demo's handler: urban management, or the first department that leads a category."""
    if HOME in city.units:
        return HOME
    leads = (category.lead for category in city.categories.values())
    return next(code for code in leads if city.units[code].handles)


def _elsewhere(city: City, home: str) -> str:
    family = city.unit_and_below(home)
    return (
        ELSEWHERE
        if ELSEWHERE in city.units
        else next(code for code, unit in city.units.items() if unit.handles and code not in family)
    )


def _centre(city: City) -> str | None:
    return next((code for code, unit in city.units.items() if unit.kind == "hotline"), None)

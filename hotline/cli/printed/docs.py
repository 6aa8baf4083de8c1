"""Documents that cannot lie: charts and tables of the README and of docs/ are printed from the code, and a check compares them."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache, partial
from pathlib import Path

import click

from hotline.city.loader import load_city
from hotline.city.schema import City
from hotline.errors import Misconfigured
from hotline.i18n import N_, _, speaking
from hotline.messages.values import clock_name
from hotline.settings import ROOT, SETTINGS
from hotline.tickets.lifecycle import ACTIONS, EVERY_CLOCK, MOVES, Move
from hotline.tickets.names import ClockName
from hotline.tickets.petitions import DECIDERS, PETITIONS
from hotline.tickets.roles import ROLE_NAMES, Role, Who, speaks_of, staff
from hotline.tickets.states import STATES, State

Parts = dict[str, Callable[[], list[str]]]
README = ROOT / "README.md"


def documents() -> list[Path]:
    """The README and every document of docs/ that may hold printed parts."""
    return [README, *sorted((ROOT / "docs").glob("*.md"))]


MARKER = re.compile(r"<!-- printed: ([a-z-]+) -->")
PART = re.compile(r"<!-- printed: (?P<name>[a-z-]+) -->\n(?P<body>.*?)<!-- /printed -->", re.S)
BUSY = 4
"""An action from more states than this is told in the table of actions, not drawn."""

GLOSSARY: tuple[tuple[str, str, str], ...] = (
    (N_("工单"), "ticket", N_("一位市民的一件事")),
    (N_("受理"), "intake", N_("把一次来电、来信变成工单")),
    (N_("派单"), "dispatch", N_("交给主办单位和协办单位，时限从此起算")),
    (N_("派单目录"), "dispatch catalogue", N_("按顺序的派单规则，每条写明理由")),
    (N_("承办单位"), "unit", N_("办理工单的部门、县区、公司")),
    (N_("签收"), "sign", N_("单位接下工单")),
    (N_("退单"), "object / uphold / overrule", N_("单位认为不归自己，由派单员裁定")),
    (N_("疑难"), "dispute", N_("职责不清，会商裁定，裁定有约束力并存为先例")),
    (N_("疑点"), "finding", N_("程序查到的、与答复对不上的事实，附证据，由人核实，不作决定")),
    (N_("先行联系"), "first contact", N_("办理之前先联系市民")),
    (N_("答复"), "reply", N_("单位的结构化办理结果，另有公开答复")),
    (N_("审核"), "review", N_("由另一人对照清单检查答复")),
    (N_("重办"), "redo", N_("结果不明确等，退回单位，开始新一轮")),
    (N_("待跟进"), "wait", N_("约定日期再办，期间时限暂停")),
    (N_("督办"), "supervise", N_("久拖不决、多轮重办时由督办员介入")),
    (N_("回访"), "follow-up", N_("问市民解决了没有、满意不满意")),
    (N_("办结"), "close", N_("回访之后结束")),
    (N_("时限"), "limit", N_("多长时间")),
    (N_("期限"), "deadline", N_("到哪一刻")),
    (N_("延期"), "extension", N_("到期前申请，他人批准")),
    (N_("轮次"), "round", N_("第一次办理是第 1 轮，每次重办加一")),
    (N_("现成话"), "ready word", N_("写一次、到处用的话，要填的地方由系统或本人填")),
    (N_("连办"), "macro", N_("几个操作一次办完，都办或都不办")),
    (N_("骚扰标记"), "nuisance mark", N_("另一人决定、到期自动解除的号码标记，不屏蔽任何人")),
)


def bring_up_to_date(commands: click.Group) -> list[str]:
    """Print every part anew where it stands; returns the names of those that changed. commands: the command line to list."""
    parts, changed = _parts(commands), []
    for path in documents():
        old = path.read_text(encoding="utf-8")
        new, differing = printed(old, parts)
        changed += differing
        if new != old:
            path.write_text(new, encoding="utf-8")
    return changed


def differences(commands: click.Group) -> list[str]:
    """One sentence per part that does not say what the code says, or stands nowhere."""
    parts = _parts(commands)
    texts = [path.read_text(encoding="utf-8") for path in documents()]
    differing = [name for text in texts for name in printed(text, parts)[1]]
    lacking = sorted(set(parts) - {name for text in texts for name in MARKER.findall(text)})
    return [_("文档里的“%(part)s”与程序不一致，请运行 make docs。", part=part) for part in (*differing, *lacking)]


def printed(text: str, parts: Parts) -> tuple[str, list[str]]:
    """The text with every marked part printed anew, and the parts that differ. Raises Misconfigured for an unknown part."""
    changed: list[str] = []

    def replace(found: re.Match[str]) -> str:
        name = found["name"]
        if name not in parts:
            raise Misconfigured(_("文档里有不认识的标记：%(name)s", name=name))
        fresh = "\n".join(parts[name]())
        if fresh.strip() != found["body"].strip():
            changed.append(name)
        return f"<!-- printed: {name} -->\n{fresh}\n<!-- /printed -->"

    return PART.sub(replace, text), changed


# --- the parts -------------------------------------------------------------------------------------------------------


def _chart() -> list[str]:
    """The life cycle as a Mermaid chart: an arrow per pair of states, with the actions that lead along it."""
    arrows: dict[tuple[State, State], list[str]] = defaultdict(list)
    for move in MOVES:
        if move.to is not None and len(move.at) <= BUSY:
            for state in sorted(move.at, key=list(State).index):
                arrows[state, move.to].append(_(ACTIONS[move.action].label))
    names = [f"  {state.name}: {_(waiting.name)} {state.name}" for state, waiting in STATES.items()]
    lines = [f"  {a.name} --> {b.name}: {'、'.join(dict.fromkeys(labels))}" for (a, b), labels in arrows.items()]
    return ["```mermaid", "stateDiagram-v2", *names, "  [*] --> DRAFT", *lines, "```"]


def _states() -> list[str]:
    return _table(
        ("状态 State", "English", "等谁 Waits for", "English"),
        ((f"{_(w.name)} `{state}`", _en(w.name), _(w.waits_for), _en(w.waits_for)) for state, w in STATES.items()),
    )


def _actions() -> list[str]:
    return _table(
        ("操作 Action", "English", "从 From", "到 To", "谁 Who", "不得（守则）Unless", "停钟 Stops", "起钟 Starts"),
        map(_action, MOVES),
    )


def _action(move: Move) -> tuple[str, ...]:
    label = ACTIONS[move.action].label
    at = (
        "、".join(_(STATES[state].name) for state in State if state in move.at) if len(move.at) <= BUSY else _many(move)
    )
    return (
        f"{_(label)} `{move.action}`",
        _en(label),
        at,
        _(STATES[move.to].name) if move.to else "–",
        _who(move.roles),
        " ".join(f"`{guard.__name__}`" for guard in move.unless),
        _clocks(move.stops),
        _clocks(move.starts),
    )


def _many(move: Move) -> str:
    missing = [_(STATES[state].name) for state in State if state not in move.at]
    if not missing:
        return _("任何状态")
    if len(missing) < BUSY:
        return _("除%(states)s外", states="、".join(missing))
    return (
        _("%(n)d 种状态", n=len(move.at))
        + f"（{'、'.join(_(STATES[state].name) for state in State if state in move.at)}）"
    )


def _petitions() -> list[str]:
    return _table(
        ("申请 Petition", "English", "谁申请 Asks", "谁决定 Decides"),
        (
            (f"{_(kind.label)} `{kind.name}`", _en(kind.label), _who(kind.asks), _who(kind.decides))
            for kind in PETITIONS.values()
        ),
    )


def _monitoring() -> list[str]:
    """Each rule of the model city's monitoring with its document, its clause and what of ours the clause does not say."""
    rules = _city().monitoring.rules.values()
    heads = ("规则 Rule", "依据 Basis", "制定 Issued by", "大意 Says", "不同之处 Ours differs")
    return _table(heads, ((one.name, one.basis, one.source.issued, one.says, one.differs) for one in rules))


def _limits() -> list[str]:
    """The clocks of the model city's profile in force."""
    city = _city()
    types = ("consult", "help", "complaint")
    rows = []
    for clock in (
        "dispatch",
        "sign",
        "contact",
        "objection",
        "ruling",
        "feedback",
        "reply",
        "review",
        "redo",
        "answer",
        "judge",
        "archive",
    ):
        cells = [_span(city, clock, kind, urgency) for urgency in ("normal", "urgent") for kind in types]
        same = [cells[i : i + 3] for i in (0, 3)]
        rows.append((f"{clock_name(clock)} `{clock}`", *("、".join(dict.fromkeys(part)) for part in same)))
    title = city.limits.title or city.profile
    return [
        _(
            "标准：%(profile)s（min、h、d 为自然时间，wd 为工作日，wh 为工作时间；办结依次为咨询、求助、投诉）",
            profile=title,
        ),
        "",
        *_table(("时钟 Clock", "一般 Normal", "紧急 Urgent"), rows),
    ]


def _span(city: City, clock: str, kind: str, urgency: str) -> str:
    first = city.limits.span("reply", kind, urgency, 1)
    return str(city.limits.span(clock, kind, urgency, 2 if clock == "redo" else 1, first) or "–")


def _glossary() -> list[str]:
    return _table(
        ("中文", "English", "意思 Meaning"), ((_(zh), f"`{en}`", f"{_(meaning)}") for zh, en, meaning in GLOSSARY)
    )


def _settings() -> list[str]:
    return _table(
        ("变量 Variable", "意思 Meaning", "默认 Default"),
        (
            (f"`{one.name}`", f"{_(one.meaning)}<br>{_en(one.meaning)}", f"`{one.default}`" if one.default else "–")
            for one in SETTINGS
        ),
    )


def _commands(commands: click.Group) -> list[str]:
    return _table(
        ("命令 Command", "作用 What it does"),
        (
            (f"`hotline {name}`", (command.help or "").strip().splitlines()[0])
            for name, command in sorted(_walk(commands, ""))
        ),
    )


def _walk(group: click.Group, path: str) -> Iterable[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _walk(command, f"{path}{name} ")
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield f"{path}{name}", command


def _roles() -> list[str]:
    """Which actions each role may do, found by asking the predicates of the table."""
    rows = []
    for role in Role:
        labels = [_(ACTIONS[move.action].label) for move in MOVES if any(_asks_for(who, role) for who in move.roles)]
        decides = [
            _("决定%(what)s", what=_(kind.label))
            for kind in PETITIONS.values()
            if any(_asks_for(w, role) for w in kind.decides)
        ]
        rows.append(
            (
                f"{_(ROLE_NAMES[role])} `{role}`",
                _en(ROLE_NAMES[role]),
                "、".join(dict.fromkeys([*labels, *decides])) or "–",
            )
        )
    return _table(("角色 Role", "English", "可以 May"), rows)


_WORDS = {
    "own_agent": N_("本单话务员"),
    "unit": N_("承办单位"),
    "lead_unit": N_("主办单位"),
    "helper": N_("协办单位"),
    "disputing": N_("会商的单位"),
    "may_pass_on": N_("单位负责人或主办单位"),
    "staff": N_("能看到它的工作人员"),
    "citizen": N_("市民"),
    "clock": N_("时钟"),
    "system": N_("系统"),
}


def _asks_for(who: Who, role: Role) -> bool:
    """Whether this predicate is about this role; what all the staff may is printed with nobody's."""
    return who is not staff and (DECIDERS.get(who) is role or speaks_of(who, role))


def _who(predicates: Iterable[Who]) -> str:
    return "、".join(_(_WORDS.get(who.__name__) or ROLE_NAMES[Role(who.__name__)]) for who in predicates)


def _clocks(names: tuple[ClockName, ...]) -> str:
    return _("全部") if names == EVERY_CLOCK else "、".join(clock_name(name) for name in names)


def _en(sentence: str) -> str:
    with speaking("en"):
        return _(sentence)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in (head, *rows)]
    return [lines[0], "|" + "---|" * len(head), *lines[1:]]


@cache
def _city() -> City:
    return load_city(ROOT / "hotline" / "city" / "anyang")


def _rooms() -> list[str]:
    """Every room with its own sentence and how many files lie in it."""
    lines = []
    for top in ("models", "classifier", "routing", "webhooks", "hotline"):
        for folder in sorted({path.parent for path in (ROOT / top).rglob("__init__.py")}):
            name = folder.relative_to(ROOT).as_posix()
            sentence = (
                ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
            ).splitlines()[0]
            if "migrations" not in name:
                files = sum(1 for _ in folder.glob("*.py"))
                depth = name.count("/")
                lines.append(f"{'  ' * depth}{name.rsplit('/', 1)[-1] + '/':<{34 - 2 * depth}}{files:>3}  {sentence}")
    return ["```", *lines, "```"]


def _layers() -> list[str]:
    """The import contracts as they stand in pyproject.toml, the top first."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = {one["id"]: one["layers"] for one in settings["contracts"] if one["type"] == "layers"}
    rows = [*layers["floors"], layers["rooms"][-1]]
    boxes = [f'  L{n}["{" · ".join(re.split(r" *[:|] *", row))}"]' for n, row in enumerate(rows)]
    return ["```mermaid", "flowchart TD", *boxes, *(f"  L{n} --> L{n + 1}" for n in range(len(rows) - 1)), "```"]


def _parts(commands: click.Group) -> Parts:
    return {
        "chart": _chart,
        "states": _states,
        "actions": _actions,
        "petitions": _petitions,
        "limits": _limits,
        "monitoring": _monitoring,
        "glossary": _glossary,
        "settings": _settings,
        "commands": partial(_commands, commands),
        "roles": _roles,
        "rooms": _rooms,
        "layers": _layers,
    }

"""What somebody says of themself in a plain text: where they work and live, what they drive, whose child goes to which school.

No name and no number, and yet whoever is accused knows at once who wrote: "厂里就我一个会计".
"""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

from collections.abc import Iterator

from classifier.text.masking.names.roles import KIN
from classifier.text.normalise import placed
from classifier.text.patterns.late import late

_I = "(?:我|本人|俺|咱)"
_OWN = f"{KIN}|儿媳|娃|公司|厂|店|单位|学校|班主任|领导|老板|同事|岗位|工位|工号|职务|车(?!间)|电动车|摊位|房子|名字|小名|外号|电话|手机|微信|邮箱|身份"
_OF_ONESELF = late(
    rf"{_I}(?:们?家|是(?!说|想|觉得|担心|希望|认为|问|要|来)|[就也]?在(?!想|等|此|这里反映)|[就现]?住|叫|姓|(?:们)?的?(?:{_OWN})|(?:自己)?(?:开|骑|租|养|种|教|干|卖|经营)的?(?!始|不)|上班|工作|退休|负责|这边|今年\d|\d{{2}}岁|怀孕|有残疾|得了)"
    rf"|(?:^|[^一-龥])(?:家住|家在|现住|租住|住在|住址|地址|孩子|儿子|女儿|闺女|老公|老婆|爱人|丈夫|妻子|对象|父母|外号|绰号|小名|人称|昵称|网名|电话|手机|微信|邮箱|车牌|身份证|工号|联系方式)"
    rf"|^在[^,。;!?]{{2,24}}(?:上班|工作|打工|上学|读书|[当做干]了?[^,。;!?]{{1,8}}|住)[,。;!?\\n]*$"
    rf"|(?:都|人家?|他们|同事们?)[喊叫称管]{_I}|(?:就|只有|除了){_I}|{_I}一个(?:人|会计|出纳|女|男|司机|保安|老师|外地)|(?:知道|认出|猜[到出]|看出|查[到出])(?:了|来)?(?:是|出是)?{_I}|{_I}(?:以前|之前|曾经?|去年|刚)?(?:在[^,。;!?]{{1,20}}(?:上班|工作|做|打工|当|任|干)|跟[^,。;!?]{{1,12}}(?:签|吵|闹))"
)
_CLAUSE = late(r"[^,。;!?\n]+[,。;!?\n]*")
_LEAST = 4


def clauses_of_oneself(text: str) -> Iterator[tuple[int, int]]:
    """Where they stand in the text as given, each with the mark behind it."""
    read = placed(text)
    for clause in _CLAUSE.finditer(read.text):
        if _OF_ONESELF.search(clause[0]):
            yield read.span(*clause.span())


def without_oneself(text: str) -> str:
    """The text without them; "" where it says nothing else."""
    parts, at = [], 0
    for start, end in clauses_of_oneself(text):
        parts.append(text[at:start])
        at = end
    left = ("".join(parts) + text[at:]).strip().rstrip(",，;；")
    return left if sum(map(str.isalnum, left)) >= _LEAST else ""

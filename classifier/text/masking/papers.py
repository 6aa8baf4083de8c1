"""Numbers of papers, cards, plates and accounts in a plain text (Chinese digits told as digits)."""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.text.masking.checks import looks_like_id, valid_card, valid_id_number, valid_taiwan_id
from classifier.text.masking.found import TextFinding
from classifier.text.masking.telephone import WIDE, is_public
from classifier.text.patterns.late import late

_GAP = r"[ \n.\-‐‒–—―−_·•/]{0,2}"
_ID = late(rf"(?<!\d)[1-8](?:{_GAP}\d){{13,16}}{_GAP}[\dXx](?![\dXx])")
_STRANGE_ID = late(rf"(?<!\d)[1-8](?:{WIDE}\d){{13,16}}{WIDE}[\dXx](?![\dXx])")
_CARD = late(rf"(?<!\d)\d(?:{_GAP}\d){{11,18}}(?!\d)")
_OFFICES = late(rf"(?=.*(?<!\d)0\d{{2,3}})(?:(?:0\d{{2,3}}{_GAP})?[2-9]\d{{6,7}}(?!\d){_GAP}){{2,}}")
"""Two telephones side by side, one of them with its area code: as many digits as a card has."""
_ID_CUE = late(r"(?:身份证|身份证件|证件|身份|ID|Id|id)(?:号码|号|是|为|:| |\.|No|NO|no)*$")
_CARD_CUE = late(r"(?:卡|卡号|账号|帐号|账户|帐户|户头|[Cc]ard)(?:号码|号|是|为|:| |\.|\(|\)|No|NO|no)*$")
_OTHER_CUE = late(
    r"(?:编号|单号|订单|工单|流水|运单|快递|合同|发票|批号|条码|文号|票号|凭证|案号|信用代码|税号)(?:号码|号|是|为|:| |\.|第)*$"
)
_IS = r"(?:[一-龥]{1,4}字第|号码|号|编号|编码|代码|是|为|:| |\n|第|字|军|南|北|东|西|海|空|政|参|后勤|士|武|No\.?|NO\.?|no\.?|\(|\)|=|尾号|(?:后|末|前)[0-9四五六八]位){0,7}"
_PAPERS = (
    "身份证|证件|学号|学籍号|考号|准考证|准考号|考生号|工号|职工号|员工号|警号|工作证|警察证|执法证|执业证|资格证|教师证|导游证|学生证|士官证|党员证|会员证|借书证|社保卡|电子社保卡|医保电子凭证|电子凭证|医保凭证|社会保障卡|社保号|社保(?:个人)?编号|个人编号|生日|出生日期|出生年月日?|社会保障号|医保卡|医保号|医疗卡|就诊卡|就诊号|门诊号|住院号|病历号|病案号|体检号|残疾证|残疾人证|低保证|老年证|优待证|退休证|"
    "退伍证|退役证|退役军人证|立功证|优抚证|伤残证|复员证|转业证|(?:永久)?居留证|上岗证|健康证|从业资格证|准生证|军官证|士兵证|军人证|文职证|警官证|驾驶证|驾照|行驶证|档案编?号|户口簿|户口本|居住证|暂住证|结婚证|离婚证|毕业证书?|学位证书?|出生证|独生子女证|护照|通行证|回乡证|台胞证|签证|港澳证|房产证|房权证|不动产权证|不动产证|产权证|"
    "保单号|参保号|公积金账?号|户号|用户号|用户编号|客户编号|客户号|(?:电|(?<!流)水|气|燃气|天然气|宽带|暖气)(?:费|卡|表|网)?(?:卡号|编号|号|账号|帐号)|一卡通|校园卡|饭卡|会员卡|会员号|公交卡|购物卡|油卡|车架号?|发动机号?|[Pp]assport|[Ss]tudent ID"
)
_PAPER = late(
    rf"(?:{_PAPERS}){_IS}(?P<value>(?=[A-Za-z]{{0,8}} ?\d)[0-9A-Za-z](?:[ \-]?[0-9A-Za-z]){{3,24}}(?:\([0-9A-Za-z]\))?)"
)
_ID_PART = late(r"身份证[^。\n]{0,16}?(?<!\d)(?P<value>[1-8]\d{5}(?:19|20)\d{4,6})(?!\d)")
_DEED = late(r"(?:不动产权|房权证?|房产证?|产权证?|土地证?)[^,。;\n]{0,8}?第?(?P<value>\d{6,12})(?=号)")
_CARD_NUMBER = late(
    r"(?:存折|折子|存单|银行|[工农中建交]行|邮储|信用社|卡号|卡|账号|帐号|账户|帐户|支付宝|[Cc]ard)(?:号码|号|是|为|:| |\.|\n|\(|\)|尾号|(?:后|末)[0-9四六]位){0,4}(?P<value>\d(?:[ \-.]{0,2}\d){7,22})(?!\d)"
)
_STAFF_NUMBER = late(r"(?:工号|警号|执法证号?|编号)[^0-9A-Za-z]{0,3}$")
_ANNOUNCED = late(r"[号码是为:第位][ (\n]*$")
_NOT_A_NUMBER = late(r" ?(?:年|月|日|元|块|万|天|个|岁|次|号楼|栋|点|时|小时|多|余|人|户|路|届|级|班|室|层|楼)|:\d")
_HONG_KONG = late(
    r"(?<![A-Za-z0-9])[A-Za-z]{1,2}\d{6} ?\([0-9Aa]\)|(?<![\d(])[157]\d{6}\(\d\)|(?<!\d)[157]/\d{6}/\d(?!\d)"
)
_TAIWAN = late(r"(?<![A-Za-z0-9])[A-Za-z][1289]\d{8}(?![A-Za-z0-9])")
_PASSPORT = late(r"(?<![A-Za-z0-9])(?:[EG]\d{8}|E[A-HJ-NP-Z]\d{7})(?![A-Za-z0-9])")
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE_GAP = r"[ ·•・.\-—_]{0,2}"
_PLATE = late(
    rf"(?<![A-Za-z0-9])(?:WJ{_PLATE_GAP}[{_PROVINCES}]?{_PLATE_GAP}\d{{4,5}}[0-9A-Z]?|[{_PROVINCES}]{_PLATE_GAP}[A-HJ-NP-Za-hj-np-z]{_PLATE_GAP}"
    r"(?:(?:[A-HJ-NP-Za-hj-np-z0-9]{6}|[A-HJ-NP-Za-hj-np-z0-9]{4}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳领使]|\d{2,3}[ \-.]\d{2,3}|(?=[A-Za-z0-9 \-.]{0,3}\d)(?:[A-HJ-NP-Z0-9]{2,3}[ \-.](?=[A-Z]{0,2}\d)[A-HJ-NP-Z0-9]{3}|[A-HJ-NP-Z0-9]{3}[ \-.](?=[A-Z]?\d)[A-HJ-NP-Z0-9]{2})|[A-Za-z0-9](?:[ .\-][A-Za-z0-9]){4,5}))|使\d{6}|\d{6}使)(?![A-Za-z0-9])"
)
_PROVINCES_TOLD = "[Jj]ing?|[Hh]u|[Yy]ue?|[Jj]i|[Yy]un|[Ll]iao|[Hh]ei|[Xx]iang|[Ww]an|[Ll]u|[Xx]in|[Ss]u|[Zz]he|[Gg]an|[Gg]ui|[Mm]eng|[Ss]han|[Mm]in|[Qq]ing|[Cc]huan|[Nn]ing|[Qq]iong"
_PLATE_TOLD = late(
    rf"(?<![A-Za-z0-9])(?P<value>(?:{_PROVINCES_TOLD}){_PLATE_GAP}[A-HJ-NP-Z]{_PLATE_GAP}(?=[A-Z]{{0,3}}\d[A-Z]{{0,2}}\d)[A-HJ-NP-Z0-9]{{4,6}})(?![A-Za-z0-9])"
    rf"|(?P<head>[{_PROVINCES}][A-HJ-NP-Z][A-Z0-9]{{0,3}})(?:开头|打头|起头)[,的]?(?:后面|后边|剩下|尾号|数字)?(?:的?(?:数字?)?[是为:])?(?P<tail>[A-Z0-9]{{3,5}})(?![A-Za-z0-9])"
)
"""The province as it sounds ("yuE5J218"), or the plate in two pieces."""
_PLATE_CUED = late(
    r"(?:车牌号?码?|车号|牌照号?|号牌|牌号|车牌子?|车辆号牌|[Pp]late)(?:号码|是|为|:| |\n|[\"“]|尾号){0,3}"
    rf"(?P<value>(?:[{_PROVINCES}]|(?:[\u4e00-\u9fa5](?<![是为号码])){{1,2}})?{_PLATE_GAP}[A-Za-z]?{_PLATE_GAP}(?=[A-Za-z]{{0,4}}\d)[A-Za-z0-9]{{4,7}})(?![A-Za-z0-9])"
)
AT = r"(?:@|[\[(] ?(?:[Aa][Tt]|艾特|@) ?[\])]|艾特)"
DOT = (
    r"(?:\. ?[A-Za-z0-9-]{1,63}|(?:。|点|[\[(] ?(?:[Dd][Oo][Tt]|点) ?[\])]) ?(?:com|cn|net|org|edu|gov|COM|CN|NET|ORG))"
)
_EMAIL = late(rf"(?<![A-Za-z0-9_.+-])[A-Za-z0-9][A-Za-z0-9_.+-]{{0,63}} ?{AT} ?[A-Za-z0-9-]{{1,63}}(?: ?{DOT}){{1,4}}")
_ACCOUNT = late(
    r"(?:[Qq] ?[Qq] ?(?:群|号|号码)*|扣扣号?|企鹅号?|球球号?|(?<![A-Za-z])[Qq](?=[:号 ]{1,2}\d{6})号?|支付宝(?:账|帐)?号?|抖 ?音号?|快手号?|微博号?|[Tt]elegram|电报|飞机号|TG号?|(?<![A-Za-z])tg(?=[号: @])号?|推特|[Tt]witter|[Ss]kype|[Ff]acebook|脸书|[Ii]nstagram|(?<![A-Za-z])LINE|(?<![A-Za-z])[Ll]ine(?= ?[Ii][Dd])|企业微信|知乎|B站|小红书号?|钉钉号?|淘宝号?|旺旺号?|陌陌号?|ins)"
    r"(?:账号|帐号|ID|id|昵称|是|为|:| |@|live:|\n|[\"“]){0,4}(?P<value>\d(?:[ \-]\d){4,11}(?!\d)|[A-Za-z0-9_][A-Za-z0-9_.\-]{4,29})"
    r"|(?:[微威薇徽唯维v][^0-9A-Za-z\u4e00-\u9fa5]{0,2}[信芯]|[Vv❤💚][❤信]|卫星号|绿泡泡号?|[微薇威][xX❤]|[Ww]e ?[Cc]hat|(?<![A-Za-z])[Ww][Xx]|(?<![A-Za-z])[Vv][Xx]|(?<![A-Za-z])[Vv]信|(?<![A-Za-z])[Vv] [Xx](?=[:号])|我的?[Vv](?=是|:)|[Ww]ei ?[Xx]in|加 ?我?[Vv]|加 ?薇|[加+➕] ?微|[+➕十][Vv](?=[A-Za-z0-9_])|(?<![A-Za-z])[Vv](?=[:号]))"
    r"(?:号码|账号|帐号|号|ID|id|是|为|is|:| |\n|同号|或者?|[\"“】\](]|加){0,6}(?P<chat>(?!payment|official|account|group|moments|transfer|service|wallet|program)[A-Za-z0-9_][A-Za-z0-9_\-]{5,29})"
    r"|(?:微 ?信|威信|薇信|徽信|[Qq][Qq]|扣扣)(?!小程序|支付|公众号|朋友圈|群|视频|空间|扫|付|转|缴|里|上)[\u4e00-\u9fa5,: ]{1,12}(?P<far>(?=[A-Za-z_\-]{0,20}\d)[A-Za-z][A-Za-z0-9_\-]{5,29})"
    r"|(?:微博|抖音|快手|小红书)(?:昵称|名|号|账号|是|叫|:| ){0,3}@(?P<nick>[0-9A-Za-z_\u4e00-\u9fa5]{2,16})"
    r"|(?<![A-Za-z0-9])(?P<wxid>wxid_[A-Za-z0-9]{6,30})"
    r"|(?:邮箱|邮件|[Ee]-?mail)(?:地址|是|为|:| |is){0,4}(?P<mail>[A-Za-z0-9][A-Za-z0-9_.\-]{2,40}) ?(?:#|\(?(?:\b[Aa][Tt]\b|艾特|小老鼠)\)?) ?[A-Za-z0-9\-]{2,20} ?(?:\.| dot |点) ?[a-z]{2,6}"
)
_HAS_AT = late(AT)
_NAMED = late(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{4}|\d(?:[ \-]\d){4}|@|[A-Za-z0-9_.\-]{3} ?(?:#|\(?\b[Aa][Tt]\b|艾特)")
_SOME = late(rf"\d(?:{WIDE}[0-9A-Za-z]){{3}}")
_LONG = late(rf"\d(?:{WIDE}\d){{7}}")
"""What a text must hold before it is worth a closer look."""


def papers(text: str, answer: bool = False) -> Iterator[TextFinding]:
    """Identity numbers, cards, plates, other papers and accounts, the surest first. answer: an office's own addresses stay."""
    if not answer and _HAS_AT.search(text):
        yield from (TextFinding("email", found[0], *found.span()) for found in _EMAIL.finditer(text))
    if not answer and _NAMED.search(text):
        yield from _accounts(text)
    if not _SOME.search(text):
        return
    if _LONG.search(text):
        yield from _long_numbers(text)
    yield from _plates(text)
    for pattern in (_HONG_KONG, _PASSPORT):
        yield from (TextFinding("paper", found[0], *found.span()) for found in pattern.finditer(text))
    yield from (
        TextFinding("paper", found[0], *found.span())
        for found in _TAIWAN.finditer(text)
        if valid_taiwan_id(found[0].upper())
    )
    yield from (
        found
        for found in _cued(text)
        if not (answer and _STAFF_NUMBER.search(text, max(0, found.start - 6), found.start))
    )


def _long_numbers(text: str) -> Iterator[TextFinding]:
    for found in _ID.finditer(text):
        number = _bare(found[0])
        cued = bool(_ID_CUE.search(text, max(0, found.start() - 16), found.start()))
        if cued or (
            looks_like_id(number) and (len(number) == 18 or found[0].isalnum()) and not _is_other(text, found.start())
        ):
            yield TextFinding("id_number", number, *found.span(), valid_id_number(number))
    for found in _STRANGE_ID.finditer(text):
        number = _bare(found[0])
        cued = bool(_ID_CUE.search(text, max(0, found.start() - 16), found.start()))
        if looks_like_id(number) and (cued or len(number) == 18) and not _is_other(text, found.start()):
            yield TextFinding("id_number", number, *found.span(), valid_id_number(number))
    for found in _CARD.finditer(text):
        number = _bare(found[0])
        cued = bool(_CARD_CUE.search(text, max(0, found.start() - 16), found.start()))
        offices = not cued and _OFFICES.fullmatch(found[0])
        if not offices and _is_card(number, cued) and not _is_other(text, found.start()):
            yield TextFinding("bank_card", number, *found.span(), valid_card(number))


def _is_card(number: str, cued: bool) -> bool:
    if cued:
        return True
    union_pay = number.startswith("62") and len(number) in (16, 19)
    return len(number) > 12 and (union_pay or (number[0] in "3456" and valid_card(number)))


def _is_other(text: str, at: int) -> bool:
    return bool(_OTHER_CUE.search(text, max(0, at - 16), at))


def _plates(text: str) -> Iterator[TextFinding]:
    for found in _PLATE.finditer(text):
        if sum(sign.isdigit() for sign in found[0]) > 1:
            yield TextFinding("plate", re.sub(r"[ ·•・.\-—_]", "", found[0]).upper(), *found.span())
    for found in _PLATE_TOLD.finditer(text):
        yield from (
            TextFinding("plate", found[group], *found.span(group))
            for group in ("value", "head", "tail")
            if found[group] and sum(map(str.isdigit, found[0])) > 2
        )
    for found in _PLATE_CUED.finditer(text):
        if sum(sign.isdigit() for sign in found["value"]) > 2:
            start, end = found.span("value")
            start += len(found["value"]) - len(found["value"].lstrip())
            yield TextFinding("plate", _bare(text[start:end]), start, end)


def _cued(text: str) -> Iterator[TextFinding]:
    for pattern, kind in ((_PAPER, "paper"), (_ID_PART, "paper"), (_DEED, "paper"), (_CARD_NUMBER, "bank_card")):
        for found in pattern.finditer(text):
            start, end = found.span("value")
            digits = re.sub(r"[^\dXx]", "", found["value"])
            if (
                (len(digits) > 5 or (len(digits) > 3 and _ANNOUNCED.search(found[0], 0, start - found.start())))
                and not is_public(digits)
                and not _NOT_A_NUMBER.match(text, end)
            ):
                yield TextFinding(kind, _bare(found["value"]), start, end)


def _accounts(text: str) -> Iterator[TextFinding]:
    for found in _ACCOUNT.finditer(text):
        name = found.lastgroup or "value"
        yield TextFinding("account", found[name].strip("-."), *found.span(name))


def _bare(written: str) -> str:
    return re.sub(r"[^0-9A-Za-z\u4e00-\u9fa5]", "", written).upper()

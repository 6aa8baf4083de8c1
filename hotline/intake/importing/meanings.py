"""What a heading means: the names that real exports give to the facts of a matter, and how other names are read.

A name that stands in `NAMES` means what it says there, the likeliest first. Any other is read by the words in it: RULES
are asked in their order, and the first that fits and is not forbidden decides.
"""

# ruff: noqa: E501 (a table is read by its rows)
from __future__ import annotations

import re
from functools import lru_cache

from classifier.text.normalise import plain as plain_writing

_USUAL = """
body:
  body 正文 诉求内容 主要内容 反映内容 来信内容 留言内容 留言详情 咨询内容 投诉内容 举报内容 求助内容 建议内容
  问题描述 诉求描述 事件描述 问题内容 事件内容 信件内容 来电内容 受理内容 工单内容 反映问题 具体内容 详细内容 诉求详情
  工单描述 事项描述 情况描述 详细描述 内容描述 诉求事由 事由 内容 描述 content contents text message description
  details complaint narrative comments complaintdescription requestdescription problemdescription 诉求 reqcontent
  casecontent appealcontent 陈情内容 nr sqnr fynr tsnr lynr nrms wtms
title:
  title subject 标题 主题 留言主题 诉求标题 工单标题 信件标题 事件标题 咨询主题 问题标题 题目 summary headline
  事项名称 工单名称 诉求主题 bt sqbt
happened_at:
  happened_at time 时间 来电时间 诉求时间 反映时间 留言时间 来信时间 写信时间 咨询时间 投诉时间 发生时间 事发时间
  受理时间 登记时间 提交时间 创建时间 created_at createdat createtime created createddate date 日期 来电日期 诉求日期
  咨询日期 受理日期 登记日期 留言日期 来信日期 创建日期 填报时间 上报时间 录入时间 收件时间 交办时间 区交办时间
  市交办时间 派单时间 转办时间 opened opendate receivedat receiveddate submittedat timestamp
  时间戳记 时间戳 rq ldsj slsj sqsj djsj tjsj cjsj fysj lysj
phone:
  phone 电话 手机 手机号 手机号码 联系电话 来电号码 来电电话 电话号码 来电人电话 求助号码 诉求人电话 联系人电话
  投诉人电话 咨询人电话 反映人电话 联系方式 联系号码 主叫号码 呼入号码 tel mobile telephone phonenumber contactphone
  callernumber callerphone cell lxdh dh dhhm sjh sjhm ldhm ldrdh lxfs linktel linkphone
name:
  name 姓名 来电人 联系人 诉求人 求助人 求助人员 咨询人 投诉人 举报人 反映人 申请人 来信人 写信人 留言人 市民姓名
  来电人姓名 联系人姓名 诉求人姓名 客户姓名 客户名称 群众姓名 user 用户 用户名 用户姓名 留言用户 网友 昵称 caller
  callername customer customername contactname fullname complainant requester 陈情人 信访人 xm ldr sqr lxr sqrxm lxrxm linkman
outer_number:
  outer_number id 编号 工单编号 工单号 工单号码 单号 留言编号 number 流水号 受理单号 受理编号 受理号 业务编号 诉求编号
  案件编号 案件号 信件编号 事件编号 问题编号 任务编号 任务号 登记编号 办件编号 案卷号 订单编号 市工单编号 工单流水号
  业务流水号 caseid casenumber caseno ticketid ticketnumber ticketno requestid requestnumber servicerequestid srnumber
  uniquekey referencenumber ref orderno bh gdbh gdh slbh slh ywbh ajbh lsh sqbh
place:
  place 诉求详细地址 事发详细地址 详细地址 事发地址 诉求地址 事件地址 地址 地点 事发地点 发生地点 案发地点 诉求地点
  事件地点 问题地址 问题地点 问题点位 点位 位置 具体位置 事发位置 详细位置 address location incidentaddress
  streetaddress dz sqdz fsdz xxdz dd wtdz
area:
  area_code 区县代码 区县 县区 所属区县 所属县区 所属区域 行政区划 行政区 区域 辖区 所属辖区 事件发生地 诉求区域
  事发区域 district borough county
request_type:
  request_type 诉求类型 来电类型 工单类型 信件类型 业务类型 受理类型 诉求性质 留言类型 类型 type requesttype
  tickettype
channel:
  channel 渠道 来源 受理渠道 诉求来源 诉求渠道 来源渠道 来电渠道 工单来源 信息来源 受理方式 受理来源 来源方式 source
  origin sourcechannel
urgency:
  urgency 紧急程度 紧急度 缓急程度 优先级 紧急级别 加急程度 priority severity
category:
  category_code 类别代码 category 类别 诉求类别 诉求分类 工单分类 分类 诉求分类1 一级分类 问题分类 事项分类
state:
  state 状态 工单状态 处理状态 办理状态 流程状态 当前状态 办件状态 受理状态 案件状态 订单状态 信件状态 status
  ticketstatus casestatus gdzt blzt clzt
reply:
  reply 答复 答复内容 回复内容 回复 处理结果 办理结果 反馈内容 反馈结果 处置结果 处理情况 办理情况 处理意见 办理意见
  答复意见 受理意见 官方回复 答复情况 回复意见 结果 response resolution answer resolutiondescription actiontaken
  outcome dfnr hfnr cljg bljg
unit:
  unit 承办单位 主办单位 办理单位 处理单位 责任单位 承办部门 主办部门 办理部门 处理部门 责任部门 处置单位 处置部门
  答复单位 回复单位 agency department dept deptname departmentname orgname handledept handlingdept handlingdepartment handlingunit responsibleunit assignedto agencyname cbdw bldw zbdw cldw
rating:
  rating 满意度 满意度评价 满意情况 是否满意 评价 评价结果 群众评价 市民评价 回访满意度 结果满意度 办理结果满意度
  服务评价 satisfaction score myd
solved:
  solved 是否解决 解决情况 解决程度 问题是否解决 诉求是否解决 resolved issolved
closed_at:
  closed_at 办结时间 办结日期 结案时间 结案日期 完成时间 办理完成时间 办理办结时间 实际办结时间 关闭时间 结束时间
  closedat closeddate closed completedat completiondate resolvedat bjsj bjrq jasj
replied_at:
  replied_at 答复时间 回复时间 答复日期 回复日期 反馈时间 反馈日期 处理时间 办理时间 处置时间 respondedat responsedate dfsj hfsj
"""


def _read_names(table: str) -> dict[str, tuple[str, ...]]:
    parts = re.split(r"^(\w+):$", table, flags=re.MULTILINE)
    return {fact: tuple(names.split()) for fact, names in zip(parts[1::2], parts[2::2], strict=True)}


NAMES = _read_names(_USUAL)
"""Each fact's usual names."""


ALTERNATES = frozenset({"phone", "name", "happened_at", "reply"})
"""Facts whose further columns are asked when the first one is empty."""

_OFFICE = (
    r"单位|部门|承办|主办|协办|经办|受理人|受理员|办理人|处理人|处置人|登记人|记录人|录入|审核|审批|回访人|回访员|坐席|座席|话务|接线|接听|工号|派单人|签收人|"
    r"创建人|操作|负责人|责任人|领导|科室|窗口|企业|被|发起人|网格|社区|物业|街道|乡镇|主任|书记|所长|站长|局长|管理员|工作人员|联络员|专员|客服|维修|施工|"
    r"商家|商户|店铺|法人|监督|值班|司机|医生|老师|学校|村委"
)
_LATER = r"所用|用时|办结|完成|结案|截止|到期|期限|时限|限办|限时|要求|应|回访|答复|回复|处理|办理|处置|反馈|签收|修改|更新|归档|审核|审批|导出|催办|退单|延期|时长|耗时|历时|剩余|结束|关闭|评价|打印|通话|接听|预计|预约|出生"
_CODES = r"证|车牌|门牌|房号|卡号|账号|帐号|工单|单号|受理号|编号|案|护照|邮编|工号|序号|房间"

RULES: tuple[tuple[str, str, str], ...] = (
    (
        "closed_at",
        r"(?:办结|结案|完成|完结|办毕|闭单|关闭|结束)(?:时间|日期|时刻)$|(?:closed|completed|resolved|completion)(?:on|at|date|time)",
        r"要求|应|预计|计划|限|承诺|剩余|截止|通话|due",
    ),
    (
        "replied_at",
        r"(?:答复|回复|反馈|处置|处理|办理)(?:时间|日期)$|(?:response|reply|replied)(?:at|date|time)",
        r"要求|应|预计|限|截止|first|due",
    ),
    (
        "phone",
        r"电话|手机|号码|联系方式|座机|固话|主叫|phone|mobile|(?:^|contact|caller|link)tel|tel(?:no|num|number)?$|mobile(?:no|num|number)?$|cellphone",
        rf"{_OFFICE}|{_CODES}|是否|类型|归属|回访|agent|office|agency|时长|录音",
    ),
    (
        "happened_at",
        r"(?:时间|日期|时刻)$|(?:date|datetime|time|timestamp)$|^(?:created|opened|received|reported|submitted)(?:at|on)?",
        rf"{_LATER}|due|closed|resolved|update|modified|complet|birth|response",
    ),
    (
        "outer_number",
        r"(?:工单|诉求|案件|事件|信件|留言|业务|任务)(?:id|no|号码?)$|(?:编号|单号|流水号|案号|件号|序列号|受理号|编码)$|(?:case|ticket|req|request|complaint|record|issue|incident|order|bill|workorder|form|doc|appeal|accept)(?:id|no|num|number|key|code)$|^(?:ref|reference)",
        rf"{_OFFICE}|区|类|分类|网格|身份|用户|人|地|上级|父|关联|通话|录音|证|邮|社|来电|电话|设备|parent|user|agent|agency",
    ),
    (
        "reply",
        r"(?:答复|回复|反馈|办理|处理|处置)(?:内容|结果|情况|意见|详情|说明|描述)$|(?:办结|处理|办理|处置|单位|部门)反馈$|resolution|response|answer",
        r"时间|日期|电话|人|状态|是否|满意|类|领导|要求|date|time|id$",
    ),
    (
        "unit",
        r"^(?:主|承|责任|办理|处理|处置|答复|回复|经).{0,4}(?:单位|部门|机构)(?:名称)?$|^(?:agency|department|handlingagency)",
        r"协办|时间|意见|电话|建议|上报|代码|编码|code|id$",
    ),
    (
        "body",
        r"(?:内容|描述|详情|正文|详述|原文|具体情况|事情经过|事件经过|经过)$|(?:反映|投诉|举报|咨询|求助|描述|说明|信访|诉求|请求).{0,4}(?:问题|事项|情况|诉求)(?:是什么|有哪些)?$|(?:具体|主要|详细|实际|本次|所提)的?(?:诉求|问题|事项|情况|要求|反映)$|^概况信息$|(?:概述|概况)$|什么(?:问题|诉求|事情?)$|(?:问题|诉求|事项)是什么$|(?:市民|群众|诉求人|来电人|客户|用户|当事人)的?(?:诉求|反映|问题)$|(?:description|desc|content|contents|narrative|details?|body)$",
        r"回复|答复|处理|办理|处置|结果|回访|批示|短信|退|意见|反馈|督办|催办|评价|审核|派单|交办|分类|类|来源|渠道|附件|照片|图片|设备|resolution|response|reply|answer|location|status|agency",
    ),
    ("title", r"(?:标题|主题|题目)$|(?:title|subject|headline)$", r"时间|类|编|回复|id$"),
    ("rating", r"满意|评价结果$|satisf", r"^不|时间|日期|原因|说明|备注|人|受话|服务态度|热线|话务|态度|call|agent"),
    ("solved", r"是否.{0,2}解决$|resolved$", r"时间|日期|原因"),
    (
        "state",
        r"状态$|(?:当前|所处|办理|处理|流程|工单)(?:环节|阶段|节点|进度)$|status$",
        r"回访|短信|督办|催办|审核|删除|同步|婚姻|评价|录音|附件|支付|在线|延期|退",
    ),
    (
        "place",
        r"(?:地址|地点|点位|位置|场所)$|address$|location$",
        r"来电|联系人|投诉人|求助人|诉求人|反映人|咨询人|户籍|家庭|居住|通讯|通信|联系地址|单位|公司|ip|mac|邮箱|电子|网址|邮件|归属|type|登记|注册",
    ),
    (
        "name",
        r"姓名$|(?:市民|来电人|群众|诉求人)?(?:称呼|尊姓)$|^(?:来电|联系|诉求|咨询|投诉|举报|反映|申请|求助|来信|写信|留言|上报|报案|当事)(?:人|者|群众|人员|市民|人名称)$|^(?:caller|customer|citizen|complainant)name$",
        rf"{_OFFICE}|agent",
    ),
    (
        "request_type",
        r"^(?:诉求|工单|来电|信件|业务|受理|留言|问题|案件|求助)(?:类型|性质)$|(?:request|complaint|ticket|case)type$",
        r"小类|子类",
    ),
    ("channel", r"(?:渠道|来源)$|(?:channel|source)$", r"类别|照片|图片|资金|水"),
    ("urgency", r"紧急|优先级|急缓|priority|urgency", r"联系|时间|电话"),
    (
        "area",
        r"^(?:所属|所在|事发|诉求|发生|涉及|归属)?(?:区县|县区|区划|行政区划|行政区|辖区|市区县|县市区|区域|区县名称)$|^(?:district|borough|county|ward)",
        r"编码|代码|code",
    ),
    ("category", r"^(?:诉求|工单|问题|事项|内容|事件|投诉)?(?:类别|分类|一级分类|大类)$|category$", r"热点|标签"),
)
"""(fact, words that mean it, words that forbid it)."""
_RULES = tuple((fact, re.compile(means), re.compile(forbids)) for fact, means, forbids in RULES)
_BY_NAME = {name.replace("_", ""): (fact, rank) for fact, names in NAMES.items() for rank, name in enumerate(names)}
_BEYOND = 1000


def plain(heading: str) -> str:
    """A heading without what changes nothing: width, case, blanks, brackets, stars, colons, and the number of an equal one."""
    text = plain_writing(heading).replace("覆", "复").lower()
    text = re.sub(r"\((?:必填|选填|可选|required|optional|文本|yyyy[^)]*|\d+)\)|【[^】]*】", "", text)
    text = re.sub(r"[\s_\-*:#.?!\"'/\\()\[\]]+", "", text)
    text = re.sub(r"^\d{1,2}[、)]", "", text)
    return re.sub(r"^(?:请?(?:填写|输入|留下|描述|写明|提供|说明)(?=..))?(?:一下)?(?:您|你)?(?:们)?的?(?=..)", "", text)


@lru_cache(maxsize=4096)
def meaning(heading: str) -> tuple[str, int] | None:
    """The fact a heading means and its rank among those that mean the same (0 is the best); None when it means none of ours."""
    name = plain(heading)
    if not name or len(name) > 40:
        return None
    if name in _BY_NAME:
        return _BY_NAME[name]
    if re.fullmatch(r"(.+?)\d{1,2}", name) and (found := _BY_NAME.get(name.rstrip("0123456789"))):
        return found[0], found[1] + _BEYOND // 2
    for at, (fact, means, forbids) in enumerate(_RULES):
        if len(name) <= 24 and means.search(name) and not forbids.search(name):
            return fact, _BEYOND + at
    return meaning(heading.rpartition(".")[2]) if "." in heading.strip(".") else None

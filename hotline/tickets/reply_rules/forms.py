"""The longer forms of the life-cycle table: the unit's structured reply, and what a citizen is asked after it."""

from __future__ import annotations

from hotline.i18n import N_
from hotline.tickets.fields import Field
from hotline.tickets.vocabulary import BEYOND, CONTACT_WAYS, OUTCOMES, SCALE, SOLVED, TRUTHS

SURVEY_FIELDS = (
    Field("solved", N_("是否解决"), "choice", required=False, choices=SOLVED),
    Field("result", N_("对结果"), "choice", required=False, choices=SCALE),
    Field("attitude", N_("对态度"), "choice", required=False, choices=SCALE),
    Field("contacted", N_("单位联系过市民吗"), "bool", required=False),
    Field("comment", N_("意见"), "long", required=False),
)

CITIZENS_FIELDS = (
    Field("solved", N_("是否解决"), "choice", required=False, choices=SOLVED),
    Field("result", N_("对结果"), "choice", required=False, choices=SCALE),
    Field("attitude", N_("对态度"), "choice", required=False, choices=SCALE),
    Field("contacted", N_("单位联系过您吗"), "bool", required=False),
    Field("comment", N_("意见"), "long", required=False),
)
MERGED_SURVEY_FIELDS = (Field("number", N_("该市民的工单号"), "text"), *CITIZENS_FIELDS)

REPLY_FIELDS = (
    Field("truth", N_("是否属实"), "choice", choices=TRUTHS),
    Field("contacted", N_("是否联系市民"), "bool", required=False),
    Field("contact_how", N_("联系方式"), "choice", required=False, choices=CONTACT_WAYS),
    Field("contacted_at", N_("联系时间"), "moment", required=False),
    Field("no_contact_reason", N_("未联系的原因"), "text", required=False, most=300),
    Field("answered_citizen", N_("已把结果告诉市民"), "bool", required=False),
    Field("answered_at", N_("告诉市民的时间"), "moment", required=False, hint=N_("不填就是提交答复的时刻")),
    Field("facts", N_("调查事实与现场核查"), "long", hint=N_("何时、何人、到哪里查，看到什么")),
    Field("measures", N_("采取的措施"), "long", hint=N_("做了什么、由谁、何时完成")),
    Field("outcome", N_("解决情况"), "choice", choices=OUTCOMES),
    Field("outcome_reason", N_("未解决或部分解决的原因"), "long", required=False),
    Field("beyond_duty", N_("超出本单位职责"), "bool", required=False),
    Field("beyond_kind", N_("超出职责的情形"), "choice", required=False, choices=BEYOND),
    Field("legal_basis", N_("法律法规或文件依据"), "text", required=False, hint=N_("写明文件名和文号"), most=500),
    Field(
        "helpers_note", N_("协办情况"), "long", required=False, hint=N_("有协办单位没有反馈的，写明这一部分怎样处理")
    ),
    Field("handler", N_("经办人"), "text", most=64),
    Field("public_answer", N_("公开答复"), "long", hint=N_("市民看到的答复，请勿写入个人信息")),
)

"""The short lists of the trade: each code with the word a person sees."""

from __future__ import annotations

from hotline.i18n import N_

REQUEST_TYPES = {
    "consult": N_("咨询"),
    "help": N_("求助"),
    "complaint": N_("投诉"),
    "report": N_("举报"),
    "suggestion": N_("建议"),
    "praise": N_("表扬"),
    "other": N_("其他"),
}
SAFETY = {
    "danger": N_("人身危险"),
    "self_harm": N_("轻生或自伤"),
    "hazard": N_("安全隐患"),
    "outage": N_("大面积停水停电停气停暖"),
    "informant": N_("举报人需要保护"),
    "group": N_("群体性事件"),
}
URGENCY_SAID_BY = {
    "person": N_("人工"),
    "words": N_("按内容"),
    "model": N_("按模型"),
    "hotspot": N_("多人同诉"),
}
URGENCIES = {"normal": N_("一般"), "urgent": N_("紧急"), "critical": N_("特急")}
PRIVACIES = {"open": N_("公开（本人同意）"), "masked": N_("脱敏"), "sealed": N_("密封（举报人保护）")}
CHANNELS = {
    "hotline": N_("市长热线"),
    "interview": N_("在线访谈"),
    "broadcast": N_("连线政府"),
    "mailbox": N_("市长信箱"),
    "people_board": N_("人民网地方留言板"),
    "weibo": N_("微博"),
    "wechat": N_("微信"),
    "app": N_("手机应用"),
    "sms": N_("短信平台"),
    "web": N_("网站留言"),
    "national": N_("国家平台"),
    "province": N_("省平台"),
    "emergency": N_("110 等转来"),
    "letter": N_("来信"),
    "visit": N_("来访"),
    "email": N_("电子邮件"),
    "town": N_("乡镇安政通"),
    "grid": N_("数字城管"),
    "xinfang": N_("信访系统"),
}
TRUTHS = {"true": N_("属实"), "partly": N_("部分属实"), "untrue": N_("不属实"), "unknown": N_("无法核实")}
OUTCOMES = {"solved": N_("已解决"), "partly": N_("部分解决"), "unsolved": N_("未解决")}
BEYOND = {
    "law": N_("没有法律法规或政策依据"),
    "body": N_("属于其他机关的职权"),
    "private": N_("民事纠纷或经营主体自主事项"),
    "procedure": N_("应走诉讼、仲裁、复议等法定途径"),
    "means": N_("受规划、资金等条件限制，暂不能办"),
    "other": N_("其他"),
}
CONTACT_WAYS = {"phone": N_("电话"), "visit": N_("上门"), "office": N_("来访面谈"), "text": N_("短信或微信")}
SOLVED = {"yes": N_("解决了"), "partly": N_("部分解决"), "no": N_("没有解决")}
READINGS = {"yes": N_("解决了"), "partly": N_("部分解决"), "no": N_("没有解决"), "person": N_("看不准")}
"""How the machine read a citizen's words to the question."""
MEANINGS = {
    "yes": N_("解决了，满意"),
    "partly": N_("部分解决"),
    "no": N_("没有解决或不满意"),
    "none": N_("不是对回访的回答"),
}
"""What a person finds who reads them."""
SCALE = {"5": N_("非常满意"), "4": N_("满意"), "3": N_("基本满意"), "2": N_("不满意"), "1": N_("非常不满意")}
LOOKS = {"passed": N_("看过，通过"), "corrected": N_("更正")}
YES_NO = {"yes": N_("是"), "no": N_("否")}
CHECK_ANSWERS = {**YES_NO, "na": N_("不适用")}

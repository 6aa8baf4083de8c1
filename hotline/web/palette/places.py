"""Where one can go: every page that stands for itself, by its name."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.i18n import N_


@dataclass(frozen=True)
class Destination:
    """endpoint: of a page that needs no number. label: how people call it. icon: of the sprite."""

    endpoint: str
    label: str
    icon: str


D = Destination
DESTINATIONS: tuple[Destination, ...] = (
    D("desk.show", N_("受理台"), "headset"),
    D("dispatch.show", N_("派单台"), "signpost-split"),
    D("rules.show", N_("派单规则"), "signpost-2"),
    D("unit.show", N_("承办台"), "building"),
    D("signing.show", N_("签发答复"), "pencil-square"),
    D("review.show", N_("审核台"), "clipboard-check"),
    D("review.assistant", N_("审核助手"), "robot"),
    D("rereading.show", N_("质检复核"), "list-check"),
    D("quality.show", N_("质检台"), "clipboard-data"),
    D("quality.found", N_("记录问题"), "ui-checks"),
    D("quality.trend", N_("质检走势"), "graph-up"),
    D("quality.agree", N_("评分一致性"), "people"),
    D("quality.plans", N_("抽查方案"), "card-checklist"),
    D("quality.mine", N_("我的质检"), "clipboard-data"),
    D("quality.my_findings", N_("我的记录问题"), "ui-checks"),
    D("practice.show", N_("练习室"), "person-workspace"),
    D("practice.mine", N_("我的进步"), "graph-up"),
    D("practice.listed", N_("做过的练习"), "clock-history"),
    D("practice.sat", N_("考试成绩"), "award"),
    D("practice.looks", N_("带教待看"), "eye"),
    D("practice.learning", N_("带教期"), "people"),
    D("practice.people", N_("大家的练习"), "people"),
    D("followup.show", N_("回访台"), "telephone-outbound"),
    D("supervision.show", N_("督办台"), "flag"),
    D("monitoring.show", N_("电子监察"), "shield-check"),
    D("publishing.show", N_("公开审核"), "megaphone"),
    D("evidence.show", N_("答复疑点"), "shield-exclamation"),
    D("back.show", N_("解决后又来"), "arrow-repeat"),
    D("hot.show", N_("多人同诉"), "fire"),
    D("letters.show", N_("来信登记"), "envelope-paper"),
    D("sessions.show", N_("在线访谈"), "chat-dots"),
    D("province.show", N_("各城市"), "diagram-3"),
    D("search.show", N_("查询"), "search"),
    D("overview.show", N_("统计"), "bar-chart-line"),
    D("overview.districts", N_("各区县"), "map"),
    D("overview.doors", N_("各渠道"), "signpost-split"),
    D("overview.people", N_("各岗位做了什么"), "person-lines-fill"),
    D("knowledge.show", N_("知识库"), "book"),
    D("knowledge.ask", N_("问一句"), "question-circle"),
    D("knowledge.new", N_("写知识"), "pencil-square"),
    D("knowledge.feedback_tasks", N_("一线反馈"), "flag"),
    D("knowledge.questions", N_("没有答案的问题"), "question-diamond"),
    D("knowledge.ending", N_("快到期的知识"), "hourglass-bottom"),
    D("knowledge.imports", N_("导入知识"), "upload"),
    D("nuisance.show", N_("骚扰来电"), "telephone-x"),
    D("ready.show", N_("现成话"), "chat-quote"),
    D("ready.new", N_("写现成话"), "pencil-square"),
    D("ready.macro_list", N_("连办"), "list-check"),
    D("ready.new_macro", N_("做一个连办"), "plus-lg"),
    D("notices.show", N_("通知"), "bell"),
    D("login.account", N_("我的账号"), "person-circle"),
    D("phone.show", N_("屏幕上的电话"), "phone"),
    D("admin.show", N_("管理"), "gear"),
    D("admin.staff", N_("人员"), "people"),
    D("admin.new_person", N_("新增人员"), "person-plus"),
    D("admin.roles", N_("角色与权限"), "shield-check"),
    D("admin.composed", N_("组合岗位"), "union"),
    D("admin.sessions", N_("登录情况"), "display"),
    D("admin.city_waiting", N_("更改城市资料"), "pencil"),
    D("admin.units", N_("单位与类别"), "building"),
    D("admin.calendar", N_("工作日历"), "calendar"),
    D("admin.limits", N_("办理时限"), "stopwatch"),
    D("admin.texts", N_("短信模板"), "chat-left-text"),
    D("admin.model", N_("分类模型"), "cpu"),
    D("admin.jobs", N_("待办任务"), "list-task"),
    D("admin.messages", N_("短信发送"), "send"),
    D("admin.inbound", N_("来件"), "inbox"),
    D("admin.partners", N_("对接平台"), "plug"),
    D("admin.cells", N_("下属城市"), "diagram-3"),
    D("admin.tokens", N_("接口令牌"), "key"),
    D("admin.imports", N_("导入工单"), "upload"),
    D("admin.audit_log", N_("审计"), "journal-check"),
)

NO_DESTINATIONS = frozenset(
    {
        "admin.city_change",
        "admin.compose",
        "admin.former_address",
        "admin.training",
        "alarms.show",
        "desk.calls.show",
        "live.poll",
        "live.stream",
        "monitoring.listed",
        "monitoring.printed",
        "nuisance.clues_on_paper",
        "overview.door",
        "overview.of_person",
        "overview.open_tickets",
        "overview.tickets",
        "palette.called",
        "palette.destinations",
        "palette.letters",
        "palette.tickets",
        "ready.offered",
        "review.begin",
        "search.export",
        "supervision.telephone",
    }
)
"""Parts of pages, doors to others, and pages that say nothing without a question."""

"""Demo matters that somebody still works on: one or more on every desk, a few late, a few in dispute."""

from __future__ import annotations

from hotline.demo.matter import Matter
from hotline.demo.open_at_units import AT_THE_UNITS, AT_WORK
from hotline.demo.steps import (
    SOLVED,
    asked_for,
    contacted,
    decided,
    dispatched,
    does,
    passed,
    replied,
    replied_again,
    sent_back,
    signed,
    texted,
)

AT_THE_DISPATCH_DESK = (
    Matter("小区对面的烂尾楼又开工了，夜里十二点还在打混凝土，永明路这一片住户都没法休息。", "35min", (), rating=5),
    Matter("纱厂路菜市场门口卖鱼的把血水倒在路上，冬天结成冰，今天早上摔了两个人。", "25min", (), channel="wechat"),
    Matter(
        "想了解一下老旧小区加装电梯，我们单元有一户不同意，还能不能办，补贴怎么领？",
        "18min",
        (),
        kind="consult",
        rating=5,
    ),
    Matter("水冶镇往铜冶的公路上拉煤的大车不盖篷布，一路洒一路扬尘，白天晚上不停。", "12min", (), channel="app"),
    Matter(
        "孩子今年九月该上小学，我们租房住在龙安区，居住证办了两年，划片是按租房地址还是户口？",
        "6min",
        (),
        kind="consult",
        rating=4,
    ),
    Matter("梅园庄小区从昨天夜里开始暖气全凉了，家里只有十度，老人冻得受不了。", "29min", (), kind="help", rating=5),
    Matter("梅园庄小区暖气不热，问了物业，说是换热站的问题，什么时候能来暖？", "24min", (), kind="help"),
    Matter("梅园庄小区整个小区都停暖了，孩子感冒了，请尽快恢复供暖。", "19min", (), channel="wechat"),
    Matter("反映梅园庄小区供暖中断，业主群里都在说，没有任何通知。", "14min", (), channel="app"),
    Matter("梅园庄小区暖气冰凉，供热公司的电话一直打不通。", "8min", (), kind="help", rating=4),
    Matter(
        "我看到一家养殖场夜里偷偷把粪水排到洹河里，怕报复，请给我保密，不要告诉他们是谁说的。",
        "50min",
        (does("dispatch", "correct", "10min", privacy="sealed"),),
        kind="report",
        privacy="masked",
        rating=5,
    ),
    Matter(
        "楼下饭店里一股浓浓的煤气味，店里没有人，楼上好几户都闻到了，害怕爆炸。",
        "9min",
        (),
        kind="help",
        rating=5,
    ),
    Matter(
        "那个路一下雨就没法走，反映好多年了也没有人管，你们赶紧派人来看看吧。",
        "90min",
        (does("dispatch", "ask_more", "20min", question="请说明是哪条路、哪一段，附近有什么标志建筑。"),),
        caller=1,
    ),
    Matter(
        "昨天打过电话说路灯的事，再问一下另外两件：一是门前公厕一直锁着，二是垃圾桶少了一个。",
        "45min",
        (
            does(
                "dispatch",
                "split",
                "15min",
                title="门前垃圾桶少了一个",
                body="市民另反映：门前垃圾桶少了一个，请补上。",
            ),
        ),
        kind="help",
        rating=4,
        caller=1,
    ),
    Matter(
        "滑县道口镇这边集市占了半条国道，赶集的时候救护车都过不去，建议另外规划场地。",
        "3h",
        (dispatched("10min"), does("dispatch", "recall", "50min", reason="派单时选错了单位，收回重派。")),
        kind="suggestion",
        channel="mailbox",
    ),
)


AT_THE_CENTRE = (
    Matter(
        "东大街公厕下午五点就锁门，附近都是老年人，转一圈找不到地方，希望延长开放时间。",
        "2h",
        (dispatched(unit="home"), signed(), contacted(), does("unit", "reply", "5h", outcome="solved")),
        "公厕开放时间为 6:00 至 17:00，与周边需求不符。",
        "已调整为 5:30 至 22:00，并公示管理员电话。",
        kind="suggestion",
        rating=5,
    ),
    Matter(
        "红旗路烤鸭店往人行道上倒油水，地砖滑得站不住，我亲眼看见一位大姐摔倒。",
        "50min",
        (
            dispatched(unit="home"),
            signed(),
            contacted(),
            does("unit", "reply", "4h", outcome="partly", outcome_reason="地砖油污需分两次清洗，第二次定于后天凌晨。"),
        ),
        "店铺未设隔油设施，门前油污约 12 平方米。",
        "已责令安装隔油池，先行清洗一次，并铺设防滑垫。",
        rating=4,
    ),
    Matter(
        "医保异地就医备案在小程序里一直提示失败，打了三次电话都是机器人。",
        "3h",
        (*AT_WORK, does("unit", "reply", "3h", outcome="solved")),
        "身份信息因姓名中有生僻字未能比对。",
        "已人工更新信息，备案成功，并电话告知本人。",
        kind="help",
        rating=3,
    ),
    Matter(
        "中州路新修的自行车道被汽车当停车位，一辆挨一辆，骑车只能上快车道。",
        "70min",
        (
            *AT_WORK,
            replied("6wh"),
            sent_back("R08", "R10", note="市民提了两个问题：清理和长期管理，答复只写了清理，请补充长期措施。"),
            signed(),
            replied_again("4h", "交警中队与社区每晚 19 时至 22 时各巡查一次，连续四周；路口增设抓拍设备 2 套。"),
        ),
        "非机动车道违停 27 辆，多为夜间停放。",
        "清理违停 27 辆，加装隔离桩 60 根，纳入电子抓拍。",
        rating=4,
    ),
    Matter(
        "万达园社区旁的工地渣土车不冲洗就上路，泥巴甩到邺城大道上，骑车的人一身泥。",
        "100min",
        (dispatched(unit="home"), signed(), contacted(), replied("6wh"), does("review", "pass", "5h")),
        "工地洗车台损坏停用。",
        "责令停工整改，洗车台修复后复工，冲洗路面 1.2 公里，罚款已执行。",
        rating=5,
    ),
    Matter(
        "北关区民航路幼儿园门口的减速带脱落了，接送孩子的车开得飞快。",
        "3h",
        (*AT_WORK, replied("5wh"), does("review", "pass", "2h")),
        "减速带脱落 4 米，固定螺栓外露。",
        "已重装减速带两道，增设注意儿童标志。",
        kind="help",
        rating=5,
    ),
    Matter(
        "孩子的疫苗本丢了，社区医院说补不了，要回出生的医院，可那家医院已经合并了。",
        "5h",
        (*AT_WORK, replied("6wh"), does("review", "pass", "90min")),
        "电子接种记录完整，可以补证。",
        "社区卫生服务中心已补发预防接种证。",
        kind="help",
        rating=4,
    ),
    Matter(
        "柏庄镇的养老院收了押金，老人去世以后说要三个月才退，家里等钱办后事。",
        "20h",
        (*SOLVED, texted("3 只退了一半，还扣了说不清的管理费", "1h")),
        "押金退还流程约定为 30 日。",
        "已督促先行退还一半，其余月底前结清。",
        rating=4,
    ),
    Matter(
        "曙光社区楼顶的广告牌松了，一刮风咯吱咯吱响，上次答复说加固了，其实就绑了两根铁丝。",
        "26h",
        (
            dispatched(unit="home"),
            signed(),
            contacted(),
            replied("8wh"),
            passed(),
            texted("3 铁丝又断了一根，根本没有加固", "1h"),
            asked_for("supervision", "followup", "市民提供照片显示加固不实，请督办。", "1h"),
            decided("supervisor", True, "同意督办，三日内专家鉴定。", "1h"),
        ),
        "广告牌立柱锈蚀。",
        "已对立柱进行加固。",
        kind="report",
        rating=3,
    ),
    Matter(
        "豆腐营街建筑垃圾堆了三个月，第一次说清了没有清，第二次只清了一半，到底有没有人来看过？",
        "22h",
        (
            dispatched(unit="home"),
            signed(),
            contacted(),
            replied("6wh"),
            sent_back("R01", note="没有写清理了多少、还剩多少、哪天清完。"),
            signed(),
            replied_again("5wh", "已清运 20 方，还剩约 20 方，两日内清完，由街道办环卫所负责。"),
            sent_back("R05", "R11", note="照片与地点不符，市民说仍有一半未清。请重新核实。"),
            signed("3h"),
        ),
        "堆放建筑垃圾约 40 方，来源为沿街装修。",
        "正在组织清运。",
        rating=2,
    ),
    Matter(
        "灯塔路市场改造拆了大棚，商户两个多月没有地方摆摊，说好的临时市场一直没有开。",
        "24h",
        (
            *AT_WORK,
            does("leader-city", "instruct", "6h", text="民生小事要当大事办，请一周内开放临时市场并向商户公布。"),
            asked_for("interview", "media", "商户反映集中，拟跟踪采访临时市场进展。", "1h"),
            decided("head", True, "同意采访。", "1h"),
        ),
        rating=4,
        channel="broadcast",
    ),
)

DRAFTS = (
    Matter("市民来电反映光明路早市……（正在记录，电话断线，等回拨）", "15min", (), rating=None, draft=True),
    Matter("咨询灵活就业人员社保补贴，需要核对政策后回电。", "70min", (), kind="consult", draft=True),
)

OPEN = (*AT_THE_DISPATCH_DESK, *AT_THE_UNITS, *AT_THE_CENTRE, *DRAFTS)

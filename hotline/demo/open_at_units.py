"""Demo matters that units work on: fresh ones, late ones, some in dispute."""

from __future__ import annotations

from hotline.demo.matter import Matter
from hotline.demo.steps import (
    asked_for,
    contacted,
    decided,
    dispatched,
    does,
    signed,
)

JUST = (dispatched("8min"),)


FRESH = (dispatched("15min"), does("unit", "sign", "40min"))


AT_WORK = (dispatched(), signed(), contacted())


AT_THE_UNITS = (
    Matter(
        "鼓楼广场周边共享单车乱停，盲道上横七竖八全是车，视力不好的人根本走不了。",
        "2h",
        (dispatched("8min", unit="home"),),
        rating=5,
    ),
    Matter(
        "甜水井街改造以后路面比院子高，一下雨水往家里灌，老房子墙都泡酥了。",
        "70min",
        (dispatched("10min", unit="home"),),
        rating=4,
    ),
    Matter(
        "洹滨北路绿化带里的喷头坏了，白天黑夜往马路上滋水，太浪费了。",
        "30min",
        (dispatched("6min", unit="home"),),
        channel="app",
    ),
    Matter("林州桂园街道一家早餐店用的油发黑，吃完孩子拉肚子，希望查一查卫生。", "100min", JUST, rating=5),
    Matter(
        "内黄帝都大道两边的隔离栏撞断了一截，钢管伸到车道里，晚上看不见，特别危险。",
        "40min",
        JUST,
        kind="help",
        rating=5,
    ),
    Matter(
        "小区南墙外新开的洗车店，污水直接排到马路上，还结冰，反映到热线一个星期了。",
        "80min",
        (
            dispatched(unit="home"),
            does(
                "unit",
                "object",
                "50min",
                reason="该店污水直接排入雨水管网，涉及排水许可，不是市容管理范围。",
                basis="城镇排水与污水处理条例第二十一条",
            ),
        ),
        rating=3,
    ),
    Matter(
        "学校旁边的网吧让未成年人进去，中午放学一屋子穿校服的学生。",
        "60min",
        (
            dispatched(unit="elsewhere"),
            does(
                "unit",
                "object",
                "60min",
                reason="网吧监管属文化执法，教育部门只负责校内教育。",
                basis="互联网上网服务营业场所管理条例第四条",
            ),
        ),
        kind="report",
        rating=4,
    ),
    Matter(
        "河边这一段护栏谁都说不归自己管，城管说是水利的，水利说是路政的，孩子差一点掉下去。",
        "90min",
        (
            dispatched(unit="home"),
            does(
                "unit",
                "object",
                "20min",
                reason="该护栏位于河道管理范围，建设和管护单位不是我局。",
                basis="市区河道管理分工方案",
            ),
            does("dispatch", "mark_hard", "30min", reason="三家单位职责交叉，提交会商裁定。"),
            does("dispatch", "ask_views", "5min", units=("home", "elsewhere"), note="请说明护栏由谁建设、谁管护。"),
            does(
                "unit", "state_view", "20min", text="护栏由水利工程建设，未向我局移交。", basis="市区河道管理分工方案"
            ),
        ),
        rating=2,
    ),
    Matter(
        "平原路上一棵老树枯了半边，刮风就往下掉树枝，上个月砸坏一辆车。",
        "20h",
        (
            *AT_WORK[:2],
            does("unit", "contact", "2h", how="visit", reached="yes", note="现场见到反映人，确认树木位置。"),
        ),
        rating=5,
    ),
    Matter(
        "北大街小吃一条街晚上油烟大、垃圾多，文物楼旁边也摆满摊子，外地来旅游的看了不像话。",
        "26h",
        (
            dispatched(unit="home"),
            signed(),
            contacted(),
            does("unit", "delegate", "2h", unit="below", note="请今晚先清垃圾并反馈。"),
            does("sub", "report", "3h", report="已清运垃圾 4 车，增设垃圾桶 6 个。"),
        ),
        rating=5,
    ),
    Matter(
        "文峰大道和中州路口修路围了快一个月，没有人干活，也没有写哪天完工，堵得水泄不通。",
        "2d",
        (
            *AT_WORK,
            does(
                "unit",
                "interim",
                "5wh",
                answer="围挡内为热力管网改造，因管材到货延迟停工，预计下周一复工，月底前恢复通车。",
            ),
            does("citizen", "urge", "20h", text="都几天了还是没有人干活，请催一催。"),
        ),
        rating=4,
    ),
    Matter(
        "高新区峨嵋大街边上的厂子，夜里两点多放白烟，气味刺鼻，开不了窗，孩子一直咳嗽。",
        "30h",
        AT_WORK,
        kind="report",
        rating=5,
    ),
    Matter(
        "村里修的路才半年就起皮开裂，当时验收是怎么过的？汤阴宜沟镇这一条路花了不少钱。",
        "14d",
        AT_WORK,
        channel="people_board",
    ),
    Matter(
        "廉租房申请交了材料八个月没有消息，问社区说在街道，问街道说在区里，到底卡在哪一步？",
        "13d",
        (*AT_WORK, does("citizen", "urge", "3d", text="请帮忙催一催。")),
        kind="help",
        rating=3,
    ),
    Matter(
        "老家属院的化粪池外溢，一楼进出要垫砖头，单位早就破产了没有人管。",
        "6d",
        (
            *AT_WORK,
            asked_for("extension", "unit", "需协调原主管单位落实维修资金，申请延期三个工作日。"),
            decided("dispatch", True, "同意，抓紧办理。"),
        ),
        kind="help",
        rating=5,
    ),
    Matter(
        "村里的机井坏了快两个月，麦子要浇水，找村里找乡里都说等资金。",
        "3d",
        (*AT_WORK, asked_for("extension", "unit", "配件须从厂家订购，申请延期。")),
        kind="help",
        rating=4,
    ),
    Matter(
        "文明大道小区西门的违章棚子还在，上回说拆，过了一年又盖大了，什么时候拆？",
        "1d",
        (
            dispatched(unit="home"),
            signed(),
            contacted(),
            does("unit", "wait", "4wh", until="+4", reason="已下达限期拆除决定，期满后于该日组织拆除。"),
        ),
        rating=3,
    ),
    Matter(
        "太行路修下水道把门口的路挖开了，说好填平又不管，老人坐轮椅出不了门。",
        "20h",
        (*AT_WORK, does("unit", "wait", "3wh", until="+4", reason="回填土沉降期内，计划该日铺设沥青并恢复通行。")),
        kind="help",
        rating=4,
    ),
    Matter(
        "安钢大道沿线的大货车不按规定时间进城，凌晨鸣笛，沿街住户睡不了觉。",
        "28h",
        (
            dispatched(unit="home"),
            does(
                "unit", "object", "2wh", reason="货车禁行由交警查处，不属我局职责。", basis="道路交通安全法第三十九条"
            ),
            does("dispatch", "uphold", "1wh", reason="同意，属交警职责，重新派单。"),
            does("dispatch", "dispatch", "10min"),
            signed("2wh"),
        ),
        rating=4,
    ),
    Matter(
        "小区地下车库被隔成仓库出租，堆满纸箱，消防通道也堵了，物业收租金装糊涂。",
        "27h",
        (
            dispatched(),
            does("unit", "object", "1wh", reason="车库产权属开发企业，我单位无执法权。", basis="民法典物权编"),
            does("dispatch", "overrule", "1wh", reason="物业区域安全由行业主管部门督促，须签收办理，可联合消防。"),
            signed("2wh"),
        ),
        kind="report",
        rating=4,
    ),
    Matter(
        "两个区交界的断头路没有路灯也没有人扫，两边都说在对面地界，走夜路的人天天提心吊胆。",
        "25h",
        (
            dispatched(unit="home"),
            does("unit", "object", "1wh", reason="该路未移交，不在管养名录。", basis="市政设施移交管理办法"),
            does("dispatch", "mark_hard", "1wh", reason="权属不清，提请会商。"),
            does("dispatch", "ask_views", "10min", units=("home",)),
            does("unit", "state_view", "1wh", text="该路未办移交，但居民出行急需，可先行补装路灯。"),
            does(
                "head",
                "keep_minutes",
                "2wh",
                met_at="60",
                present="市城市管理局、两区住建部门各一人，热线中心主持",
                text="城管：未移交，可先行管养；两区：道路在对方地界。",
                decision="由市城市管理局先行补装路灯和保洁，一个月内办理移交。",
            ),
            does(
                "head",
                "rule",
                "3wh",
                unit="home",
                reason="按先行管养原则由市城市管理局先行补装路灯和保洁，再协调移交。",
            ),
            signed("1wh"),
        ),
        rating=3,
    ),
)

"""Danger to life is heard in everyday words and told apart from talk about danger (danger.tsv: life or calm, whom to ring, text)."""

from pathlib import Path

import pytest

from classifier.suggestion import LIFE
from classifier.text import cues
from classifier.text.danger import sounds
from classifier.text.danger.life import life, lines
from classifier.text.words import normalise

LINES = [
    line.split("\t")
    for line in (Path(__file__).parent / "danger.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
PRESSING = [(line, text) for want, line, text in LINES if want == "life"]
CALM = [text for want, _, text in LINES if want == "calm"]


def rings(text: str) -> bool:
    return any(one.code in LIFE for one in cues.safety(normalise(text)))


def test_no_danger_to_life_of_the_list_goes_unheard_and_hardly_any_calm_matter_rings() -> None:
    missed = [text for _, text in PRESSING if not rings(text)]
    false = [text for text in CALM if rings(text)]
    print(f"{len(PRESSING)} dangers, {len(missed)} missed; {len(CALM)} calm, {len(false)} false alarms")
    assert len(PRESSING) >= 100 and len(CALM) >= 100
    assert missed == []
    assert len(false) <= 0.03 * len(CALM), false


def test_where_somebody_may_die_the_matter_is_critical_and_nowhere_else() -> None:
    for want, _, text in LINES:
        assert (cues.urgency(normalise(text))[0] == "critical") == rings(text), (want, text)


def test_nearly_always_the_right_line_is_named() -> None:
    other = [(line, text) for line, text in PRESSING if line not in lines(life(normalise(text)))]
    assert len(other) <= 0.03 * len(PRESSING), other


@pytest.mark.parametrize(
    "text", ["表扬派出所民警热心帮助走失老人回家", "感谢消防员去年救了掉进井里的孩子", "给跳河救人的小伙子点赞"]
)
def test_praise_of_a_past_rescue_asks_for_nobody(text: str) -> None:
    assert cues.safety(normalise(text)) == () and cues.urgency(normalise(text))[0] == "normal"


def test_a_politeness_at_the_end_silences_no_cry_for_help() -> None:
    assert rings("电梯里困着两个孩子，请尽快派人，感谢领导")
    assert rings("老人昏倒在楼道里，非常感谢！")


@pytest.mark.parametrize("text", ["厂里偷排，请为我保密，怕报复", "整个小区停水两天了", "路中间井盖没了"])
def test_what_a_person_must_dispatch_is_no_danger_to_life(text: str) -> None:
    told = [one.code for one in cues.safety(normalise(text))]
    assert (told or text == "路中间井盖没了") and not set(told) & set(LIFE)


OTHER_VOICES = [
    line.split("\t")
    for line in (Path(__file__).parent / "danger_other_voices.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


def test_dialect_children_slips_of_the_pen_and_english_are_heard_and_talk_about_danger_is_not() -> None:
    """Films, prices, drills, praise, hyperbole and property beside 130 cries in voices that no list was written for."""
    missed = [text for want, text in OTHER_VOICES if want == "life" and not rings(text)]
    false = [text for want, text in OTHER_VOICES if want == "calm" and rings(text)]
    assert len(OTHER_VOICES) == 260
    assert (missed, false) == ([], [])


def told_in(name: str, want: str) -> list[str]:
    rows = (Path(__file__).parent / name).read_text("utf-8").splitlines()
    return [row.split("\t")[-1] for row in rows if row.startswith(f"{want}\t")]


def test_who_tells_of_danger_without_naming_it_is_heard() -> None:
    """A hundred plights described by what bodies do and where somebody stands; a hundred calm matters of the same words."""
    life_, calm = told_in("danger_indirect.tsv", "life"), told_in("danger_indirect.tsv", "calm")
    assert len(life_) >= 100 and len(calm) >= 100
    assert [text for text in life_ if not rings(text)] == []
    assert sum(map(rings, calm)) <= 1, [text for text in calm if rings(text)]


def test_most_is_heard_of_words_that_nobody_learnt_from() -> None:
    """The honest figure: these sentences stand in no list and in no corpus."""
    life_, calm = told_in("danger_unseen.tsv", "life"), told_in("danger_unseen.tsv", "calm")
    learnt = {text for _, _, text in sounds.told()}
    assert not learnt & {normalise(text) for text in life_ + calm}
    heard, false = sum(map(rings, life_)), sum(map(rings, calm))
    print(f"{heard} of {len(life_)} heard, {false} of {len(calm)} false alarms")
    assert heard >= 0.85 * len(life_) and false <= 0.1 * len(calm)


def test_hardly_a_danger_in_everyday_words_goes_unheard() -> None:
    """Gas, water, heights, dogs, sects, old people on their way; beside a hundred calm matters that use the same words."""
    life_, calm = told_in("danger_everyday.tsv", "life"), told_in("danger_everyday.tsv", "calm")
    learnt = {text for _, _, text in sounds.told()}
    assert len(learnt & {normalise(text) for text in life_ + calm}) <= 1  # what an ambulance costs, both wrote alike
    heard, false = sum(map(rings, life_)), sum(map(rings, calm))
    print(f"{heard} of {len(life_)} heard, {false} of {len(calm)} false alarms")
    assert len(life_) == len(calm) == 100
    assert heard >= 93 and false <= 3


@pytest.mark.parametrize(
    "text",
    [
        "施工队在我家门前开了一道沟",
        "雨水冲了一条沟出来，三轮车过不去",
        "村里开了口井，水是咸的",
        "路上开了个大坑埋管子",
    ],
)
def test_a_ditch_that_was_dug_is_nobody_in_a_ditch(text: str) -> None:
    assert not rings(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("有辆车开进沟里了，里头有人", "119"),
        ("雨大，三轮车冲下河了", "119"),
        ("摸了下路灯杆，胳膊发麻，孩子们天天在那儿", "119"),
        ("透析的病人断电了，机器停了", "120"),
        ("一个放羊的让雷劈了，倒在地上", "120"),
        ("被骗来干活，身份证扣着，不听话就打", "110"),
    ],
)
def test_what_is_told_by_what_one_feels_or_suffers_names_its_line(text: str, line: str) -> None:
    assert line in lines(life(normalise(text)))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("值班室亮着灯，老周歪在椅子上，嘴张着，拽他软绵绵", "120"),
        ("水涨到窗户底下了，我跟我妈坐在饭桌上", "119"),
        ("男的把女的头往墙上磕，咚咚响", "110"),
    ],
)
def test_what_only_sounds_like_danger_names_a_line_and_its_words(text: str, line: str) -> None:
    said = life(normalise(text))
    assert lines(said)[0] == line and said[0].words in normalise(text)


def test_a_calm_clause_around_it_silences_what_only_sounds_like_danger() -> None:
    assert rings("游客从玻璃栈道的缝里漏下去了")
    assert not rings("电影里游客从玻璃栈道的缝里漏下去了，孩子看了害怕，建议分级")
    assert not rings("误报，刚才游客从玻璃栈道的缝里漏下去了是看错了")


def test_a_cry_in_the_middle_of_a_long_letter_is_heard_and_a_long_calm_letter_is_not() -> None:
    before = "我们小区的停车位一直不够，物业说要重新划线，已经开过两次会。业主都签了字，街道也来看过。"
    after = "另外门口的路灯也该换了，晚上看不清路。希望领导关心一下我们这些老业主的生活。"
    assert rings(f"{before}刚才我弟的头卷进和面机里了，血糊住眼，叫他只会哼。{after}")
    assert not rings(before + after)


def test_exercises_films_and_games_ring_nobody_and_what_really_happened_there_does() -> None:
    """Yesterday's exercise in which the firemen cried for help rang the bell of danger to life."""
    life_, calm = told_in("danger_played.tsv", "life"), told_in("danger_played.tsv", "calm")
    assert len(life_) >= 40 and len(calm) >= 30 and "昨天演练消防喊救命" in calm
    assert [text for text in life_ if not rings(text)] == []
    assert [text for text in calm if rings(text)] == []
    assert cues.urgency(normalise("昨天演练消防喊救命"))[0] == "normal"


def test_danger_of_many_kinds_is_heard_and_what_only_sounds_like_it_is_not() -> None:
    """Gas, collapse, water, despair, children, poison, current, lifts, crowds, dialect; written before a look at the lists."""
    life_, calm = told_in("danger_many_kinds.tsv", "life"), told_in("danger_many_kinds.tsv", "calm")
    assert len(life_) == len(calm) == 100
    assert [text for text in life_ if not rings(text)] == []
    assert [text for text in calm if rings(text)] == []


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("堵车堵得我想跳楼", False),
        ("写作业写得想死，能不能少布置点", False),
        ("疼得我想死，救护车还不来", True),
        ("欠债逼得我想跳楼", True),
        ("人行道上躺着好几个垃圾桶", False),
        ("路口躺着两个人", True),
        ("房价杀人，年轻人买不起", False),
        ("有人要杀人", True),
        ("有人在商场里点火", True),
        ("公交车打不着火停路上了", False),
        ("配电箱漏电，把邻居家的羊电死了", True),
        ("他喝多了，说要烧了这屋", True),
        ("校车刹车失灵冲进人行道了", True),
        ("七岁的孩子跟家里吵架，一宿没回", True),
        ("排队排到怀疑人生，想死的心都有", False),
        ("供暖前说要烧锅炉，家家都冷", False),
        ("刹车失灵了，4S店不给修", False),
        ("快递昨晚没回电话", False),
    ],
)
def test_waiting_and_prices_kill_nobody_and_fire_among_people_may(text: str, heard: bool) -> None:
    assert rings(text) is heard


def test_what_five_fresh_readings_missed_is_heard_and_hardly_a_calm_matter_rings() -> None:
    """Gas "but nothing serious", doors nobody opens, bridges, the south's small words; place names, prices and hyperbole."""
    life_, calm = told_in("danger_fresh.tsv", "life"), told_in("danger_fresh.tsv", "calm")
    assert len(life_) == len(calm) == 300
    assert [text for text in life_ if not rings(text)] == []
    assert sum(map(rings, calm)) <= 1, [text for text in calm if rings(text)]


def test_what_two_later_readings_missed_is_heard_and_anger_and_queues_ring_nobody() -> None:
    """Threats in figures of speech, people on the ground, in grain and under water, smoking stores; who only fumes is on no fire.

    Of the first 76 dangers 8 were missed, and 4 of 70 calm matters rang; the first mend rang for cold radiators and parked vans."""
    life_, calm = told_in("danger_seventh_hour.tsv", "life"), told_in("danger_seventh_hour.tsv", "calm")
    assert len(life_) == 106 and len(calm) == 114
    assert [text for text in life_ if not rings(text)] == []
    assert [text for text in calm if rings(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "随着火车南站开通，车流量猛增，红绿灯该重新配时",
        "教师招聘考试的公正性遭人质疑",
        "别拿道德绑架业主",
        "这堆垃圾就像一颗定时炸弹，希望清走",
        "开发商跑路，叫我们喊天天不应",
        "车祸不断发生，一直困扰全乡的人",
        "公交一直只开到河西学校",
    ],
)
def test_a_word_of_danger_inside_another_word_is_none(text: str) -> None:
    assert not rings(text)


def test_a_cry_at_one_end_of_a_letter_makes_no_talk_at_the_other_end_a_danger() -> None:
    talk = "若发生火灾，消防车根本进不来，希望早日拆掉占道的棚子。"
    between = "小区的停车位一直不够，物业说要重新划线，已经开过两次会。业主都签了字，街道也来看过。路灯也该换了，晚上看不清路。大家盼着早点动工。"
    assert not rings(f"{talk}{between}里面还有好多户没装路灯，请快来人看看。")
    assert rings(f"{talk}{between}现在三楼着火了，里面有人。")


def test_a_veiled_threat_is_heard_and_a_dreadful_name_is_none() -> None:
    """ "We all go together, from the bridge, and it is up to you"; a brand, a game, a scene of a film, leave after a birth."""
    life_, calm = told_in("danger_henan.tsv", "life"), told_in("danger_henan.tsv", "calm")
    assert (len(life_), len(calm)) == (72, 76)
    assert [text for text in life_ if not rings(text)] == []
    assert [text for text in calm if rings(text)] == []


TOLD_FILES = [
    path.name for path in sorted(Path(__file__).parent.glob("danger_*.tsv")) if path.name != "danger_played.tsv"
]
AROUND = (
    "你好，我想反映一下，{}",
    "喂，12345吗？{}，赶紧派人来",
    "{}。我是路过的，具体不清楚",
    "文峰区东风路与人民大道交叉口，{}",
    "{}\n联系人：王先生，电话13937201234",
    "【紧急】{}",
    "我家住盛世佳苑3号楼2单元501，{}",
    "您好！请问您能听见吗？是这样的，{}。麻烦快一点",
    "我之前反映的停车问题还没解决，现在{}",
    "先说路灯不亮的事。还有，{}",
)
LETTER = "我们小区的停车位一直不够用，物业把消防通道边上也划成了收费车位，业主委员会开过三次会，贴过通知，也找过社区，都说正在研究，请贵单位过问一下收费的依据和公示的情况"


def heard_in(told: str, every: int) -> list[str]:
    dangers = [text for name in TOLD_FILES for text in told_in(name, "life") if rings(text)][::every]
    assert len(dangers) >= 60
    return [text for text in dangers if not rings(told.format(text))]


@pytest.mark.parametrize("told", AROUND)
def test_greetings_numbers_places_and_another_matter_drown_no_cry(told: str) -> None:
    """Nobody calls with one sentence alone."""
    missed = heard_in(told, 13)
    assert len(missed) <= 6, missed


@pytest.mark.parametrize(
    "told", [f"{LETTER}\n{{}}\n{LETTER}", f"{LETTER}。{{}}。{LETTER}", f"{LETTER}，{{}}，{LETTER}"]
)
def test_a_cry_in_the_midst_of_a_letter_is_heard(told: str) -> None:
    """A line without a mark at its end is a sentence; and a sentence of a whole page is heard by its clauses."""
    missed = heard_in(told, 13)
    assert len(missed) <= 8, missed


PAGE = "去年我们就请问过街道，2019年交的材料手续到现在没有下文，热线也投诉过多次，工作人员说正在按条例研究，关于补偿的标准一直没有公布，物业换了两家，收费却一年比一年高"
AFTER = "另外小区的停车位也不够，路灯坏了几盏，希望有关部门能给个说法，感谢各位同志一直以来的帮助和支持，我们全体业主都会记在心里"


def test_what_was_said_long_before_and_after_in_one_endless_sentence_silences_no_cry() -> None:
    """Years, questions, papers and thanks of the clauses around spoke for the cry: half of them went unheard."""
    life_, calm = told_in("danger_in_a_page.tsv", "life"), told_in("danger_in_a_page.tsv", "calm")
    assert len(life_) == len(calm) == 120
    bare, false = [text for text in life_ if not rings(text)], [text for text in calm if rings(text)]
    missed = [text for text in life_ if not rings(f"{PAGE}，{text}，{AFTER}")]
    print(f"{len(bare)} missed by themselves, {len(missed)} in a page; {len(false)} false alarms")
    assert not rings(f"{PAGE}，{AFTER}")
    assert len(bare) <= 5 and len(false) <= 5, (bare, false)
    assert len(missed) <= 12, missed


MIDDLE = "我们两口子都在外地打工，孩子一直由姥姥带着上学，今年该上初中了，学区却划到了河对岸。去窗口跑了几趟，人不是在开会就是下乡了，她说材料在抽屉里，叫我们回家等通知，谁对谁错群众都看在眼里。{}。我女朋友也在这个厂里上班，工资拖了两个月没发，老板的电话打了几十个都没人接，希望有关部门帮我们问一问，给一个准话。"


def test_a_cry_as_a_sentence_of_its_own_is_heard_in_a_letter_about_other_matters() -> None:
    """Families, errands and old illness sounded like half a cry, so that a sentence of a letter had to be louder than a call."""
    life_, calm = told_in("danger_planted.tsv", "life"), told_in("danger_planted.tsv", "calm")
    assert len(life_) == len(calm) == 60
    heard = [text for text in life_ if rings(MIDDLE.format(text))]
    false = [text for text in calm if rings(MIDDLE.format(text))]
    print(f"{sum(map(rings, life_))} heard alone, {len(heard)} in a letter; {len(false)} false alarms in it")
    assert sum(map(rings, life_)) >= 58
    assert len(heard) >= 52 and len(false) <= 3, false
    assert not rings(MIDDLE.format("路灯该换了"))


def test_thanks_that_a_letter_begins_with_are_what_it_is_about_and_thanks_at_its_end_are_manners() -> None:
    assert not rings(f"感谢消防队救人，{AFTER}，那天有个孩子掉进井里，{AFTER}")
    assert rings(f"{PAGE}，有个孩子掉进井里，{PAGE}，{AFTER}")


@pytest.mark.parametrize(
    "text",
    [
        "一开空调就跳，电工来了三趟也没弄好",
        "漏保老是跳，冰箱里的东西都坏了",
        "我家猫从五楼跳下去了，物业不让进花坛找",
        "养护工冒着生命危险清理路面，待遇太低",
        "职称晋级一再难产",
        "开发商以旧城改造的名义绑架百姓",
        "林木被砍了一百多棵",
        "落水洞村的路坏了",
        "救救我们这些买了烂尾楼的百姓吧",
        "政策要解决穷困住房的问题",
        "公司到期不续签，一直压着人不放，合同压着不签",
        "老街的房子夹在高楼大厦中间，采光没了",
        "多少人掉进那个圈套，钱都没了",
        "砖厂整天浓烟滚滚，没人来查",
        "只准州官放火，不准百姓点灯",
        "孩子们踩踏绿化带，物业不管",
        "去缴费，柜台的人翻白眼",
    ],
)
def test_a_fuse_a_cat_and_a_figure_of_speech_kill_nobody(text: str) -> None:
    assert not rings(text)


def test_a_letter_without_a_cry_is_no_cry() -> None:
    assert not rings(LETTER) and not rings(f"{LETTER}。{LETTER}") and not rings(f"你好，{LETTER}，谢谢")

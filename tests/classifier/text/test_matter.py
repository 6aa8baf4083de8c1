"""Who writes decides neither category nor title: only what they write about does."""

import pytest

from classifier.category.keywords import KeywordClassifier
from classifier.category.train import Example, train
from classifier.category.trained import TrainedClassifier
from classifier.text.matter import matter
from classifier.text.title import title

MATTERS = {
    "我叫张伟，身份证号410502199001011234，反映公交15路不停站。": "公交15路不停站",
    "本人身份证410502199001011234，小区垃圾没人清运。": "小区垃圾没人清运",
    "联系微信zhang123，反映中华路井盖坏了。": "中华路井盖坏了",
    "我是退伍军人，反映小区停水两天。": "小区停水两天",
    "我孩子学校门口路灯不亮。": "我孩子学校门口路灯不亮",
    "本人李小明，男，45岁，身份证号：410502198001011234，家住文峰区永明路77号院3号楼2单元909室，电话13800001234，现反映供暖不热。": "供暖不热",
    "我是一名退休教师，楼下饭店油烟扰民": "楼下饭店油烟扰民",
    "身份证号：４１０５０２１９９００１０１１２３４，路口红绿灯坏了": "路口红绿灯坏了",
    "车牌豫E12345，井盖在路口响": "井盖在路口响",
    "护照号E12345678，公园厕所没水": "公园厕所没水",
    "作为一名老党员，村里道路破损": "村里道路破损",
    "举报人：赵六，手机:138 0000 1234。楼上天天装修": "楼上天天装修",
    "my name is Tom Brown, the street light is out": "the street light is out",
}  # fmt: skip


@pytest.mark.parametrize(("text", "line"), MATTERS.items())
def test_a_title_begins_with_the_matter_and_not_with_the_person(text, line):
    """Found outside: M4."""
    assert title(text) == line


@pytest.mark.parametrize(
    "text",
    [
        "我身份证丢了怎么补办",
        "电话13800010001",
        "退伍军人优待证怎么办理",
        "我叫李雷",
        "小区停水",
        "",
        "身份证410502199001011234",
    ],
)
def test_a_text_about_the_person_stays_whole(text):
    assert matter(text) == text


def test_a_card_or_paper_of_which_something_is_said_keeps_its_word():
    assert matter("身份证号41050219900101123X的补办要多久") == "身份证号的补办要多久"


def test_a_matter_that_seemed_to_be_manners_has_a_title():
    assert title("我叫了三次物业都不来") == "我叫了三次物业都不来"


LEXICON = {
    "0805": ("身份证", "户籍"),
    "0701": ("公交", "不停站"),
    "0102": ("垃圾", "清运"),
    "0205": ("井盖",),
    "0301": ("停水",),
    "1305": ("退伍军人", "退役军人"),
    "0204": ("路灯", "不亮"),
    "1201": ("学校",),
}
EXPECTED = {"0701": 0, "0102": 1, "0205": 2, "0301": 3}


@pytest.mark.parametrize(("code", "at"), EXPECTED.items())
def test_keywords_hear_the_matter_and_not_the_person(code, at):
    """Found outside: M4."""
    keywords, text = KeywordClassifier(LEXICON), list(MATTERS)[at]
    assert keywords.suggest(text).ranked[0].code == code
    assert keywords.suggest_many([text]) == [keywords.suggest(text)]


def test_a_trained_model_hears_the_matter_and_not_the_person():
    """Found outside: M4."""
    examples = [
        Example(f"{place}{word}的问题，反映{n}次没人管", code, f"{code}{n}")
        for code, words in LEXICON.items()
        for word in words
        for n, place in enumerate(("幸福路", "小区门口", "村头", "文峰大道") * 8)
    ]
    model = TrainedClassifier(train(examples))
    assert [model.suggest(list(MATTERS)[at]).ranked[0].code for at in EXPECTED.values()] == list(EXPECTED)


@pytest.mark.parametrize("told", ["小区停水两天了", "学校门口摆摊堵路", "庄稼被水淹了"])
def test_an_earlier_call_and_the_next_address_say_nothing_of_the_matter(told: str) -> None:
    """Calling for the third time is no matter of the hotline's own service."""
    said = f"我上次打过电话，工单260301000060，一直没人管，{told}，你们再不管我就去信访局了"
    assert matter(said).strip(",，") == told
    assert matter("我上次打过电话，一直没人管。") == "我上次打过电话，一直没人管。"
    assert "打过电话没人接" in matter("我昨天给12345打过电话没人接，排队半小时")

"""Chinese family names, common, rare and compound, what a name looks like in Chinese writing, and the words that only begin like one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

COMMON = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦昌马苗凤方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟黄"
    "穆萧尹姚邵汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁"
    "荀羊惠甄曲封储靳段富巫焦谷车侯全班仰秋仲伊宫宁仇甘厉武符刘景詹束龙叶幸司黎薄白蒲从索赖卓池乔翟谭劳姬申冉桑桂牛寿边燕尚农温庄晏柴瞿阎慕连习艾鱼容向古易慎戈廖终衡步耿满弘匡文寇广东欧利师"
    "巩聂关荆游权岳帅付肖闫代苑邸候陕鞠亓党栗鹿逯郜曾游鄢缪佘仝覃逄蔺褟郗谯麦宓闻揭冼谌粟邝訾佟揣郏隗谷郦濮蒙司勾阙綦仉尉迟雒豆亢牟漆佴琚昝郄郇郈郤郧蒯眭睢妫芈茹菅厍郐酆钭钮镡阚邰鞏乜裘冀隋楚芦晋蔚展战银智盖肇亢闪呙"
    "兰涂辛饶简冷苟栾商沙丛敖胥屠晁芮嵇湛赫扈辜浦宾戎"
)
"""Family names that may stand at the head of a name wherever something else says that a name stands there."""

RARE = (
    "丘卡占召叱合吾呼哈员哀品回园圣坚墨多奕妫娜学宋宿帖底归征律徒德怀思悦愚戎户扈折拓拜敖斛斯旷旗昝智暨曼朝术权松果枚枣查栋栾桐桓桥楚楼榆檀欣母毋永水汝汲沐沛法泉泽海涂涉淡清渠湛溥滑漏澹濮火炎烟爱牙犹"
    "独玄玉环班理琦琴瑞生由甫男畅疏皇益盍盖盘相眭睢矫祖禄福禚离种秘稽空竺竹第筱糜紫红练经罕羿老肇胥能自臧良节芈花苍英茹莘菅蒯蓟藤虎蛮衡衣要言让记豁贡贲贵赏赛越辛达过迮那邰郄郇郈郤郧酆里重鉴钊钭钮铁银"
    "镡锺闪问阳阴阿隋随集零霍青静革鞏项首香骈高黑默干甯昃仙伦佼修俎倩光兀凡利北千午南原双可召台同吐哇国奇姒子宇完实富寸寻将尧尼峰左巢希平年延开弓彦心忽忻恽愈扬拱提敏敬方旬是时昆普曷朴朵杞来杨枝柔桥梦"
    "森樗次止毓汗沈油沭泥洑洛浦浩涓淳湖溪满漫潜炅焉煦熙燎爨牧特猛率瓮甲畅登皋盈直矗硕祭禾秉税立竞端竭符策箫米系绍绪维罗老耶胆胶脱自至舜舟芒苌苟茂荔莎莱营萨蒿蔚蔄薄蘧虢蛇行补裘角言詹谈谦豪象贠赫起跋"
    "都家后暴况冷敬沙沃轩辗过迟逢逮速通郅郙郸鄂鄞酒采金钦鉏锁长门闳闽阚阿陀院雍雪霜鞮须顿飞馀骑魁鲜麴麹麻黎黔鼓"
)
"""Also family names, but everyday words as well: believed only right after "I am called" and the like."""

COMPOUND = (
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|司徒|轩辕|端木|宇文|长孙|鲜于|闻人|赫连|澹台|公冶|宗政|濮阳|淳于|单于|太叔|申屠|仲孙|钟离|司空|南宫|百里|东郭|呼延|独孤|纳兰|拓跋|完颜|爱新觉罗|叶赫那拉|"
    "万俟|南门|西门|左丘|梁丘|谷梁|公羊|乐正|漆雕|壤驷|公良|夹谷|宰父|第五|羊舌|微生|亓官|巫马|段干|哥舒|贺兰|耶律|欧侯"
)


HAN = "\u4e00-\u9fa5"
NEVER = "的了是在我你您他她它们人于年月日这那有没不和与及就也都被把来去到从说吗呢吧啊给让很请电话号么找拨打该某姓"
_SAID_OTHERWISE = (
    "常于时安乐成全万支管房解应车方连从向路钱段任曾明关广满边田井包班步元商师江金强计利能查席项单文国党农后家门水温容简"
)
"""Family names behind which 有, 来 and 年 far oftener go on with the sentence: "时有发生", "常年生病"."""
_BORNE = "".join(sign for sign in COMMON if sign not in _SAID_OTHERWISE)
_AS_A_NAME = (
    rf"(?<=[{COMMON}])月(?=[英娥兰华红明琴玲香梅芳仙珍霞秀亮桂花菊琼凤莲荣莹丽清茹萍兵])",
    rf"(?<=[{_BORNE}])有(?=[才财福田志良德水发贵根成生军余道林亮民金木龙为喜恩礼信义旺禄年全荣堂明忠玉])(?<![周何]有)(?!为[了何])",
    rf"(?<=[{_BORNE}])来(?=[福喜发旺顺根法财宝春生贵成有弟娣锁栓柱])(?<![周马]来)(?!生活|成都|福建)",
    rf"(?<=[{_BORNE}])年(?=[丰春生福红喜])(?<!周年)(?![生春][活病产节])",
    rf"(?<=[{_BORNE}])日(?=[新升昌辉华])(?<![周夏]日)",
    rf"(?<=[{_BORNE}])(?:和(?=[平顺英珍玉谦亮林])|从(?=[军文武良善云])|在(?=[田勤兴山林])|人(?=[杰凤豪]))",
    rf"(?<=[秋晓明新皎冰素巧桂江腊])月|(?<=[运福春喜金进东招财旺发凤贵])来|(?<=[永延鹤万百瑞])年|(?<=[玉永致义仁谦])和(?![{COMMON}他她我])",
    rf"(?<=[{_BORNE}])[月和让](?![{HAN}])",
)
ALSO_GIVEN = f"(?:{'|'.join(_AS_A_NAME)})"
"""Signs that join or count nearly everywhere, and stand in given names: 月英, 有才, 来福, 永年."""
GIVEN = rf"(?:[{HAN}](?<![{NEVER}])|{ALSO_GIVEN})"
NAME = rf"(?:(?:{COMPOUND}){GIVEN}{{1,2}}|[{COMMON}]{GIVEN}(?:{GIVEN})?)"
ANY_NAME = rf"(?:(?:{COMPOUND}){GIVEN}{{1,2}}|[{COMMON}{RARE}]{GIVEN}(?:{GIVEN})?)"
SPACED = rf"(?:[{COMMON}](?: {GIVEN}){{1,2}}|[{COMMON}]{GIVEN} {GIVEN}|[{COMMON}] {GIVEN}{GIVEN})(?![{HAN}])"
FOREIGN_SIGNS = (
    "阿艾埃安卜合都汗奥巴拜比布茨迪丁杜多厄尔法菲哈海赫胡吉加卡克库拉莱勒里力利立丽莉玛马买麦曼米姆穆纳尼努帕皮普其恰热茹瑞萨赛沙斯苏索塔台太提铁图吐托瓦维吾乌西希谢雅亚也依伊尤于玉约扎孜祖古木江肉逊才让卓扎措洛桑旺扎西次仁央金格顿珠达娃"
    "罕娜甫帖合什别娃孟德巴特其其格苏日娜朝鲁那木斯琴顿根仁布岱钦嘎贡增班丹宗杰呷嫫且"
)
SHORT_FOREIGN = (
    "朝鲁|丹增|旦增|次仁|扎西|格桑|德吉|央金|卓玛|尼玛|达瓦|巴桑|普布|边巴|平措|索朗|白玛|多吉|罗布|拉姆|曲珍|仁增|洛桑|阿旺|巴图|乌兰|苏和|那顺|图雅|"
    "萨仁|娜仁|高娃|斯琴|古丽|艾山|阿里|吐逊|热娜"
)
"""Whole names of two signs that belong to other peoples."""
FOREIGN = rf"(?:[{FOREIGN_SIGNS}]{{3,8}}|(?:{SHORT_FOREIGN})(?![{HAN}])|[{HAN}]{{1,7}}[·•・‧∙⋅][{HAN}]{{1,8}}(?:[·•・‧∙⋅][{HAN}]{{1,8}})?)"


@cache
def not_names() -> frozenset[str]:
    """Words of two characters that begin with a family name's character and are no name ("高中", "施工")."""
    lines = (Path(__file__).parent / "not_names.txt").read_text("utf-8").splitlines()
    rows = (line.split(" ") for line in lines if not line.startswith("#"))
    return frozenset(head + second for head, seconds in rows for second in seconds)

"""Code lists of the roster: stage, subject, degree, title, tier and sex.

A list is looked up by the Chinese word or the code. Other words that mean the same
are aliases: they are understood, and the lookup says so, because nothing in a roster
is guessed silently. Sources: `facts.md` (e); degrees GB/T 4658-2006, sex
GB/T 2261.1; titles 人社部发〔2015〕79号, whose transition rule gives the old names.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import regex

_BLANKS = regex.compile(r"[\s\p{Cf}]+")


def tidy(text: str) -> str:
    """A word as it is compared: half-width, without blanks."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text))


@dataclass(frozen=True)
class Match:
    """A code that was found; `alias` when another word was written for it."""

    code: str
    word: str
    alias: str | None = None


@dataclass(frozen=True)
class CodeList:
    """Codes with one word each, and further words understood for them."""

    words: Mapping[str, str]
    """Code to word, in the order in which people read them."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Other word to code."""

    @cached_property
    def _index(self) -> Mapping[str, Match]:
        index = {
            tidy(alias): Match(code, self.words[code], alias)
            for alias, code in self.aliases.items()
        }
        for code, word in self.words.items():
            index[tidy(word)] = index[code] = Match(code, word)
        return index

    def find(self, text: str) -> Match | None:
        """The code of a word, an alias or a code; None when it is none of them."""
        return self._index.get(tidy(text))

    def word(self, code: str) -> str:
        """The word for a code.

        Raises:
            KeyError: there is no such code.
        """
        return self.words[code]


MALE, FEMALE = "1", "2"

SEXES = CodeList({MALE: "男", FEMALE: "女"}, {"男性": MALE, "女性": FEMALE})

STAGES = CodeList(
    {
        "10": "幼儿园",
        "20": "小学",
        "30": "初中",
        "40": "普高",
        "50": "中职",
        "60": "特教",
    },
    {
        "学前": "10",
        "学前教育": "10",
        "幼教": "10",
        "初级中学": "30",
        "普通高中": "40",
        "高中": "40",
        "中等职业": "50",
        "职业高中": "50",
        "职高": "50",
        "特殊教育": "60",
    },
)

SCHOOL_KINDS = frozenset(("九年一贯", "九年一贯制", "完中", "完全中学", "十二年一贯制"))
"""Words for kinds of schools that stand in 学段 by mistake: they are no stage."""

SUBJECTS = CodeList(
    {
        "chinese": "语文",
        "mathematics": "数学",
        "english": "英语",
        "morality_law": "道德与法治",
        "science": "科学",
        "physics": "物理",
        "chemistry": "化学",
        "biology": "生物",
        "history": "历史",
        "geography": "地理",
        "info_technology": "信息科技",
        "physical_education": "体育与健康",
        "music": "音乐",
        "art": "美术",
        "labour": "劳动",
        "practice": "综合实践",
        "psychology": "心理",
        "preschool": "学前",
        "special_education": "特教",
        "other": "其他",
    },
    {
        "品德": "morality_law",
        "品德与生活": "morality_law",
        "品德与社会": "morality_law",
        "思品": "morality_law",
        "思想品德": "morality_law",
        "道法": "morality_law",
        "思想政治": "morality_law",
        "政治": "morality_law",
        "信息技术": "info_technology",
        "体育": "physical_education",
        "劳动教育": "labour",
        "劳动技术": "labour",
        "综合实践活动": "practice",
        "心理健康": "psychology",
        "心理健康教育": "psychology",
        "学前教育": "preschool",
        "幼儿教育": "preschool",
        "特殊教育": "special_education",
    },
)

DEGREES = CodeList(
    {
        "11": "博士研究生",
        "14": "硕士研究生",
        "21": "本科",
        "31": "专科",
        "41": "中专",
        "61": "高中",
        "71": "初中",
        "90": "其他",
    },
    {
        "博士": "11",
        "博士研究生毕业": "11",
        "硕士": "14",
        "硕士研究生毕业": "14",
        "大学本科": "21",
        "大学本科毕业": "21",
        "大专": "31",
        "大学专科": "31",
        "大学专科毕业": "31",
        "中师": "41",
        "中等师范": "41",
        "中等专科": "41",
        "中等专科毕业": "41",
        "普通高中": "61",
        "普通高中毕业": "61",
        "初中毕业": "71",
    },
)

TITLES = CodeList(
    {
        "senior_full": "正高级教师",
        "senior": "高级教师",
        "first": "一级教师",
        "second": "二级教师",
        "third": "三级教师",
        "none": "未评定",
    },
    {
        "正高级": "senior_full",
        "中小学高级教师": "senior",
        "中学高级教师": "senior",
        "中学高级": "senior",
        "中学一级教师": "first",
        "中学一级": "first",
        "小学高级教师": "first",
        "小学高级": "first",
        "中学二级教师": "second",
        "中学二级": "second",
        "小学一级教师": "second",
        "小学一级": "second",
        "中学三级教师": "third",
        "小学二级教师": "third",
        "小学三级教师": "third",
        "无": "none",
        "未定级": "none",
        "未评": "none",
    },
)

TIERS = CodeList(
    {
        "new": "新任教师",
        "young": "青年教师",
        "backbone": "骨干教师",
        "leader": "学科带头人",
        "master": "名师",
        "none": "未列入",
    },
    {
        "新任": "new",
        "新教师": "new",
        "青年": "young",
        "骨干": "backbone",
        "带头人": "leader",
        "无": "none",
        "普通教师": "none",
    },
)
"""教师梯队 (features F023): for whom tasks and seats are meant; no rank by law."""

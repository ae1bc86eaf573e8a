"""First versions that leaders return: thin texts, each with the reason that fits it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from portal.demonstration.phrasing import Hand, phrase
from portal.submissions.text import count_characters

SHORTEST = 110
"""Characters that a thin text has at least: it passed the minimum when handed in."""

_SENTENCE = re.compile(r"[^。！？]+[。！？][”]?")

_PHRASES = (
    (
        "[总的来说|总体而言]，这节课[基本完成了教学任务|达到了预期目标]，"
        "[学生的积极性也很高|课堂气氛也不错]。"
    ),
    (
        "[新课程理念告诉我们|课标要求我们]，[学生是学习的主人|教师是引导者]，"
        "我在教学中[努力做到这一点|一直这样要求自己]。"
    ),
    (
        "[今后|在以后的工作中]我会[继续努力|加强学习]，"
        "[不断提高自己的教学水平|争取更大的进步]。"
    ),
    (
        "[教学是一门遗憾的艺术|教无定法，贵在得法]，"
        "[每节课都有收获|每次上课都是一次成长]。"
    ),
    (
        "[大部分|绝大多数]学生[掌握得比较好|能跟上节奏]，"
        "[个别学生|少数学生]还需要[多加辅导|提高]。"
    ),
    (
        "[通过这节课|上完以后]，我[感触很深|受益匪浅]，"
        "[深深体会到教书的不易|也认识到了自己的不足]。"
    ),
    (
        "[兴趣是最好的老师|良好的开端是成功的一半]，"
        "[所以要多激发学生|所以导入十分重要]，[让学生乐学爱学|这样才能事半功倍]。"
    ),
    (
        "[备课还不够充分|教学方法还比较单一]，[语言也不够精炼|课堂组织有待加强]，"
        "[这些都要改进|需要进一步完善]。"
    ),
    (
        "[我认为|我觉得]教师要[有爱心和耐心|不断更新观念]，"
        "[这样学生才会喜欢|这样才能跟上时代]。"
    ),
    (
        "[作为一名一线教师|身为乡村教师]，[肩上的担子不轻|责任重大]，"
        "[我会扎扎实实上好每一课|我要对得起每个孩子]。"
    ),
    (
        "[信息技术|多媒体]的使用[让课堂更生动|提高了效率]，"
        "[学生看得很入神|重点也更突出了]。"
    ),
    "[学习习惯|课堂常规]还要[常抓不懈|继续培养]，[这是一个长期的过程|不能急于求成]。",
    (
        "[小组合作|自主探究]是很好的[学习方式|方法]，"
        "[能培养学生的能力|可以调动多数人]，[值得坚持|以后要多用]。"
    ),
    (
        "[有些孩子|部分学生][基础薄弱|上课不专心]，[家长也不太配合|家里管得少]，"
        "[给教学带来了一定困难|教起来有些吃力]。"
    ),
)

_NO_EVIDENCE = (
    "缺课堂证据：请补上[一个学生的回答|一份学生的作业]和[人数|具体的数字]，再交。",
    (
        "只写了[感想|道理]，看不到课堂上[发生了什么|学生的表现]。"
        "请[补一个片段|写一两处学生的原话]。"
    ),
    ("没有说清多少人会、多少人不会：请[数一数|写明]，并写出[学生错在哪里|一个例子]。"),
)
_NOT_FINISHED = (
    (
        "[开头|前半篇]很好，但[后面断了|没有写完]，[可能是粘贴时漏了|请检查一下]，"
        "补全后再交。"
    ),
    (
        "只写到[课的前半段|经过]，[没有反思|没有问题和原因]，也没有下周的打算，"
        "请[续写完整|补上后再交]。"
    ),
)
_NO_PLAN = (
    "改进措施[太笼统|只有“继续努力”]，请写出下周[具体做什么|改哪一步、什么时候做]。",
    (
        "[课堂写得不错|经过写得清楚]，结尾却是[套话|空话]。"
        "请[换成一条做得到的办法|写明下周的一处改动]。"
    ),
)


@dataclass(frozen=True)
class Attempt:
    """A first version and why the leader returns it."""

    text: str
    reason: str


def first_attempt(rng: Random, text: str) -> Attempt:
    """What the author of ``text`` had handed in before the leader asked for more.

    It is the beginning of ``text``, broken off or filled up with empty phrases, so
    that ``text`` is the version that answers the reason.
    """
    thin, reasons = rng.choice(_WAYS)
    return Attempt(thin(rng, text), phrase(rng, reasons, Hand(rng, {})))


def _without_evidence(rng: Random, text: str) -> str:
    """The opening, then phrases."""
    return _filled_up(rng, _beginning(text, 55))


def _broken_off(rng: Random, text: str) -> str:
    """The first part of the text and no end; ``rng`` has nothing to choose."""
    return _beginning(text, max(SHORTEST, len(text) // 2))


def _without_plan(rng: Random, text: str) -> str:
    """The first part, then phrases where the plan should be."""
    return _filled_up(rng, _beginning(text, 90))


_WAYS: tuple[tuple[Callable[[Random, str], str], Sequence[str]], ...] = (
    (_without_evidence, _NO_EVIDENCE),
    (_broken_off, _NOT_FINISHED),
    (_without_plan, _NO_PLAN),
)


def _beginning(text: str, characters: int) -> str:
    """Whole sentences until there are so many ``characters``, counted as 字数."""
    part = ""
    for sentence in _SENTENCE.findall(text):
        part += sentence
        if count_characters(part).characters >= characters:
            break
    return part


def _filled_up(rng: Random, beginning: str) -> str:
    """``beginning`` and two or more empty phrases as a paragraph of their own."""
    filling = ""
    for count, pattern in enumerate(rng.sample(_PHRASES, len(_PHRASES))):
        length = count_characters(beginning + filling).characters
        if count >= 2 and length >= SHORTEST:
            break
        filling += phrase(rng, (pattern,), Hand(rng, {}))
    return f"{beginning}\n{filling}"

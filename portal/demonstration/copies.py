"""Copied journals: what a teacher makes of a colleague's text.

Both functions measure with the portal's own similarity, so that the copies fall into
the bands of case 4: a near copy is rejected, half a copy is held for the leader.
"""

import re
from collections.abc import Callable
from random import Random

from portal.submissions.text import similarity

_NEAR_COPY = (0.85, 0.93)
_HALF_COPY = (0.60, 0.68)
"""Bands from which the wanted similarity is drawn."""

_SENTENCE = re.compile(r"[^。！？]+[。！？][”]?\n?")

_SYNONYMS = (
    ("下周", "下个星期"),
    ("我打算", "我准备"),
    ("发现", "看到"),
    ("教室里", "课堂上"),
    ("孩子们", "学生"),
    ("同学们", "学生"),
    ("学生", "同学"),
    ("花了", "用了"),
    ("说：", "回答："),
    ("问题", "不足"),
    ("最后", "末了"),
    ("今年", "这一次"),
    ("练习", "习题"),
    ("多数", "大部分"),
    ("当场", "马上"),
    ("办法", "做法"),
    ("时间", "工夫"),
    ("重新", "又"),
    ("一起", "共同"),
    ("只好", "只能"),
    ("有点", "有些"),
    ("几个", "若干"),
    ("全班", "班上"),
    ("同桌", "邻座"),
    ("小组", "组里"),
    ("其实", "实际上"),
    ("接着", "然后"),
    ("先", "首先"),
)

_BEGINNINGS = (
    "反思：",
    "教学反思：",
    "本周周记：",
    "课后记：",
    "随笔：",
    "一周小结：",
)

_ENDINGS = (
    "继续努力。",
    "以后要注意这一点。",
    "这是我这一周的体会。",
    "今后我会多加改进。",
    "希望下次能上得更好。",
    "路还长，慢慢来。",
    "这些都值得我认真思考。",
    "教学相长，我也学到了不少。",
)

_OWN_WORDS = (
    "我们班的情况稍有不同，人数少，座位也坐得松。",
    "轮到我上的时候，天已经快黑了，教室开着灯。",
    "我照着这个路子走，发现自己班上冷场更久。",
    "有个女生一直低着头，叫到名字才慢慢站起来。",
    "后来我把声音放低，大家反而听得清楚。",
    "我没有准备那么多材料，只用了一块小黑板。",
    "下课以后我留在座位上，把过程又捋了一遍。",
    "收上来的纸条里，有一张只画了一个哭脸。",
    "看到这里，我决定换一种问法再试一次。",
    "同年级的几位老师听我说完，都说不妨再等等。",
    "这一点我做得不好，总想一口气把话讲完。",
    "我算了算，真正留给他们的不过十来分钟。",
    "所幸铃声晚了片刻，最后一组才来得及开口。",
    "回到家翻旧笔记，三年前我也写过同样的困惑。",
    "要说变化，大概是我敢让课堂安静下来了。",
    "这个星期我改得很慢，每一本都写了一句话。",
    "有两位家长来信，问能不能把题目发到群里。",
    "明天的课我想从一个小故事讲起，不急着翻书。",
)


def copied_from(rng: Random, text: str) -> str:
    """A near copy of ``text``: a few words changed, 0.80 to 0.95 of it alike."""
    wanted = rng.uniform(*_NEAR_COPY)
    copy = text
    for change in _small_changes(rng):
        if similarity(copy, text) <= wanted:
            break
        copy = change(copy)
    return copy


def half_copied(rng: Random, text: str) -> str:
    """The first part of ``text`` and then one's own words: 0.55 to 0.70 alike."""
    wanted = rng.uniform(*_HALF_COPY)
    copy = _first_part(text, share=0.6) + "\n"
    for sentence in rng.sample(_OWN_WORDS, len(_OWN_WORDS)):
        if similarity(copy, text) <= wanted:
            break
        copy += sentence
    return copy


def _small_changes(rng: Random) -> list[Callable[[str], str]]:
    """Changes in the order in which the copying teacher makes them."""
    synonyms = rng.sample(_SYNONYMS, len(_SYNONYMS))
    changes = [_replacing(word, other) for word, other in synonyms]
    changes.insert(0, _beginning(rng.choice(_BEGINNINGS)))
    changes.extend(map(_ending, rng.sample(_ENDINGS, len(_ENDINGS))))
    return changes


def _replacing(word: str, other: str) -> Callable[[str], str]:
    return lambda text: text.replace(word, other, 1)


def _beginning(words: str) -> Callable[[str], str]:
    return lambda text: words + text


def _ending(words: str) -> Callable[[str], str]:
    return lambda text: text + words


def _first_part(text: str, share: float) -> str:
    """Whole sentences from the beginning, at least ``share`` of the length."""
    part = ""
    for sentence in _SENTENCE.findall(text):
        if len(part) >= share * len(text):
            break
        part += sentence
    return part.rstrip("\n")

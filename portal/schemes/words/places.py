"""Problems of a document for who never saw it: their place, and what is expected."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.schemes.documents import outline
from portal.schemes.documents.lines import lines_of
from portal.schemes.documents.reading import Problem, SchemeError
from portal.schemes.words.problems import SENTENCES, say
from portal.schemes.words.sources import measure_name

PLACES: Mapping[str, LazyString] = {
    "title": _l("方案名称"),
    "source": _l("依据"),
    "dated": _l("文件年份或日期"),
    "pass_mark": _l("合格线"),
    "cap": _l("总分封顶"),
    "bands": _l("等级"),
    "shows": _l("学员看到什么"),
    "honours": _l("评优"),
}

IN_FORMS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "missing_key": lambda p: _("请填写。"),
    "expected_text": lambda p: _("请填写。"),
    "expected_list": lambda p: _("请写阶段的序号，如 2、3 或 2-6。"),
    "expected_list_of": lambda p: _("请至少填一行。"),
    "limit_or_limits": lambda p: _("请填写最多多少。"),
    "unpriced": lambda p: _(
        "计的是%(measure)s，还要加一步折算，说明多少计几分。",
        measure=measure_name("", str(p["measure"])),
    ),
    "priced_twice": lambda p: _("折算只能有一步，请去掉多余的。"),
    "late_in_group": lambda p: _("迟交打折要写在计数的分项里，不能写在合计项里。"),
    "base_without_start": lambda p: _("填了起点得几分，就要填从多少起才得分。"),
    "limits_per_stage": lambda p: _("各阶段上限不同时，应按每个阶段合计。"),
    "levels_without_bands": lambda p: _("只看等级时，请先填写等级。"),
    "share_or_places": lambda p: _("请填写名额。"),
    "all_aside": lambda p: _("不能所有项目都不计入总分，总分至少要有一项。"),
}
"""What is said otherwise than to who reads the document itself."""


def plain_sentence(problem: Problem) -> str:
    """What is expected, without the names of the document's keys."""
    say = IN_FORMS.get(problem.code) or SENTENCES[problem.code]
    return say(problem.params)


def place_name(place: str, document: Mapping[str, Any]) -> str:
    """What people call a place: the item that it lies in, or a part of the frame."""
    if place.startswith("items"):
        holders = [
            found.item.get("title", {}).get("zh", "")
            for found in outline.walk(document)
            if place == found.path or place.startswith(f"{found.path}.")
        ]
        return _("“%(title)s”", title=holders[-1]) if holders else ""
    first = re.split(r"[.\[]", place)[0]
    return str(PLACES[first]) if first in PLACES else place


def say_in(text: str, error: SchemeError) -> Iterator[str]:
    """Each problem with the line of the text that it lies in, where it can be told."""
    lines = lines_of(text, [problem.place for problem in error.problems])
    for problem, line in zip(error.problems, lines, strict=True):
        if line is None:
            yield say(problem)
        else:
            yield _("第 %(line)s 行，%(problem)s", line=line, problem=say(problem))

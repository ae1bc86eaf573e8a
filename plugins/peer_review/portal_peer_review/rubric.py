"""The rubric that a work is assessed by: the activity's own, or this one."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from portal.api import ActivityContext, Criterion, Level, RubricRef
from portal.api import gettext as _

Chosen = Mapping[str, int]
"""The place of a level, from 0, by the key of its criterion."""


def rubric_of(ctx: ActivityContext) -> RubricRef:
    """The rubric that the leader chose for the activity, else a general one."""
    return ctx.rubric or general_rubric()


def general_rubric() -> RubricRef:
    """What can be asked of any teacher's text: substance, thought, use to others."""
    return RubricRef(
        _("互评通用量规"),
        (
            _criterion(
                "substance",
                _("内容"),
                4,
                _("有具体的课例和学生表现，事实清楚"),
                _("有课例，学生表现写得少"),
                _("说得笼统，缺少课例"),
                _("与任务无关"),
            ),
            _criterion(
                "thought",
                _("思考"),
                4,
                _("说清了为什么这样教，对照效果找到原因"),
                _("有原因分析，还不够深入"),
                _("只描述做法，没有分析"),
                _("看不出自己的思考"),
            ),
            _criterion(
                "use",
                _("可借鉴"),
                2,
                _("同行拿来就能用"),
                _("改一改可以用"),
                _("有一点启发"),
                _("难以借鉴"),
            ),
        ),
    )


def _criterion(key: str, title: str, weight: int, *descriptions: str) -> Criterion:
    steps = zip(
        (_("优秀"), _("良好"), _("一般"), _("待改进")),
        ("1", "0.85", "0.7", "0.5"),
        descriptions,
        strict=True,
    )
    levels = (Level(title, Decimal(share), text) for title, share, text in steps)
    return Criterion(key, title, Decimal(weight), tuple(levels))


def as_json(rubric: RubricRef) -> dict[str, Any]:
    """The rubric as it is kept beside an assessment."""
    criteria = [asdict(criterion) for criterion in rubric.criteria]
    for criterion in criteria:
        criterion["weight"] = str(criterion["weight"])
        for level in criterion["levels"]:
            level["share"] = str(level["share"])
    return {"title": rubric.title, "criteria": criteria}


def from_json(kept: Mapping[str, Any]) -> RubricRef:
    """The rubric as it was when an assessment was made."""
    return RubricRef(kept["title"], tuple(map(_kept_criterion, kept["criteria"])))


def _kept_criterion(kept: Mapping[str, Any]) -> Criterion:
    levels = tuple(
        Level(level["title"], Decimal(level["share"]), level["description"])
        for level in kept["levels"]
    )
    return Criterion(kept["key"], kept["title"], Decimal(kept["weight"]), levels)

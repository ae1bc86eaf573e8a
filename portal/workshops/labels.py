"""The words for codes that workshop pages show."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.workshops.models import (
    ActivityState,
    TrainingLevel,
    WorkshopRole,
    WorkshopState,
)
from portal.workshops.progress import Standing

Word = tuple[LazyString, str]
"""A state's word and its kind: ok, warn, danger, accent or muted."""

LEVELS: dict[str, LazyString] = {
    TrainingLevel.NATIONAL: _l("国培"),
    TrainingLevel.PROVINCIAL: _l("省培"),
    TrainingLevel.MUNICIPAL: _l("市培"),
    TrainingLevel.COUNTY: _l("县培"),
    TrainingLevel.SCHOOL: _l("校培"),
}

ROLES: dict[str, LazyString] = {
    WorkshopRole.LEARNER: _l("学员"),
    WorkshopRole.GROUP_LEADER: _l("组长"),
    WorkshopRole.WORKSHOP_LEADER: _l("坊主"),
    WorkshopRole.TUTOR: _l("辅导教师"),
    WorkshopRole.EXPERT: _l("专家"),
}

WORKSHOP_STATES: dict[str, Word] = {
    WorkshopState.DRAFT: (_l("筹备中"), "accent"),
    WorkshopState.OPEN: (_l("进行中"), "ok"),
    WorkshopState.CLOSED: (_l("已结班"), "muted"),
    WorkshopState.ARCHIVED: (_l("已归档"), "muted"),
}

ACTIVITY_STATES: dict[str, Word] = {
    ActivityState.DRAFT: (_l("未公布"), "accent"),
    ActivityState.OPEN: (_l("已公布"), "ok"),
    ActivityState.ARCHIVED: (_l("已归档"), "muted"),
}

STANDINGS: dict[str, Word] = {
    Standing.NOT_OPEN: (_l("未开始"), "muted"),
    Standing.RUNNING: (_l("进行中"), "muted"),
    Standing.OPEN: (_l("待完成"), "accent"),
    Standing.DRAFT: (_l("草稿"), "accent"),
    Standing.HANDED_IN: (_l("已提交"), "ok"),
    Standing.DONE: (_l("已完成"), "ok"),
    Standing.RETURNED: (_l("已退回"), "warn"),
    Standing.HELD: (_l("待核查"), "warn"),
    Standing.REJECTED: (_l("未通过"), "danger"),
    Standing.ACCEPTED: (_l("已通过"), "ok"),
    Standing.LATE: (_l("迟交"), "warn"),
    Standing.MISSED: (_l("未交"), "danger"),
    Standing.EXEMPT: (_l("免交"), "muted"),
    Standing.OVER: (_l("已结束"), "muted"),
}

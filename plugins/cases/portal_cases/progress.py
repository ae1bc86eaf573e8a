"""Where a case stands on its way, in words: guided, revised, marked."""

from dataclasses import dataclass

from portal.api import (
    ActivityContext,
    AssignedWork,
    Purpose,
    SubmissionRef,
    SubmissionState,
    Words,
)
from portal.api import lazy_gettext as _l
from portal_cases.forms import PARTS


@dataclass(frozen=True)
class Step:
    """One case, where it stands, and what comes next; `kind` colours the state."""

    case: SubmissionRef
    words: Words
    kind: str
    then: Words = ""

    @property
    def open(self) -> bool:
        """Whether there is anything left to ask of an expert."""
        return self.case.state is not SubmissionState.ACCEPTED

    @property
    def title(self) -> str:
        """What its author called it, else the type of text."""
        return title_of(self.case)


def title_of(case: SubmissionRef) -> str:
    """What its author called it, else the type of text."""
    return str(case.answer.data.get("title") or PARTS[case.key.partition("/")[0]])


def progress_of(ctx: ActivityContext) -> list[Step]:
    """The person's own cases, each with its place on the way."""
    return [step_of(case) for case in ctx.submissions() if case.hand_in is not None]


def step_of(case: SubmissionRef) -> Step:
    """Where a case stands, by its state and by what was said of it last."""
    said = case.hand_in.review if case.hand_in else None
    guided = said is not None and said.purpose is Purpose.GUIDANCE
    match case.state:
        case SubmissionState.RETURNED if guided and said is not None:
            words = _l("第 %(round)s 轮指导已到", round=said.round)
            return Step(case, words, "warn", _l("按指导意见修改，再交一次"))
        case SubmissionState.RETURNED:
            return Step(case, _l("已退回"), "warn", _l("按意见修改，再交一次"))
        case SubmissionState.ACCEPTED:
            return Step(case, _l("已评分"), "ok")
        case SubmissionState.REJECTED:
            return Step(case, _l("未通过"), "danger")
        case SubmissionState.HELD:
            return Step(case, _l("待核查"), "warn", _l("坊主看过以后继续"))
    return Step(case, _l("已提交"), "accent", _l("等专家指导或评分"))


def given_to(ctx: ActivityContext) -> list[AssignedWork]:
    """What the reader was given to guide or to mark here, what is owed first."""
    purposes = (Purpose.GUIDANCE, Purpose.MARK)
    given = [work for purpose in purposes for work in ctx.assigned(purpose)]
    return sorted(given, key=lambda work: work.settled)

"""The journal as an activity type."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from portal.api import (
    ActivityContext,
    ActivityType,
    Answer,
    Form,
    Grade,
    HandIn,
    Json,
    Permission,
    Sample,
    SampleKind,
    Settings,
    Slot,
    Span,
    SubmissionState,
    TextForm,
)
from portal.api import gettext as _
from portal.api import lazy_gettext as _l
from portal_journal.forms import JournalSettings
from portal_journal.periods import Period, periods
from portal_journal.weeks import week_of

TITLES = {
    "week": _l("第 %(number)s 周（%(first)s—%(last)s）"),
    "fortnight": _l("第 %(number)s 期（%(first)s—%(last)s）"),
    "month": _l("第 %(number)s 月（%(first)s—%(last)s）"),
}


class Journal(ActivityType):
    """One text a period. Whether it is good a person says; that it came, we say."""

    name = "journal"
    title = _l("教学周记")
    icon = "pen"
    template = "journal/view.html"
    settings_form = JournalSettings

    def slots(self, settings: Settings, span: Span, personal: Json) -> Sequence[Slot]:
        """One slot a period; a period with a holiday in it is not owed."""
        holidays = _holidays(settings)
        kind = settings["period"]
        return [
            self._slot(p, kind, settings, span, holidays) for p in periods(kind, span)
        ]

    def _slot(
        self,
        period: Period,
        kind: str,
        settings: Settings,
        span: Span,
        holidays: Sequence[date],
    ) -> Slot:
        opens, due = period.bounds(span)
        late_until = due + self.rules(settings).late_allowance
        return Slot(
            key=period.key,
            title=_title(kind, period),
            opens=opens,
            due=due,
            late_until=late_until if late_until > due else None,
            closes=late_until,
            exempt=any(period.holds(day) for day in holidays),
        )

    def answer_form(self, settings: Settings) -> type[Form]:
        """One text."""
        return TextForm

    def view(self, ctx: ActivityContext) -> Mapping[str, object]:
        """The calendar of filled and missed weeks, for who has weeks to fill."""
        mine = ctx.can(Permission.PARTICIPATE) or ctx.submissions()
        return {"weeks": week_of(ctx) if mine else []}

    def grade(
        self, settings: Settings, answer: Answer, hand_in: HandIn
    ) -> Grade | None:
        """A journal that came is whole; one that was copied is nothing."""
        if hand_in.state is SubmissionState.REJECTED:
            return Grade(Decimal(0), _("与已有文章雷同，不计分。"))
        return Grade(Decimal(1))

    def is_complete(
        self, settings: Settings, grade: Grade | None, hand_in: HandIn
    ) -> bool:
        """It counts from handing in, or from acceptance, whatever its mark."""
        whole = Grade(Decimal(1)) if grade is not None else None
        return super().is_complete(settings, whole, hand_in)

    def samples(self) -> Iterable[Sample]:
        """A journal that passes, a copied one, and an empty one."""
        text = "今天执教《荷花》，朗读指导用去了二十五分钟，小练笔没有时间写。" * 5
        return [
            Sample(SampleKind.PASSING, {"text": text}, expected=Grade(Decimal(1))),
            Sample(
                SampleKind.FAILING,
                {"text": text},
                hand_in={"state": SubmissionState.REJECTED},
                expected=Grade(Decimal(0), _("与已有文章雷同，不计分。")),
            ),
            Sample(SampleKind.INVALID, {"text": ""}),
        ]


def _title(kind: str, period: Period) -> str:
    words = str(TITLES[kind])
    return words % {
        "number": period.number,
        "first": f"{period.first.month}.{period.first.day}",
        "last": f"{period.last.month}.{period.last.day}",
    }


def _holidays(settings: Settings) -> list[date]:
    lines = str(settings.get("holidays") or "").split("\n")
    return [date.fromisoformat(line.strip()) for line in lines if line.strip()]

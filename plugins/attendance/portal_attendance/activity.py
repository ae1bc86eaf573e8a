"""The event as an activity type."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from portal.api import (
    ActivityContext,
    ActivityType,
    Answer,
    Form,
    Grade,
    HandIn,
    Json,
    Measure,
    Measures,
    Sample,
    Scenario,
    Settings,
    Slot,
    Span,
    SubmissionRules,
)
from portal.api import lazy_gettext as _l
from portal_attendance import (
    circulars,
    notes,
    playing,
    playing_seats,
    telling,
    upkeep,
)
from portal_attendance.also import also
from portal_attendance.circulars import Wording
from portal_attendance.eligibility import Rule
from portal_attendance.models import Base
from portal_attendance.overview import overview
from portal_attendance.rule_settings import RuleSettings
from portal_attendance.scenarios import scenarios
from portal_attendance.views.blueprint import blueprint


class Attendance(ActivityType):
    """One event with one or more sessions, and who was there."""

    name = "attendance"
    title = _l("线下活动")
    icon = "calendar"
    template = "attendance/view.html"
    settings_form = RuleSettings
    base = Base
    blueprint = blueprint
    reports = (
        Measure("notes", "note", _l("研修笔记")),  # first: what is handed in
        Measure("attended", "session", _l("出勤场次")),
        Measure("absent", "session", _l("缺勤场次")),
        Measure("arrived_late", "session", _l("迟到场次")),
        Measure("left_early", "session", _l("早退场次")),
        Measure("on_leave", "session", _l("请假场次")),
        Measure("exempt", "session", _l("免于计入的场次")),
        Measure("class_hours", "hour", _l("学时")),
        Measure("missed_hours", "hour", _l("缺席的学时")),
        Measure("events", "event", _l("参加的活动")),
        Measure("photos", "photo", _l("活动照片")),
        Measure("characters", "character", _l("笔记字数")),
        Measure("in_circular", "circular", _l("被通报缺训")),
        Measure("replaced", "circular", _l("被通报由他人代训")),
    )

    def rules(self, settings: Settings) -> SubmissionRules:
        """Those of the notes."""
        return notes.rules(settings)

    def slots(self, settings: Settings, span: Span, personal: Json) -> Sequence[Slot]:
        """The notes; each session stands on the list of what is owed as a duty."""
        return notes.slots(settings, span)

    def answer_form(self, settings: Settings) -> type[Form] | None:
        """That of the notes, where they are taken."""
        return notes.answer_form(settings)

    def grade(self, settings: Settings, answer: Answer, hand_in: HandIn) -> Grade:
        """Whether the notes are whole."""
        return notes.grade(hand_in)

    def measures(
        self, settings: Settings, answer: Answer, grade: Grade, hand_in: HandIn
    ) -> Measures:
        """Those of the notes; all others are reported as they come about."""
        return notes.measures(hand_in)

    def samples(self) -> Iterable[Sample]:
        """Notes; what sign-in brings, our own tests prove."""
        return notes.samples()

    def view(self, ctx: ActivityContext) -> Mapping[str, object]:
        """The event's five, its sessions, and how the reader stands."""
        return {**overview(ctx), "also": also(ctx)}

    def scenarios(self) -> Iterable[Scenario]:
        """One who signs in, one who does not."""
        return scenarios()

    # What the demonstration plays

    def lay_out(
        self,
        ctx: ActivityContext,
        title: str,
        starts: datetime,
        ends: datetime,
        class_hours: Decimal,
    ) -> int:
        """Add a session by the event's own rules; its id."""
        return playing.lay_out(ctx, title, starts, ends, class_hours)

    def open(self, ctx: ActivityContext) -> None:
        """Open the event to sign-in."""
        playing.open_to_all(ctx)

    def come(self, ctx: ActivityContext, session_id: int, device: str) -> None:
        """Sign in by the code of the moment, on this device."""
        playing.come(ctx, session_id, device)

    def settle(self, ctx: ActivityContext) -> None:
        """What the job does when a session is over."""
        upkeep.keep(ctx)

    def claim(self, ctx: ActivityContext, session_id: int, reason: str) -> None:
        """Ask that one's absence be put right."""
        playing.claim(ctx, session_id, reason)

    def publish(
        self, ctx: ActivityContext, session_id: int, title: str, sentence: str
    ) -> None:
        """Publish the circular of a session."""
        wording = Wording(title=title, sentence=sentence)
        telling.tell_of_circular(ctx, circulars.publish(ctx, [session_id], wording))

    def ask_schools(
        self, ctx: ActivityContext, deadline: datetime, number: int, subject: str
    ) -> None:
        """Give the participants' schools seats for teachers of the subject."""
        rule = Rule(subjects=(subject,))
        playing_seats.ask_schools(ctx, deadline, number, rule)

    def name_some(self, ctx: ActivityContext, many: int) -> None:
        """Name some of the officer's teachers."""
        playing_seats.name_some(ctx, many)

    def lock(self, ctx: ActivityContext) -> None:
        """Lock the list of those named."""
        playing_seats.lock(ctx)

    def ask_substitution(self, ctx: ActivityContext, reason: str) -> None:
        """Ask that somebody else comes."""
        playing_seats.ask_substitution(ctx, reason)

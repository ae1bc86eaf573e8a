"""N ones as an activity type."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from portal.api import (
    COMMON_MEASURES,
    ActivityContext,
    ActivityType,
    Answer,
    CountsFrom,
    Evidence,
    Form,
    Grade,
    HandIn,
    Json,
    Measure,
    Measures,
    Sample,
    SampleKind,
    Settings,
    Slot,
    Span,
    SubmissionRules,
    SubmissionState,
)
from portal.api import lazy_gettext as _l
from portal_ones.checklist import checklist
from portal_ones.duties import ROWS, Kind, duties_of, duty_of, row, row_name
from portal_ones.forms import OnesSettings, form_for
from portal_ones.pages import pages


class Ones(ActivityType):
    """Each duty, as often as it is asked for, is handed in and accepted by itself."""

    name = "ones"
    title = _l("三个一、四个一")
    icon = "check"
    template = "ones/view.html"
    settings_form = OnesSettings
    blueprint = pages
    reports = (
        *COMMON_MEASURES,
        Measure("duties", "duty", _l("完成项数")),
        *(
            Measure(row_name(number), "duty", _l("第 %(number)s 项", number=number))
            for number in range(1, ROWS + 1)
        ),
    )

    def rules(self, settings: Settings) -> SubmissionRules:
        """A duty counts once it is accepted: it is people who judge it."""
        return replace(super().rules(settings), counts_from=CountsFrom.ACCEPTED)

    def rules_of(self, settings: Settings, slot: Slot) -> SubmissionRules:
        """Its own least length, or a file."""
        rules, duty = self.rules(settings), duty_of(settings, slot.key)
        if duty is None:
            return rules
        return replace(
            rules, min_length=duty.least_length, least_files=duty.least_files
        )

    def slots(self, settings: Settings, span: Span, personal: Json) -> Sequence[Slot]:
        """One slot for each time of each duty."""
        whole = super().slots(settings, span, personal)[0]
        return [
            replace(whole, key=duty.key(number), title=duty.named(number))
            for duty in duties_of(settings)
            for number in range(1, duty.count + 1)
        ]

    def answer_form(self, settings: Settings) -> type[Form]:
        """That of the first duty; each slot has its own."""
        return form_for(duties_of(settings)[0])

    def form_of(self, settings: Settings, slot: Slot) -> type[Form] | None:
        """The form that fits the duty's kind."""
        duty = duty_of(settings, slot.key)
        return form_for(duty) if duty else None

    def view(self, ctx: ActivityContext) -> Mapping[str, object]:
        """What is asked, and how many of them are done."""
        return checklist(ctx)

    def grade(self, settings: Settings, answer: Answer, hand_in: HandIn) -> Grade:
        """What came is whole, until somebody marks it; it counts once accepted."""
        return Grade(Decimal(1))

    def measures(
        self, settings: Settings, answer: Answer, grade: Grade, hand_in: HandIn
    ) -> Measures:
        """The usual, one duty, and by its place which, so that each can be a must."""
        usual = super().measures(settings, answer, grade, hand_in)
        duty = duty_of(settings, hand_in.slot.key)
        own = {row_name(duty.row): 1} if duty else {}
        return {**usual, "duties": 1, **own}

    def evidence(self, answer: Answer, grade: Grade) -> Evidence:
        """The files, and the address."""
        link = answer.data.get("link")
        return Evidence({"link": link} if link else {}, answer.files)

    def samples(self) -> Iterable[Sample]:
        """A text that is accepted, one that nobody has accepted, and an empty one."""
        text = "这节课我把讲解减到八分钟，学生自己量、自己画，问题反而多了。" * 5
        asked = {"duty_1": row("一篇反思", Kind.TEXT, min_length=100)}
        accepted: Json = {"state": SubmissionState.ACCEPTED}
        whole = Grade(Decimal(1))
        yield Sample(SampleKind.PASSING, {"text": text}, asked, accepted, whole)
        yield Sample(SampleKind.FAILING, {"text": text}, asked, expected=whole)
        yield Sample(SampleKind.INVALID, {"text": ""}, asked)

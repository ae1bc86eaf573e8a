"""Cases as an activity type."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

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
    Measures,
    Permission,
    Sample,
    SampleKind,
    Settings,
    Slot,
    Span,
    SubmissionRules,
    SubmissionState,
)
from portal.api import lazy_gettext as _l
from portal_cases.experts import blueprint
from portal_cases.forms import MEASURES, PARTS, CaseForm, CasesSettings
from portal_cases.progress import given_to, progress_of, title_of


class Cases(ActivityType):
    """A text of each type that is owed; people guide it, and people mark it."""

    name = "cases"
    title = _l("案例提交")
    icon = "layers"
    template = "cases/view.html"
    settings_form = CasesSettings
    blueprint = blueprint
    reports = (*COMMON_MEASURES, *MEASURES)

    def rules(self, settings: Settings) -> SubmissionRules:
        """A case counts once it is accepted: it is people who judge it."""
        return replace(super().rules(settings), counts_from=CountsFrom.ACCEPTED)

    def slots(self, settings: Settings, span: Span, personal: Json) -> Sequence[Slot]:
        """One slot a type that is taken."""
        whole = super().slots(settings, span, personal)[0]
        return [
            replace(
                whole,
                key=name,
                title=title,
                required=settings[name] == "owed",
                repeat=settings["most"],
            )
            for name, title in PARTS.items()
            if settings[name] != "no"
        ]

    def answer_form(self, settings: Settings) -> type[Form]:
        """Title, text and declaration."""
        return CaseForm

    def view(self, ctx: ActivityContext) -> Mapping[str, object]:
        """How far the author's cases are, and what the reader was given."""
        takes_part = ctx.can(Permission.PARTICIPATE)
        return {
            "rounds": ctx.settings["guidance_rounds"],
            "progress": progress_of(ctx) if takes_part else [],
            "given": [] if takes_part else given_to(ctx),
            "title_of": title_of,
            "assigns": ctx.can(Permission.GIVE_MARKS),
        }

    def measures(
        self, settings: Settings, answer: Answer, grade: Grade, hand_in: HandIn
    ) -> Measures:
        """The usual, and one of its type."""
        usual = super().measures(settings, answer, grade, hand_in)
        return {**usual, hand_in.slot.key: 1}

    def evidence(self, answer: Answer, grade: Grade) -> Evidence:
        """The files, under the title of the case."""
        return Evidence({"title": answer.data["title"]}, answer.files)

    def samples(self) -> Iterable[Sample]:
        """A case that people judge, a copied one, and one nobody vouches for."""
        text = "课前测里有二十一人把周长当成面积，我把学具换成了可以铺满的小方片。" * 30
        case = {"title": "从“描边”到“铺满”", "text": text, "declaration": "y"}
        unguided = {"guidance_rounds": 0}
        copied: Json = {"state": SubmissionState.REJECTED}
        yield Sample(SampleKind.PASSING, case, unguided)
        yield Sample(SampleKind.FAILING, case, unguided, copied)
        yield Sample(SampleKind.INVALID, case | {"declaration": ""}, unguided)

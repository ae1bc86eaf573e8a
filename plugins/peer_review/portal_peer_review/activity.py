"""Peer review as an activity type: what is handed in, and what its page shows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from portal.api import (
    COMMON_MEASURES,
    ActivityContext,
    ActivityType,
    Answer,
    Form,
    Grade,
    HandIn,
    Json,
    Measure,
    Measures,
    NotFound,
    Sample,
    SampleKind,
    Settings,
    Slot,
    Span,
    SubmissionRules,
)
from portal.api import lazy_gettext as _l
from portal_peer_review import board_pages, review_pages, reviewing
from portal_peer_review.assessing import Opinion
from portal_peer_review.blueprint import pages
from portal_peer_review.forms import PeerReviewSettings, WorkForm
from portal_peer_review.front_page import front_page
from portal_peer_review.grading import FULL_MARK, TWO_PLACES
from portal_peer_review.models import Base
from portal_peer_review.results import WORK, work_measures
from portal_peer_review.rubric import rubric_of
from portal_peer_review.schedule import schedule

__all__ = ["PeerReview", "board_pages", "review_pages"]


class PeerReview(ActivityType):
    """One work each, read by some peers who do not know whose it is."""

    name = "peer_review"
    title = _l("同伴互评")
    icon = "users"
    waits_for_leader = False
    template = "peer_review/view.html"
    settings_form = PeerReviewSettings
    base = Base
    blueprint = pages
    reports = (
        *COMMON_MEASURES,
        Measure("submission_score", "point", _l("作品得分")),
        Measure("assessments", "assessment", _l("评阅份数")),
        Measure("assessment_share", "share", _l("评阅完成率")),
    )

    def rules(self, settings: Settings) -> SubmissionRules:
        """Length and lateness by the settings; likeness by the portal's defaults."""
        return SubmissionRules(
            min_length=settings.get("min_length") or 0,
            late_allowance=timedelta(days=settings.get("late_days") or 0),
        )

    def slots(self, settings: Settings, span: Span, personal: Json) -> Sequence[Slot]:
        """One work, due when the submission ends."""
        dates = schedule(settings, span)
        late = dates.late_until if dates.late_until > dates.submit_until else None
        return [
            Slot(
                key=WORK,
                title=_l("作品"),
                opens=dates.opens,
                due=dates.submit_until,
                late_until=late,
                closes=dates.late_until,
            )
        ]

    def answer_form(self, settings: Settings) -> type[Form]:
        """One text."""
        return WorkForm

    def view(self, ctx: ActivityContext) -> Mapping[str, object]:
        """Dates, works to assess, and after the closing what was said."""
        return front_page(ctx)

    def measures(
        self, settings: Settings, answer: Answer, grade: Grade, hand_in: HandIn
    ) -> Measures:
        """A leader's mark counts at once; that of the peers when all are in."""
        score = (grade.score * FULL_MARK).quantize(TWO_PLACES)
        return work_measures(hand_in, score)

    def assess(
        self,
        ctx: ActivityContext,
        number: int,
        levels: Sequence[int],
        overall: str,
        remarks: Sequence[str] = (),
    ) -> None:
        """Assess the person's work of this number, as they would on its page.

        Levels and remarks are those of the criteria in their order.

        Raises:
            NotFound: they were given no such work, or it is being revised.
            Invalid: a level is missing, or the rubric lacks it.
        """
        mine = reviewing.given(ctx, number)
        found = reviewing.assigned(ctx, mine)
        if found is None:
            raise NotFound
        keys = [criterion.key for criterion in rubric_of(ctx).criteria]
        opinion = Opinion(
            dict(zip(keys, levels, strict=False)),
            dict(zip(keys, remarks, strict=False)),
            overall,
        )
        counter = mine.assessment.counter if mine.assessment else 0
        reviewing.assess(ctx, mine, found.submission, opinion, counter=counter)

    def samples(self) -> Iterable[Sample]:
        """A work, and an empty one; what works are worth people say."""
        text = "这节课我让学生先估一估圆的周长大约是直径的几倍，再用绳子去量。" * 12
        copied = "学生说三倍多一点，我追问多的那一点是多少，教室里安静了下来。" * 12
        return [
            Sample(SampleKind.PASSING, {"text": text}),
            Sample(SampleKind.FAILING, {"text": copied}),
            Sample(SampleKind.INVALID, {"text": ""}),
        ]

"""The activity type: what a plugin contributes, and the defaults it starts from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import FileField, Form, MultipleFileField, SubmitField, TextAreaField

from portal.activity.forms import SettingsForm
from portal.activity.rules import CountsFrom, SubmissionRules
from portal.activity.samples import Sample, Scenario
from portal.activity.values import (
    Answer,
    Evidence,
    Grade,
    HandIn,
    Json,
    Mark,
    Measure,
    Measures,
    Settings,
    Slot,
    Span,
    SubmissionState,
    Timing,
    Words,
)

if TYPE_CHECKING:
    from flask import Blueprint
    from sqlalchemy.orm import DeclarativeBase

    from portal.activity.context import ActivityContext

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST_NAME = 32

COMMON_MEASURES = (
    Measure("entries", "entry", _l("篇数")),
    Measure("in_time", "entry", _l("按时篇数")),
    Measure("late", "entry", _l("迟交篇数")),
    Measure("late_minutes", "minute", _l("迟交分钟数")),
    Measure("characters", "character", _l("字数")),
    Measure("score", "share", _l("得分")),
)


class ActivityType:
    """One kind of thing a teacher does in a workshop.

    A type has no state: one instance serves every activity, request and thread. It
    must set `name`, `title` and `template`. Where something is handed in it writes
    `answer_form`, `samples`, and `grade` unless people judge; else `scenarios`.
    """

    name: ClassVar[str]
    """Stable: it is stored. The plugin's name, or that and `_` and more."""

    title: ClassVar[Words]
    """What people call it."""

    template: ClassVar[str]
    """The page, in the plugin's own folder: `"journal/view.html"`."""

    icon: ClassVar[str] = "activity"
    settings_form: ClassVar[type[SettingsForm]] = SettingsForm
    settings_version: ClassVar[int] = 1

    waits_for_leader: ClassVar[bool] = True
    """Whether what is handed in waits on the desk of who leads; not where the people
    who take part judge it."""

    base: ClassVar[type[DeclarativeBase] | None] = None
    """`model_base(name)` where the plugin has tables of its own."""

    blueprint: ClassVar[Blueprint | None] = None
    """Further pages, only where one is not enough; mounted inside the activity."""

    reports: ClassVar[tuple[Measure, ...]] = COMMON_MEASURES
    """What a scheme may count."""

    # What is owed, and when

    def rules(self, settings: Settings) -> SubmissionRules:
        """The settings the core acts on: lengths, similarity, windows, pass score."""
        return SubmissionRules.from_settings(settings)

    def rules_of(self, settings: Settings, slot: Slot) -> SubmissionRules:
        """What is asked of a work for this slot: its length, its files.

        By default what is asked of all; windows and what counts are the same for all.
        """
        return self.rules(settings)

    def slots(self, settings: Settings, span: Span, personal: Json) -> Sequence[Slot]:
        """What one person owes; by default one thing, due when the span ends.

        Pure: the same arguments always give the same slots with the same keys.
        """
        late_until = span.ends + self.rules(settings).late_allowance
        return [
            Slot(
                key="once",
                title=self.title,
                opens=span.starts,
                due=span.ends,
                late_until=late_until if late_until > span.ends else None,
                closes=late_until,
            )
        ]

    # What the teacher meets

    def answer_form(self, settings: Settings) -> type[Form] | None:
        """The form to hand in; None, the default, where there is nothing to."""
        return None

    def form_of(self, settings: Settings, slot: Slot) -> type[Form] | None:
        """The form of one slot; by default all have the same."""
        return self.answer_form(settings)

    def view(self, ctx: ActivityContext) -> Mapping[str, object]:
        """Data for the template, beside what the core gives every activity page."""
        return {}

    def take_in(self, ctx: ActivityContext, form: Form) -> Answer:
        """Make the answer of a valid form.

        By default the text areas are what the person wrote, uploads are stored, and
        the values of all other fields must be JSON.
        """
        fields: list[Any] = [
            field
            for field in form
            if not isinstance(field, SubmitField) and field.name != "csrf_token"
        ]
        uploads = (FileField, MultipleFileField)
        return Answer(
            data={f.name: f.data for f in fields if not isinstance(f, uploads)},
            text="\n\n".join(
                f.data.strip()
                for f in fields
                if isinstance(f, TextAreaField) and f.data and f.data.strip()
            ),
            files=tuple(
                ctx.store(upload)
                for f in fields
                if isinstance(f, uploads)
                for upload in (f.data if isinstance(f.data, list) else [f.data])
                if upload
            ),
        )

    # Judging

    def grade(
        self, settings: Settings, answer: Answer, hand_in: HandIn
    ) -> Grade | None:
        """Judge one version; None, the default, when a person must.

        Pure: no clock, no database, no randomness, so that it can be run again.
        """
        return None

    def combine(self, settings: Settings, marks: Sequence[Mark]) -> Grade | None:
        """Make one grade of several markers' scores; by default their mean.

        None while nobody gave a score. Rounded half up to four places.
        """
        scores = [mark.score for mark in marks if mark.score is not None]
        if not scores:
            return None
        mean = sum(scores, Decimal(0)) / len(scores)
        return Grade(mean.quantize(Decimal("0.0001"), ROUND_HALF_UP))

    def is_complete(
        self, settings: Settings, grade: Grade | None, hand_in: HandIn
    ) -> bool:
        """Whether the slot is done: by default the score passes and the state counts.

        What is a draft, returned, held or rejected never counts.
        """
        rules = self.rules(settings)
        states = {SubmissionState.ACCEPTED}
        if rules.counts_from is CountsFrom.HANDED_IN:
            states.add(SubmissionState.HANDED_IN)
        if grade is None or hand_in.state not in states:
            return False
        return grade.score >= rules.pass_score

    def measures(
        self, settings: Settings, answer: Answer, grade: Grade, hand_in: HandIn
    ) -> Measures:
        """The amounts of one completion, each declared in `reports`."""
        return {
            "entries": 1,
            "in_time": int(hand_in.timing is Timing.IN_TIME),
            "late": int(hand_in.timing is Timing.LATE),
            "late_minutes": hand_in.late_minutes,
            "characters": hand_in.length,
            "score": grade.score,
        }

    def evidence(self, answer: Answer, grade: Grade) -> Evidence:
        """What proves the completion; the core adds when, by whom and the digest."""
        return Evidence(files=answer.files)

    # Looking after what it keeps; the defaults are right for most

    def upgrade_settings(self, old: Json, version: int) -> Json:
        """Bring settings stored at an older `settings_version` to the present one."""
        return old

    def read_settings(self, stored: Json, version: int) -> Settings:
        """Stored settings, upgraded, over the form's defaults. Not to be overridden."""
        if version < self.settings_version:
            stored = self.upgrade_settings(stored, version)
        return {**self.settings_form.defaults(), **stored}

    def bring_over(self, ctx: ActivityContext, source: ActivityContext) -> None:
        """Bring what is kept beside the settings into `ctx`, a copy of `source`.

        In the transaction in which the workshop is copied. Both are opened for nobody,
        with the portal's own rights. What people did stays behind, and dates of one's
        own move as far as `span` does. By default there is nothing to bring.
        """

    def wind_up(self, ctx: ActivityContext) -> None:
        """Report what is counted and not yet said: the workshop closes now.

        In the transaction that closes it, before anybody's credit is claimed; opened
        for nobody, with the portal's own rights. By default everything is said.
        """

    # Proving it

    def samples(self) -> Iterable[Sample]:
        """Examples for the conformance kit: at least one of each `SampleKind`."""
        return ()

    def scenarios(self) -> Iterable[Scenario]:
        """What people do here, for the kit, where there is no form to hand in.

        At least one that earns a fact and one that does not.
        """
        return ()


def is_plugin_name(name: str) -> bool:
    """Whether it is lower case, digits and single underscores, and not too long."""
    return NAME.fullmatch(name) is not None and len(name) <= LONGEST_NAME


def problems(kind: object, plugin: str) -> Iterator[str]:
    """Say what keeps `kind` from being an activity type of this plugin."""
    if not isinstance(kind, ActivityType):
        yield f"{kind!r} is not an instance of ActivityType"
        return
    for name in ("name", "title", "template"):
        if not getattr(kind, name, None):
            yield f"{type(kind).__name__} sets no {name}"
    name = getattr(kind, "name", plugin)
    if not is_plugin_name(name):
        yield f"{name!r} is not a name: lower case, digits and single underscores"
    if name != plugin and not name.startswith(f"{plugin}_"):
        yield f"the type {name!r} does not begin with {plugin!r}"
    if not getattr(kind, "template", f"{plugin}/").startswith(f"{plugin}/"):
        yield f"the template {kind.template!r} does not lie under {plugin!r}/"

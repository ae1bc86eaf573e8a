"""Trying an activity type by its samples, without a database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import Form

from portal.activity import (
    ActivityContext,
    ActivityType,
    Answer,
    FileRef,
    Grade,
    HandIn,
    Sample,
    SampleKind,
    Settings,
    Slot,
    Span,
)
from portal.submissions.text import count_characters

SPAN = Span(
    datetime(2024, 9, 1, 16, tzinfo=UTC),
    datetime(2024, 9, 29, 16, tzinfo=UTC),
    ZoneInfo("Asia/Shanghai"),
)
"""Four weeks of a term, from a Monday's midnight in Shanghai."""


@dataclass
class SampleContext:
    """As much of an `ActivityContext` as `take_in` may need of one."""

    settings: Settings
    now: datetime

    def store(self, file: FileStorage) -> FileRef:
        """Keep nothing and name what would be kept."""
        content = file.stream.read()
        return FileRef(
            hashlib.sha256(content).hexdigest(),
            file.filename or "",
            file.mimetype or "application/octet-stream",
            len(content),
        )


def samples_of(kind: ActivityType, which: SampleKind) -> list[Sample]:
    """The type's samples of one kind."""
    return [sample for sample in kind.samples() if sample.kind is which]


def settings_for(kind: ActivityType, sample: Sample) -> Settings:
    """The sample's settings over the form's defaults."""
    return kind.read_settings(sample.settings, kind.settings_version)


def posted(data: Iterable[tuple[str, str | list[str]]]) -> MultiDict[str, str]:
    """A form as it arrives."""
    arrived: MultiDict[str, str] = MultiDict()
    for name, value in data:
        for one in [value] if isinstance(value, str) else value:
            arrived.add(name, one)
    return arrived


def form_of(kind: ActivityType, sample: Sample) -> Form:
    """The type's form with the sample in it.

    Raises:
        AssertionError: the type has samples and no form.
    """
    form = kind.answer_form(settings_for(kind, sample))
    assert form is not None, f"{kind.name} has samples, but nothing to hand in"
    return form(posted(sample.data.items()))


def answer_of(kind: ActivityType, sample: Sample) -> Answer:
    """What the type makes of a valid sample.

    Raises:
        AssertionError: its form refuses the sample.
    """
    form = form_of(kind, sample)
    assert form.validate(), f"the form refuses the {sample.kind} sample: {form.errors}"
    settings = settings_for(kind, sample)
    context = SampleContext(settings, _middle(_slot(kind, settings)))
    return kind.take_in(cast(ActivityContext, context), form)


def hand_in_of(kind: ActivityType, sample: Sample, answer: Answer) -> HandIn:
    """Made-up circumstances: in time, first version, as long as the text is."""
    slot = _slot(kind, settings_for(kind, sample))
    at = _middle(slot)
    made_up = HandIn(
        slot=slot,
        version=1,
        submitted_at=at,
        counts_as_at=at,
        length=count_characters(answer.text).characters,
    )
    given: dict[str, Any] = dict(sample.hand_in)
    return replace(made_up, **given)


def grade_of(kind: ActivityType, sample: Sample) -> Grade | None:
    """How the type judges the sample."""
    answer = answer_of(kind, sample)
    circumstances = hand_in_of(kind, sample, answer)
    return kind.grade(settings_for(kind, sample), answer, circumstances)


def _slot(kind: ActivityType, settings: Settings) -> Slot:
    return kind.slots(settings, SPAN, {})[0]


def _middle(slot: Slot) -> datetime:
    return slot.opens + min((slot.due - slot.opens) / 2, timedelta(days=1))

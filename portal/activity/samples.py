"""By what the conformance kit proves a type: answers, and what learners do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from portal.activity.context import ActivityContext
from portal.activity.values import Grade, Json, Measures


class SampleKind(StrEnum):
    """What a sample is meant to show."""

    PASSING = "passing"
    FAILING = "failing"
    INVALID = "invalid"


@dataclass(frozen=True)
class Sample:
    """One example by which the conformance kit proves a type.

    `data` is the posted form, `settings` stand over the defaults, `hand_in`
    replaces fields of the `HandIn` that the kit makes up, `expected` is what
    `grade` must return. An invalid sample is one that the form refuses.
    """

    kind: SampleKind
    data: Mapping[str, str | list[str]]
    settings: Json = field(default_factory=dict)
    hand_in: Mapping[str, Any] = field(default_factory=dict)
    expected: Grade | None = None


@dataclass(frozen=True)
class Scenario:
    """What one learner does in an activity, by which the kit proves a type.

    `play` is called with the learner's context, twice. A passing one leaves exactly
    one standing fact, `key` with `measures`; a failing one leaves none. A key that
    ends with a colon (`"post:"`) stands for one with the number of a row behind it.
    `settings` stand over the defaults.
    """

    name: str
    kind: SampleKind
    play: Callable[[ActivityContext], None]
    key: str = ""
    measures: Measures = field(default_factory=dict)
    settings: Json = field(default_factory=dict)

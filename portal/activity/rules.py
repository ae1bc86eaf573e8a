"""The settings that the core itself acts on, whatever the activity type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from portal.activity.values import Settings


class CountsFrom(StrEnum):
    """The event from which a hand-in counts as done."""

    HANDED_IN = "handed_in"
    ACCEPTED = "accepted"


@dataclass(frozen=True)
class SubmissionRules:
    """How the core treats what is handed in to one activity.

    Lengths are in characters as `HandIn.length` counts them; a text outside them stays
    a draft. A text whose similarity reaches `hold_at` waits for a person, from
    `reject_at` on it is rejected; None switches the limit off. A returned text handed
    in again within `return_days` times 24 hours keeps its first time. `late_allowance`
    is how long after its due time a slot still counts as late. `pass_score` is the
    least score that completes. A work goes through `guidance_rounds` rounds of guidance
    (发出指导，修改，再指导) before it is marked. With `picture_suffices` a picture
    stands for the least length: a page of somebody's notebook. Without `least_files`
    files attached a work stays a draft.

    Raises:
        ValueError: when the limits contradict one another.
    """

    min_length: int = 0
    max_length: int | None = None
    counts_from: CountsFrom = CountsFrom.HANDED_IN
    hold_at: Decimal | None = Decimal("0.5")
    reject_at: Decimal | None = Decimal("0.8")
    return_days: int = 7
    late_allowance: timedelta = timedelta(0)
    pass_score: Decimal = Decimal("0.6")
    guidance_rounds: int = 0
    picture_suffices: bool = False
    least_files: int = 0

    def __post_init__(self) -> None:
        if self.max_length is not None and self.max_length < self.min_length:
            raise ValueError("max_length is below min_length")
        if self.hold_at is not None and self.hold_at > (self.reject_at or 1):
            raise ValueError("hold_at is above reject_at")
        counts = (self.return_days, self.guidance_rounds, self.least_files)
        if min(self.min_length, *counts) < 0:
            raise ValueError("lengths, days, rounds and files are not negative")
        if self.late_allowance < timedelta(0):
            raise ValueError("late_allowance is not negative")

    @property
    def return_window(self) -> timedelta:
        """The time a returned text may take and keep its first time."""
        return timedelta(days=self.return_days)

    @classmethod
    def from_settings(cls, settings: Settings) -> SubmissionRules:
        """Read the settings of `HandInSettingsForm`; what is absent keeps its default.

        The form speaks in whole per cent and days, the rules in shares and durations.
        """
        default = cls()
        return cls(
            min_length=settings.get("min_length", default.min_length) or 0,
            max_length=settings.get("max_length"),
            counts_from=CountsFrom(settings.get("counts_from", default.counts_from)),
            hold_at=_share(settings.get("hold_percent", 50)),
            reject_at=_share(settings.get("reject_percent", 80)),
            return_days=settings.get("return_days", default.return_days) or 0,
            late_allowance=timedelta(days=settings.get("late_days", 0) or 0),
            pass_score=_share(settings.get("pass_percent", 60)) or Decimal(0),
            guidance_rounds=settings.get("guidance_rounds", 0) or 0,
        )


def _share(percent: int | None) -> Decimal | None:
    return None if percent is None else Decimal(percent) / 100

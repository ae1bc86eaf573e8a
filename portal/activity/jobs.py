"""Work that a plugin does by the clock, without a request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from portal.activity.context import ActivityContext

SHORTEST = timedelta(minutes=1)


class JobContext(Protocol):
    """What a job of a plugin sees: one county, now, and its activities."""

    @property
    def session(self) -> Session:
        """The session, for the plugin's own tables; the core commits it once."""

    @property
    def now(self) -> datetime:
        """The one time of this run, aware UTC."""

    def activities(self, type_name: str) -> Sequence[ActivityContext]:
        """The activities of this type in workshops that are open.

        Those of organisations where the plugin is paused are left out. The contexts
        are opened for nobody, with the portal's own rights: `of` gives a person's.
        """


@dataclass(frozen=True)
class Job:
    """Work to be done once in each `every`, for each county, at least once.

    Its rows are written in one transaction; when it fails nothing is, and it is tried
    again. Two runs of one job never overlap. `name` is the plugin's own word for it.

    Raises:
        ValueError: `every` is shorter than a minute.
    """

    name: str
    every: timedelta
    run: Callable[[JobContext], None]

    def __post_init__(self) -> None:
        if self.every < SHORTEST:
            raise ValueError("a job is done once a minute at most")

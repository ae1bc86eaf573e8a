"""The kinds of jobs: a name, the function that does the work, and how long it may take.

A feature registers its own in its `jobs.py`, which the factory loads:

    @job("notices.mail", attempts=24)
    def mail(session: Session, *, notice_id: int) -> None: ...

The work is done at least once and its rows are written exactly once: they are
committed together with the job's own row, so a work that was begun twice is kept once
(promise P17). What it does outside the database must bear being done again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

Work = Callable[..., Mapping[str, Any] | None]
W = TypeVar("W", bound=Work)

ATTEMPTS = 5
LEASE = timedelta(minutes=1)


@dataclass(frozen=True)
class Kind:
    """One kind of job.

    Attributes:
        attempts: how often it is tried before it has failed.
        lease: how long it may be silent before it counts as lost; `progress` begins
            a new one.
        every: do it once in each such span, for each county if `each_tenant`.
    """

    name: str
    work: Work
    attempts: int = ATTEMPTS
    lease: timedelta = LEASE
    every: timedelta | None = None
    each_tenant: bool = True


KINDS: dict[str, Kind] = {}


def job(
    name: str,
    *,
    attempts: int = ATTEMPTS,
    lease: timedelta = LEASE,
    every: timedelta | None = None,
    each_tenant: bool = True,
) -> Callable[[W], W]:
    """Decorator: this function does the jobs of that name.

    It is called with a session of its own behind the wall of the job's county, and
    the job's arguments by name. What it returns, a mapping that JSON can hold, is
    kept as the job's result.

    Raises:
        ValueError: another function has the name.
    """

    def register(work: W) -> W:
        known = KINDS.get(name)
        if known is not None and known.work.__qualname__ != work.__qualname__:
            raise ValueError(f"There is a job {name!r} already: {known.work}")
        KINDS[name] = Kind(name, work, attempts, lease, every, each_tenant)
        return work

    return register

"""The one clock.

Every decision about time — a deadline, a lease, a code that expires — asks
`now()`, so that a page, a job and an import cannot disagree and a test can stop
the clock (promise V19).
"""

from collections.abc import Callable
from datetime import UTC, datetime

Source = Callable[[], datetime]

_source: Source | None = None


def now() -> datetime:
    """The present moment, aware and in UTC."""
    return _source() if _source is not None else datetime.now(UTC)


def set_source(source: Source | None) -> Source | None:
    """Take the time from `source` from now on; None returns to the system's clock.

    Returns the source so far, for whoever moves the clock for a while only.
    """
    global _source
    before, _source = _source, source
    return before

"""The one clock.

Every decision about time — a deadline, a lease, a code that expires — asks
`now()`, so that a page, a job and an import cannot disagree and a test can stop
the clock (promise V19).
"""

from collections.abc import Callable
from datetime import UTC, datetime

_source: Callable[[], datetime] | None = None


def now() -> datetime:
    """The present moment, aware and in UTC."""
    return _source() if _source is not None else datetime.now(UTC)


def set_source(source: Callable[[], datetime] | None) -> None:
    """Take the time from `source` from now on; None returns to the system's clock."""
    global _source
    _source = source

"""One thing that somebody does at a moment: what the loading puts in order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portal.users.models import User


@dataclass(frozen=True)
class Step:
    """The clock stands at `at` when `act` is called."""

    at: datetime
    who: User
    act: Callable[[], object]

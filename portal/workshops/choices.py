"""What a workshop's forms offer that only features above know: schemes, rubrics.

Lower never imports higher, so those features register a function here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Choice:
    """One thing to choose: its id and what people call it."""

    id: int
    label: str


Source = Callable[[Session], Iterable[Choice]]

_schemes: list[Source] = []
_rubrics: list[Source] = []


def scheme_choices(source: Source) -> Source:
    """Decorator: this function lists the published scheme versions."""
    if source not in _schemes:
        _schemes.append(source)
    return source


def rubric_choices(source: Source) -> Source:
    """Decorator: this function lists the rubrics."""
    if source not in _rubrics:
        _rubrics.append(source)
    return source


def schemes(session: Session) -> list[Choice]:
    """The scheme versions that a workshop may be judged by."""
    return [choice for source in _schemes for choice in source(session)]


def rubrics(session: Session) -> list[Choice]:
    """The rubrics that an activity may be judged by."""
    return [choice for source in _rubrics for choice in source(session)]

"""What a workshop's forms offer that only features above know: schemes, rubrics.

Lower never imports higher, so those features register a function here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.workshops.models import Workshop


@dataclass(frozen=True)
class Choice:
    """One thing to choose: its id, what people call it, and what it was made from."""

    id: int
    label: str
    template: str = ""


Source = Callable[[Session], Iterable[Choice]]

SchemeSource = Callable[[Session, Workshop | None], Iterable[Choice]]

Carried = Callable[[Session, int], int | None]

_schemes: list[SchemeSource] = []
_carried: list[Carried] = []
_rubrics: list[Source] = []


def scheme_choices(source: SchemeSource) -> SchemeSource:
    """Decorator: this function lists the scheme versions for a workshop."""
    if source not in _schemes:
        _schemes.append(source)
    return source


def scheme_of_copies(source: Carried) -> Carried:
    """Decorator: this function says what a copy has in the place of a version."""
    if source not in _carried:
        _carried.append(source)
    return source


def rubric_choices(source: Source) -> Source:
    """Decorator: this function lists the rubrics."""
    if source not in _rubrics:
        _rubrics.append(source)
    return source


def schemes(session: Session, workshop: Workshop | None = None) -> list[Choice]:
    """The scheme versions that a workshop may be judged by; None is a new one."""
    return [choice for source in _schemes for choice in source(session, workshop)]


def carried_over(session: Session, version_id: int | None) -> int | None:
    """The scheme version of a copy: the same, unless it is the original's own."""
    for source in _carried:
        version_id = None if version_id is None else source(session, version_id)
    return version_id


def rubrics(session: Session) -> list[Choice]:
    """The rubrics that an activity may be judged by."""
    return [choice for source in _rubrics for choice in source(session)]

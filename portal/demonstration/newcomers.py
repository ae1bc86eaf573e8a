"""Rosters of the term: what schools hand over when teachers come and change places."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from portal.demonstration import rosters
from portal.demonstration.people import Person, person
from portal.demonstration.rosters import Entry
from portal.demonstration.settling import County
from portal.demonstration.steps import Step
from portal.demonstration.term import Term
from portal.users.codes import FEMALE
from portal.users.id_number import check_digit

_FIRST = 8501
"""Number from which the newcomers of the term are counted."""

_FILE_NAME = "新进教师.xlsx"


def arrivals(
    session: Session, county: County, term: Term, seed: str, now: datetime, key: str
) -> Iterator[Step]:
    """One roster that was imported, with a transfer, and one that waits to be."""
    rng = Random(f"{seed}/arrivals")
    first, second = county.schools[:2]
    here, there = county.school_officers[:2]
    names = [first.name, second.name]
    moving = replace(county.others[0], school=second.name)
    imported = [
        Entry(_teacher(rng, 0), second.name),
        moving,
        *rosters.faulty(rng, names, first=3),
    ]
    waiting = [
        Entry(_teacher(rng, 1), first.name),
        Entry(_doubtful(_teacher(rng, 2)), first.name),
        *rosters.faulty(rng, names, first=6),
    ]

    def bring_in() -> None:
        checked = rosters.hand_over(
            session, imported, second, there, file_name=_FILE_NAME, key=key
        )
        rosters.take(session, checked, there, key=key)

    def hand_over() -> None:
        rosters.hand_over(session, waiting, first, here, file_name=_FILE_NAME, key=key)

    yield Step(term.at(4, 2, 15, 10), there, bring_in)
    yield Step(now - (now - term.at(term.weeks)) * 0.2, here, hand_over)


def _teacher(rng: Random, number: int) -> Person:
    """A young teacher of a subject for which there is no workshop."""
    return person(rng, _FIRST + number, subject="science", stage="20", age=(23, 26))


def _doubtful(one: Person) -> Person:
    """The same with a number that is right and yet may have been cut."""
    first_17 = f"{one.id_no[:14]}000"
    return replace(one, id_no=first_17 + check_digit(first_17), sex=FEMALE)

"""A teacher's own credits: the statement of a year, and what is under way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.credits.claim_lists import certificates_of
from portal.credits.models import Certificate, ClaimState, CreditClaim
from portal.credits.queries import claims_of, entries_of
from portal.credits.statement import Statement, statement, years

IN_THE_STATEMENT = frozenset({ClaimState.REGISTERED, ClaimState.REVERSED})


@dataclass(frozen=True)
class Own:
    """What My record shows of a person's credits."""

    years: Sequence[int]
    """Those that have an entry, the latest first."""
    statement: Statement | None
    """None where there is no entry yet."""
    certificates: Mapping[int, Certificate]
    """By the id of their entry."""
    under_way: Sequence[CreditClaim]
    """Claims that are no entry, those that were refused among them; newest first."""


def own_credits(session: Session, user_id: int, year: int | None = None) -> Own:
    """The person's credits; of the year wanted, if it has any, else of the latest."""
    entries = entries_of(session, user_id)
    there = years(entries)
    shown = year if year in there else next(iter(there), None)
    return Own(
        years=there,
        statement=statement(entries, shown) if shown is not None else None,
        certificates=certificates_of(session, user_id) if entries else {},
        under_way=[
            claim
            for claim in claims_of(session, user_id)
            if claim.state not in IN_THE_STATEMENT
        ],
    )

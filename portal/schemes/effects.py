"""What a change of a scheme does to some people: their sheets before and after."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.completions.fact import Fact
from portal.completions.service import facts_of
from portal.permissions import Actor, Permission, visible
from portal.schemes.engine.evaluation import evaluate
from portal.schemes.engine.rules import Scheme as Rules
from portal.schemes.engine.sheet import Label, Sheet
from portal.schemes.models import Scheme, SchemeVersion, ScoreSheet
from portal.schemes.samples import Portrait, invented, with_new_sources
from portal.users.models import User
from portal.workshops.models import Workshop

REAL = 4
"""How many learners stand for all: the highest, the lowest, and some between."""

ZERO = Decimal(0)


@dataclass(frozen=True)
class Changed:
    """A line of a sheet, before and after; None where there was or is none."""

    title: Label
    before: Decimal | None
    after: Decimal | None
    aside: bool = False


@dataclass(frozen=True)
class Effect:
    """One person's sheet under the scheme as it was, if it was, and as it is now."""

    who: Portrait | str
    before: Sheet | None
    after: Sheet

    @property
    def differs(self) -> bool:
        """Whether total or qualification are others."""
        return self.before is not None and (
            self.before.total != self.after.total
            or self.before.qualified != self.after.qualified
        )

    @property
    def lines(self) -> list[Changed]:
        """The lines of the total, those first that there are now."""
        now = {line.item: line for line in self.after.lines if not line.parent}
        was = {
            line.item: line
            for line in (self.before.lines if self.before else ())
            if not line.parent
        }
        return [
            Changed(
                line.title,
                was[name].points if name in was else None,
                now[name].points if name in now else None,
                line.aside,
            )
            for name, line in {**was, **now}.items()
        ]


def on_invented(before: Rules | None, after: Rules, zone: tzinfo) -> list[Effect]:
    """The effect on people made up to fit the scheme."""
    people = invented(after, zone)
    if before is not None:
        people = with_new_sources(invented(before, zone), people)
    return [_effect(who, before, after, facts, zone) for who, facts in people.items()]


def on_people(
    people: Iterable[tuple[str, Sequence[Fact]]],
    before: Rules | None,
    after: Rules,
    zone: tzinfo,
) -> list[Effect]:
    """The effect on these people, by name."""
    return [_effect(name, before, after, facts, zone) for name, facts in people]


def _effect(
    who: Portrait | str,
    before: Rules | None,
    after: Rules,
    facts: Sequence[Fact],
    zone: tzinfo,
) -> Effect:
    old = evaluate(before, facts, zone=zone) if before is not None else None
    return Effect(who, old, evaluate(after, facts, zone=zone))


def some_learners(
    session: Session, actor: Actor, scheme: Scheme
) -> tuple[Workshop, list[tuple[str, list[Fact]]]] | None:
    """A few learners, by name, of a workshop that the scheme scores already.

    None where there is no such workshop whose overview the person may see, or nobody
    in it has a sheet.
    """
    found = session.scalars(
        visible(actor, Workshop, Permission.VIEW_OVERVIEW)
        .join(SchemeVersion, SchemeVersion.id == Workshop.scheme_version_id)
        .where(SchemeVersion.scheme_id == scheme.id)
        .order_by(Workshop.id.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    rows = session.execute(
        select(ScoreSheet.user_id, User.name)
        .join(ScoreSheet.user)
        .where(ScoreSheet.workshop_id == found.id)
        .order_by(ScoreSheet.total.desc(), ScoreSheet.user_id)
    ).all()
    if not rows:
        return None
    step = max(1, len(rows) - 1)
    places = sorted({round(step * n / (REAL - 1)) for n in range(REAL)})
    chosen = [rows[min(place, len(rows) - 1)] for place in places]
    return found, [
        (name, facts_of(session, user_id, [found.id]).get(found.id, []))
        for user_id, name in chosen
    ]

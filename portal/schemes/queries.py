"""Reads of schemes and sheets that have a name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, false, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.completions.service import facts_of
from portal.errors import NotFound
from portal.permissions import Actor, Permission, require, visible
from portal.schemes.engine.evaluation import evaluate
from portal.schemes.engine.marks import plain
from portal.schemes.engine.rules import Scores
from portal.schemes.engine.sheet import Sheet
from portal.schemes.models import Scheme, SchemeState, SchemeVersion, ScoreSheet
from portal.schemes.scheme_rule import SchemeRule
from portal.schemes.service import rules_of
from portal.schemes.words.versions import version_name
from portal.tenants import Tenant
from portal.workshops.choices import Choice, scheme_choices, scheme_of_copies
from portal.workshops.models import Workshop


def schemes(session: Session, actor: Actor) -> Sequence[Scheme]:
    """The schemes of the county by title, with their versions."""
    return (
        session.scalars(
            visible(actor, Scheme)
            .options(joinedload(Scheme.versions))
            .order_by(Scheme.title, Scheme.id)
        )
        .unique()
        .all()
    )


def in_force(session: Session, actor: Actor) -> Sequence[SchemeVersion]:
    """The published versions that the person may read, by title."""
    return session.scalars(
        select(SchemeVersion)
        .join(SchemeVersion.scheme)
        .where(
            SchemeVersion.state == SchemeState.PUBLISHED,
            SchemeRule().where(actor, Permission.VIEW),
        )
        .options(joinedload(SchemeVersion.scheme).joinedload(Scheme.workshop))
        .order_by(Scheme.title, Scheme.id)
    ).all()


def version_for(session: Session, actor: Actor, version_id: int) -> SchemeVersion:
    """A version that the person may read: a draft only who manages the scheme.

    Raises:
        NotFound: there is none such for them.
    """
    rule = SchemeRule()
    found = session.scalars(
        select(SchemeVersion)
        .join(SchemeVersion.scheme)
        .where(
            SchemeVersion.id == version_id,
            rule.where(actor, Permission.VIEW),
            or_(
                SchemeVersion.state != SchemeState.DRAFT,
                rule.where(actor, Permission.MANAGE_SCHEMES),
            ),
        )
        .options(joinedload(SchemeVersion.scheme))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def managed_version(session: Session, actor: Actor, version_id: int) -> SchemeVersion:
    """A version of a scheme that the person manages.

    Raises:
        NotFound: there is none such for them.
        Forbidden: they may read it only.
    """
    found = version_for(session, actor, version_id)
    require(actor, Permission.MANAGE_SCHEMES, found.scheme)
    return found


@dataclass(frozen=True)
class Judged:
    """A person's sheet in one workshop, and the scheme it follows."""

    sheet: Sheet
    needed: str | None
    """The mark that passes, as a person reads it."""
    version: SchemeVersion


_THESE = select(Workshop).where(Workshop.id.in_(bindparam("ids", expanding=True)))


def sheets_of(
    session: Session, user_id: int, workshops: Sequence[Workshop]
) -> dict[int, Judged]:
    """A person's sheets by workshop id, where the workshop has a scheme."""
    ids = [workshop.id for workshop in workshops]
    rows = judged_in(session, user_id, _THESE, {"ids": ids}, taking_part=ids)
    return {workshop.id: judged for workshop, judged in rows if judged}


@cache
def _with_sheets(found: Select[Workshop]) -> Select[*tuple[Any, ...]]:
    """The select with scheme and sheet; kept, for it is made slower than asked."""
    return (
        found.add_columns(SchemeVersion, ScoreSheet)
        .outerjoin(
            SchemeVersion,
            and_(
                SchemeVersion.id == Workshop.scheme_version_id,
                Workshop.id.in_(bindparam("taking_part", expanding=True)),
            ),
        )
        .outerjoin(SchemeVersion.scheme)
        .outerjoin(
            ScoreSheet,
            and_(
                ScoreSheet.workshop_id == Workshop.id,
                ScoreSheet.user_id == bindparam("user_id"),
                ScoreSheet.scheme_version_id == SchemeVersion.id,
            ),
        )
        .options(contains_eager(SchemeVersion.scheme))
    )


def judged_in(
    session: Session,
    user_id: int,
    found: Select[Workshop],
    asked: Mapping[str, Any],
    *,
    taking_part: Collection[int],
) -> list[tuple[Workshop, Judged | None]]:
    """The workshops that `found` finds, with the person's sheet in each, in one query.

    A sheet stands where the workshop has a scheme and the person takes part. Where
    none is stored, or one of an earlier scheme, it is worked out from the facts, as
    `service.sheets_in` does.

    Args:
        found: a select that is made once, in a module; it is kept.
        asked: its values.
    """
    values = {**asked, "user_id": user_id, "taking_part": sorted(taking_part)}
    rows = session.execute(_with_sheets(found), values).all()
    missing = [row[0].id for row in rows if row[1] is not None and row[2] is None]
    facts = facts_of(session, user_id, missing) if missing else {}

    def judged(workshop: Workshop, version: SchemeVersion, stored: Any) -> Judged:
        rules = rules_of(version)
        if stored is not None:
            sheet = Sheet.from_json(stored.sheet)
        else:
            zone = session.get_one(Tenant, workshop.tenant_id).zone
            sheet = evaluate(rules, facts.get(workshop.id, []), zone=zone)
        needed = plain(rules.pass_mark) if rules.pass_mark is not None else None
        return Judged(sheet, needed, version)

    return [
        (workshop, judged(workshop, version, stored) if version else None)
        for workshop, version, stored in rows
    ]


@scheme_choices
def published(session: Session, workshop: Workshop | None) -> list[Choice]:
    """The versions that the learners of a workshop may be judged by."""
    return choices_for(session, Scores.TEACHER, workshop)


@scheme_of_copies
def of_a_copy(session: Session, version_id: int) -> int | None:
    """The version that a copied workshop keeps: none that is the original's own."""
    version = session.get_one(SchemeVersion, version_id)
    return version_id if version.scheme.workshop_id is None else None


def choices_for(
    session: Session, scores: Scores, workshop: Workshop | None = None
) -> list[Choice]:
    """The published versions that score these, of the county and of the workshop.

    A workshop's own may score its learners only: its leaders write it, and nobody
    writes the rules that they are judged by. The one that the workshop has stays to
    be chosen when a newer one took its place.
    """
    local = workshop is not None and scores is Scores.TEACHER
    own = Scheme.workshop_id == workshop.id if workshop and local else false()
    present = (
        SchemeVersion.id.in_(
            [workshop.scheme_version_id, workshop.leader_scheme_version_id]
        )
        if workshop
        else false()
    )
    rows = session.scalars(
        select(SchemeVersion)
        .join(SchemeVersion.scheme)
        .where(
            or_(Scheme.workshop_id.is_(None), own),
            or_(SchemeVersion.state == SchemeState.PUBLISHED, present),
        )
        .options(joinedload(SchemeVersion.scheme))
        .order_by(Scheme.title, SchemeVersion.number.desc())
    )
    return [
        Choice(row.id, version_name(row.scheme.title, row.number), row.template)
        for row in rows
        if rules_of(row).scores is scores
    ]

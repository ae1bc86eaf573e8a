"""Reads of schemes and sheets that have a name, and who sees a scheme."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.completions.service import facts_of
from portal.errors import NotFound
from portal.permissions import Actor, Permission, register, visible
from portal.schemes.document import read_scheme
from portal.schemes.engine import evaluate
from portal.schemes.marks import plain
from portal.schemes.models import Scheme, SchemeState, SchemeVersion, ScoreSheet
from portal.schemes.sheet import Sheet
from portal.tenants import Tenant
from portal.workshops.choices import Choice, scheme_choices
from portal.workshops.models import Workshop


class SchemeRule:
    """Everybody in the county reads the schemes they are judged by."""

    def where(self, actor: Actor, permission: Permission) -> ColumnElement[bool]:
        """The schemes with which `actor` may do this."""
        mine = Scheme.tenant_id == actor.tenant_id
        if permission is Permission.VIEW or actor.holds(permission):
            return mine
        return ~true()

    def allows(self, actor: Actor, permission: Permission, row: Scheme) -> bool:
        """The same about one scheme."""
        held = permission is Permission.VIEW or actor.holds(permission)
        return held and row.tenant_id == actor.tenant_id


register(Scheme, SchemeRule())


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


def version_for(session: Session, actor: Actor, version_id: int) -> SchemeVersion:
    """A version that the person may read: a draft only who manages schemes.

    Raises:
        NotFound: there is none such for them.
    """
    found = session.scalars(
        select(SchemeVersion)
        .join(SchemeVersion.scheme)
        .where(
            SchemeVersion.id == version_id,
            SchemeRule().where(actor, Permission.VIEW),
            or_(
                SchemeVersion.state != SchemeState.DRAFT,
                SchemeRule().where(actor, Permission.MANAGE_SCHEMES),
            ),
        )
        .options(joinedload(SchemeVersion.scheme))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Judged:
    """A person's sheet in one workshop, and the scheme it follows."""

    sheet: Sheet
    needed: str | None
    """The mark that passes, as a person reads it."""
    version: SchemeVersion


def sheets_of(
    session: Session, user_id: int, workshops: Sequence[Workshop]
) -> dict[int, Judged]:
    """A person's sheets by workshop id, where the workshop has a scheme.

    Where none is stored, or one of an earlier scheme, it is worked out from the
    facts, as `service.sheets_in` does.
    """
    rows = session.execute(
        select(Workshop, SchemeVersion, ScoreSheet)
        .join(SchemeVersion, SchemeVersion.id == Workshop.scheme_version_id)
        .join(SchemeVersion.scheme)
        .outerjoin(
            ScoreSheet,
            and_(
                ScoreSheet.workshop_id == Workshop.id,
                ScoreSheet.user_id == user_id,
                ScoreSheet.scheme_version_id == SchemeVersion.id,
            ),
        )
        .where(Workshop.id.in_([workshop.id for workshop in workshops]))
        .options(contains_eager(SchemeVersion.scheme))
    ).all()
    missing = [workshop.id for workshop, _, stored in rows if stored is None]
    facts = facts_of(session, user_id, missing) if missing else {}
    found = {}
    for workshop, version, stored in rows:
        rules = read_scheme(version.document)
        if stored is not None:
            sheet = Sheet.from_json(stored.sheet)
        else:
            zone = session.get_one(Tenant, workshop.tenant_id).zone
            sheet = evaluate(rules, facts.get(workshop.id, []), zone=zone)
        needed = plain(rules.pass_mark) if rules.pass_mark is not None else None
        found[workshop.id] = Judged(sheet, needed, version)
    return found


@scheme_choices
def published(session: Session) -> list[Choice]:
    """The versions that a workshop may be judged by."""
    rows = session.scalars(
        select(SchemeVersion)
        .join(SchemeVersion.scheme)
        .where(SchemeVersion.state == SchemeState.PUBLISHED)
        .options(joinedload(SchemeVersion.scheme))
        .order_by(Scheme.title, SchemeVersion.number.desc())
    )
    return [Choice(row.id, f"{row.scheme.title}（{row.number}）") for row in rows]

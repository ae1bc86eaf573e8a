"""Reads of schemes and sheets that have a name, and who sees a scheme."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session, joinedload

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


def sheets_of(
    session: Session, user_id: int, workshops: Sequence[Workshop]
) -> dict[int, tuple[Sheet, str | None]]:
    """A person's sheets by workshop id, each with the mark that passes.

    Where none is stored, or one of an earlier scheme, it is worked out from the
    facts, as `service.sheets_in` does.
    """
    versions = versions_by_id(session, (w.scheme_version_id for w in workshops))
    judged = [w for w in workshops if w.scheme_version_id in versions]
    stored = _stored(session, user_id, judged)
    missing = [w.id for w in judged if w.id not in stored]
    facts = facts_of(session, user_id, missing) if missing else {}
    found = {}
    for workshop in judged:
        rules = read_scheme(versions[workshop.scheme_version_id or 0].document)
        sheet = stored.get(workshop.id)
        if sheet is None:
            zone = session.get_one(Tenant, workshop.tenant_id).zone
            sheet = evaluate(rules, facts.get(workshop.id, []), zone=zone)
        needed = plain(rules.pass_mark) if rules.pass_mark is not None else None
        found[workshop.id] = (sheet, needed)
    return found


def _stored(
    session: Session, user_id: int, workshops: Sequence[Workshop]
) -> dict[int, Sheet]:
    """The person's stored sheets that follow the workshop's present scheme."""
    rows = session.scalars(
        select(ScoreSheet)
        .join(Workshop, Workshop.id == ScoreSheet.workshop_id)
        .where(
            ScoreSheet.user_id == user_id,
            ScoreSheet.workshop_id.in_([workshop.id for workshop in workshops]),
            ScoreSheet.scheme_version_id == Workshop.scheme_version_id,
        )
    )
    return {row.workshop_id: Sheet.from_json(row.sheet) for row in rows}


def versions_by_id(
    session: Session, ids: Iterable[int | None]
) -> dict[int, SchemeVersion]:
    """Scheme versions by id."""
    wanted = sorted({i for i in ids if i is not None})
    rows = session.scalars(
        select(SchemeVersion)
        .join(SchemeVersion.scheme)
        .where(SchemeVersion.id.in_(wanted))
        .options(joinedload(SchemeVersion.scheme))
    )
    return {row.id: row for row in rows}


def version_titles(
    session: Session, ids: Iterable[int | None]
) -> Mapping[int, tuple[str, int]]:
    """Title and number of scheme versions, by id."""
    return {
        found.id: (found.scheme.title, found.number)
        for found in versions_by_id(session, ids).values()
    }


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
    return [Choice(row.id, f"{row.scheme.title}({row.number})") for row in rows]

"""Writing schemes: drafts that can be changed, confirmed, and then published for ever.

Whoever calls these has asked `SchemeRule` whether the person may manage the scheme.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.audit.service import record
from portal.errors import Conflict, Invalid
from portal.schemes.documents.scheme import FORMAT, load_template, read_scheme
from portal.schemes.models import Scheme, SchemeState, SchemeVersion
from portal.workshops.models import Workshop

LONGEST_CODE = 56
"""Leaves room for a number where the code is taken."""

Document = Mapping[str, Any]


def new_scheme(
    session: Session,
    *,
    title: str = "",
    code: str = "",
    template: str | None = None,
    document: Document | None = None,
    workshop: Workshop | None = None,
    by: int | None,
) -> SchemeVersion:
    """A scheme with its first draft: of a template, of a document, or almost blank.

    Args:
        title: what it is called; else as the document says.
        code: its name on the command line; else made from the template's.
        document: its rules. With `template` too, they were edited from that one.
        workshop: whose own scheme it is; None is the county's.

    Raises:
        Invalid: there is no template of that name.
        Conflict: the code is taken.
        SchemeError: the document breaks a rule; `problems` lists where and what.
    """
    if document is None:
        document = _template(template) if template else blank(title)
    rules = read_scheme(document)
    if code and _is_taken(session, code):
        raise Conflict("scheme_code_taken", name=code)
    scheme = Scheme(
        code=code or _free_code(session, template or "scheme"),
        title=(title.strip() or rules.title.zh)[:120],
        workshop_id=workshop.id if workshop else None,
    )
    session.add(scheme)
    session.flush()
    record(session, by, "scheme.added", scheme)
    return draft_version(session, scheme, document, template=template, by=by)


def copied(document: Document) -> dict[str, Any]:
    """The rules of a scheme for one of its own, whose name says that it is a copy."""
    words = document["title"]
    title = {"zh": f"{words['zh'][:116]}（副本）", "en": f"{words['en'][:113]} (copy)"}
    return {**document, "title": title}


def blank(title: str) -> dict[str, Any]:
    """The least that is a scheme: one mark out of a hundred, given by the leader."""
    words = title.strip()[:120] or "考核方案"
    return {
        "format": FORMAT,
        "title": {"zh": words, "en": words if title.strip() else "Scheme"},
        "pass_mark": 60,
        "items": [
            {
                "id": "leader",
                "title": {"zh": "坊主评价", "en": "Mark of the workshop leader"},
                "counts": [{"source": "records:leader", "measure": "marks"}],
                "steps": [{"do": "cap", "limit": 100}],
            }
        ],
    }


def draft_version(
    session: Session,
    scheme: Scheme,
    document: Document,
    note: str = "",
    *,
    template: str | None = None,
    by: int | None = None,
) -> SchemeVersion:
    """Add a version to a scheme; it can be changed until it is published.

    Raises:
        SchemeError: the document breaks a rule; `problems` lists where and what.
    """
    read_scheme(document)
    _lock(session, scheme.id)
    newest = session.scalar(
        select(func.max(SchemeVersion.number)).where(
            SchemeVersion.scheme_id == scheme.id
        )
    )
    version = SchemeVersion(
        scheme_id=scheme.id,
        number=(newest or 0) + 1,
        document=dict(document),
        note=note,
        template=template or "",
    )
    session.add(version)
    session.flush()
    session.expire(scheme, ["versions"])
    record(session, by, "scheme.drafted", version)
    return version


def change_draft(
    session: Session,
    version: SchemeVersion,
    document: Document,
    *,
    note: str | None = None,
    seen: str | None = None,
    by: int | None = None,
) -> None:
    """Put other rules into a draft. Who had confirmed it has to do so again.

    Args:
        seen: the digest of the document that the person had before them.

    Raises:
        Conflict: it is published, or somebody else changed it meanwhile.
        SchemeError: the document breaks a rule; the draft stays as it was.
    """
    _locked_draft(session, version)
    if seen is not None and seen != document_digest(version.document):
        raise Conflict("scheme_changed_meanwhile")
    read_scheme(document)
    if document_digest(document) != document_digest(version.document):
        version.document = dict(document)
        version.confirmed_at = version.confirmed_by_id = None
    if note is not None:
        version.note = note
    record(session, by, "scheme.changed", version)


def discard_draft(session: Session, version: SchemeVersion, *, by: int | None) -> None:
    """Throw a draft away, and the scheme with its only one.

    Raises:
        Conflict: it is published.
    """
    _locked_draft(session, version)
    scheme = version.scheme
    record(session, by, "scheme.discarded", version)
    if len(scheme.versions) == 1:
        session.delete(scheme)
    else:
        scheme.versions.remove(version)
    session.flush()


def must_confirm(version: SchemeVersion) -> bool:
    """Whether somebody has yet to say that these are the rules that hold here."""
    if version.confirmed_at is not None:
        return False
    return bool(version.template) or read_scheme(version.document).has_unseen


def confirm(session: Session, version: SchemeVersion, *, by: int | None) -> None:
    """Somebody compared it with the paper: these are the rules that hold here.

    Raises:
        Conflict: it is published already.
    """
    _locked_draft(session, version)
    version.confirmed_at, version.confirmed_by_id = clock.now(), by
    record(session, by, "scheme.confirmed", version)


def publish(session: Session, version: SchemeVersion, *, by: int | None) -> None:
    """Freeze a version and put it in the place of the one before it.

    Workshops stay with the version they had; `reevaluation.ask` moves them.

    Raises:
        Conflict: it is published already, or nobody confirmed it who must.
    """
    _locked_draft(session, version)
    read_scheme(version.document)
    if must_confirm(version):
        raise Conflict("scheme_unconfirmed")
    for older in version.scheme.versions:
        if older.state == SchemeState.PUBLISHED:
            older.state = SchemeState.REPLACED
    version.state = SchemeState.PUBLISHED
    version.digest = document_digest(version.document)
    version.published_at = clock.now()
    version.published_by_id = by
    record(session, by, "scheme.published", version)


def document_digest(document: Document) -> str:
    """SHA-256 of the document in one canonical writing."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _locked_draft(session: Session, version: SchemeVersion) -> None:
    """Read the version anew, with nobody else writing the scheme meanwhile."""
    _lock(session, version.scheme_id)
    session.refresh(version)
    if version.state != SchemeState.DRAFT:
        raise Conflict("scheme_is_published")


def _lock(session: Session, scheme_id: int) -> None:
    session.scalars(
        select(Scheme.id).where(Scheme.id == scheme_id).with_for_update()
    ).one()


def _template(name: str) -> dict[str, Any]:
    try:
        return load_template(name)
    except KeyError as error:
        raise Invalid("unknown_template", name=name) from error


def _is_taken(session: Session, code: str) -> bool:
    found = select(Scheme.id).where(Scheme.code == code)
    return session.scalars(found).first() is not None


def _free_code(session: Session, wish: str) -> str:
    wish = wish[:LONGEST_CODE]
    taken = set(
        session.scalars(select(Scheme.code).where(Scheme.code.startswith(wish)))
    )
    number, code = 1, wish
    while code in taken:
        number += 1
        code = f"{wish}-{number}"
    return code

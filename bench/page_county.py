"""The county of `bench.pages`: the demonstration, and what its pages need beside it."""

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from cryptography.fernet import Fernet
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.app import create_app
from portal.db import db, set_tenant
from portal.demonstration.load import Demand, Means, load
from portal.organisations.plugins import set_plugin
from portal.organisations.queries import root
from portal.plugins import streams
from portal.plugins.manager import PluginManager
from portal.tenants import Tenant
from portal.users.models import User
from portal.users.passwords import hasher
from portal.users.sessions import open_session
from portal.workshops.models import Activity, Enrolment, Workshop, WorkshopState

TEACHERS = 273
"""Three workshops of 91, the largest of the county that the portal was drawn for."""

CONFIGURATION = "portal.cfg"
SITUATION = "bench.json"


@dataclass(frozen=True)
class Situation:
    """Where the pages are, and as whom they are asked for; people are cookies."""

    learner: str
    leader: str
    workshop_id: int
    activities: dict[str, int]
    """An activity of each installed type, by the type's name."""
    writing_id: int
    """A journal with weeks that nobody wrote, for handing in."""
    writers: list[str]


def prepare(instance: Path, database: str | None) -> Situation:
    """The county in `instance`: made there, or as it was left by an earlier run."""
    kept = instance / SITUATION
    if kept.exists():
        return Situation(**json.loads(kept.read_text("utf-8")))
    configure(instance, database)
    app = create_app(instance_path=str(instance))
    plugins: PluginManager = app.extensions["portal_plugins"]
    with app.app_context():
        streams.upgrade(db.engine, plugins)
        load(db.session, Demand(TEACHERS, 7, clock.now()), means_of(app, plugins))
        set_tenant(db.session, db.session.scalars(select(Tenant.id)).one())
        found = situation(app, db.session, plugins)
        db.session.commit()
    kept.write_text(json.dumps(asdict(found)), "utf-8")
    return found


def configure(instance: Path, database: str | None) -> None:
    """Write the installation's settings, with secrets of its own."""
    settings = {
        "SECRET_KEY": secrets.token_hex(),
        "CODE_PEPPER": secrets.token_hex(),
        "ID_NUMBER_KEY": Fernet.generate_key().decode(),
        "THEMES_DIR": str(Path(__file__).parents[1] / "themes"),
        "DATABASE_URL": database,
        "RATELIMIT_ENABLED": False,
    }
    lines = (f"{name} = {value!r}\n" for name, value in settings.items())
    (instance / CONFIGURATION).write_text("".join(lines), "utf-8")


def means_of(app: Flask, plugins: PluginManager) -> Means:
    """What the demonstration needs of the installation."""
    config = app.config
    return Means(
        journal=plugins.kinds["journal"],
        hasher=hasher(config["ARGON2_TIME_COST"], config["ARGON2_MEMORY_KIB"]),
        id_number_key=config["ID_NUMBER_KEY"],
        uploads=config["UPLOADS_URL"],
        say=print,
    )


def situation(app: Flask, session: Session, plugins: PluginManager) -> Situation:
    """Complete the county, and find or log in whom the pages need."""
    workshop, other = _largest(session)
    for name in plugins.plugins:
        set_plugin(session, root(session), name, enabled=True, by=None)
    activities = {
        name: _activity_of(session, workshop, name) for name in sorted(plugins.kinds)
    }
    learners = _people(session, workshop, "learner")
    return Situation(
        learner=cookie(app, session, learners[-1]),
        leader=cookie(app, session, _people(session, workshop, "workshop_leader")[0]),
        workshop_id=workshop.id,
        activities=activities,
        writing_id=_add(session, other, "journal", late_days=90).id,
        writers=[cookie(app, session, u) for u in _people(session, other, "learner")],
    )


def _largest(session: Session) -> tuple[Workshop, Workshop]:
    """The two open workshops with the most learners."""
    found = session.scalars(
        select(Workshop)
        .join(Enrolment, Enrolment.workshop_id == Workshop.id)
        .where(Workshop.state == WorkshopState.OPEN, Enrolment.role == "learner")
        .group_by(Workshop.id)
        .order_by(func.count().desc(), Workshop.id)
        .limit(2)
    ).all()
    return found[0], found[1]


def _people(session: Session, workshop: Workshop, role: str) -> list[User]:
    """Who has this role there, by user name."""
    return list(
        session.scalars(
            select(User)
            .join(Enrolment, Enrolment.user_id == User.id)
            .where(Enrolment.workshop_id == workshop.id, Enrolment.role == role)
            .order_by(User.username_key)
        )
    )


def _activity_of(session: Session, workshop: Workshop, kind: str) -> int:
    """The workshop's activity of a type; one with the usual settings if it has none."""
    found = session.scalars(
        select(Activity.id).where(
            Activity.workshop_id == workshop.id, Activity.type == kind
        )
    ).first()
    return found or _add(session, workshop, kind).id


def _add(
    session: Session, workshop: Workshop, kind: str, **settings: object
) -> Activity:
    made = Activity(
        workshop_id=workshop.id,
        position=99,
        type=kind,
        title=kind,
        settings=settings,
        starts_at=workshop.starts_at,
        ends_at=workshop.ends_at,
    )
    session.add(made)
    session.flush()
    return made


def cookie(app: Flask, session: Session, user: User) -> str:
    """Log the person in and return the cookie of their browser."""
    token = open_session(session, user, device="bench", idle=timedelta(days=14))
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    return str(signer.dumps({"_user_id": token, "_fresh": True}))

"""How long 2,100 teachers take to re-evaluate: `python -m bench.schemes [TEACHERS]`.

The promise: under 10 s on two cores. Seven workshops by the template yongji_2015 (S1),
some forty facts a teacher. Makes a county of its own in a temporary folder, or in the
empty database that `--database` names.
"""

import argparse
import resource
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from portal.app import create_app
from portal.completions.models import Completion
from portal.db import db, set_tenant
from portal.jobs.running import run_next
from portal.organisations.models import Organisation
from portal.plugins import streams
from portal.schemes import comparison, reevaluation, versions
from portal.schemes.documents.scheme import load_template
from portal.schemes.honouring import honours_in
from portal.schemes.models import SchemeVersion
from portal.schemes.service import marks_in, rebuild
from portal.testing import factories
from portal.users.models import User
from portal.workshops.models import Workshop

TEMPLATE = "yongji_2015"
WORKSHOPS = 7
START = datetime(2026, 9, 1, tzinfo=UTC)


def main() -> None:
    """Make the county, then measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("teachers", nargs="?", type=int, default=2100)
    parser.add_argument("--database", help="address of an empty database")
    wanted = parser.parse_args()
    settings = {
        "SECRET_KEY": secrets.token_hex(),
        "CODE_PEPPER": secrets.token_hex(),
        "ID_NUMBER_KEY": Fernet.generate_key().decode(),
        "DATABASE_URL": wanted.database,
    }
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings, instance_path=folder)
        with app.app_context():
            streams.upgrade(db.engine, app.extensions["portal_plugins"])
            measure(app, wanted.teachers)
            db.engine.dispose()


def measure(app: Flask, teachers: int) -> None:
    """Print how long each takes, of the clock and of the processor."""
    session = db.sessionmaker()
    version = county(session, teachers)
    facts = sum(1 for _ in deeds(0))
    print(f"{teachers} teachers in {WORKSHOPS} workshops, {facts} facts each")
    workshops = [row.id for row in session.scalars(select(Workshop))]

    def all_of_them(do: Callable[[Session, Workshop], object]) -> None:
        for workshop_id in workshops:
            do(session, session.get_one(Workshop, workshop_id))
            session.commit()

    told("sheets made from the facts", lambda: all_of_them(rebuild))
    told("sheets made anew", lambda: all_of_them(rebuild))
    draft = next_version(session, version)
    comparison.ask(session, draft, by=None)
    session.commit()
    told("who gains and who loses (job)", work)
    versions.publish(session, draft, by=None)
    reevaluation.ask(session, draft, by=None)
    session.commit()
    told("re-evaluated (job)", work)
    largest = session.get_one(Workshop, workshops[0])
    learners = list(session.scalars(select(User.id)))[: teachers // WORKSHOPS]
    told(
        f"the marks of {len(learners)}, to read",
        lambda: marks_in(session, largest, learners),
    )
    told(f"the honours of {len(learners)}", lambda: honours_in(session, largest))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{memory:.0f} MiB at most")


def work() -> None:
    """Do the job that waits."""
    if not run_next(db.sessionmaker):
        raise RuntimeError("no job is waiting")


def told(what: str, do: Callable[[], object]) -> None:
    """Do it, and print how long it took."""
    began, worked = time.perf_counter(), time.process_time()
    do()
    took, busy = time.perf_counter() - began, time.process_time() - worked
    print(f"{what:34} {took:6.2f} s, {busy:6.2f} s of them computing")


def county(session: Session, teachers: int) -> SchemeVersion:
    """A county whose teachers did much, in workshops that a scheme judges."""
    tenant_id = factories.make_tenant(session, "清溪").id
    place = session.scalars(select(Organisation)).one()
    version = versions.new_scheme(session, template=TEMPLATE, by=None)
    versions.confirm(session, version, by=None)
    versions.publish(session, version, by=None)
    workshops = []
    for _ in range(WORKSHOPS):
        workshop = factories.make_workshop(
            session, place, starts_at=START, scheme=version
        )
        workshops.append((workshop, factories.make_activity(session, workshop).id))
    for number in range(teachers):
        workshop, activity_id = workshops[number % WORKSHOPS]
        user = factories.make_user(session, f"教师{number}")
        factories.enrol(session, workshop, user)
        shared = {
            "tenant_id": tenant_id,
            "workshop_id": workshop.id,
            "activity_id": activity_id,
            "user_id": user.id,
        }
        rows = [{**fact, **shared} for fact in deeds(number)]
        session.execute(insert(Completion), rows)
    session.commit()
    set_tenant(session, tenant_id)
    return version


def next_version(session: Session, version: SchemeVersion) -> SchemeVersion:
    """The same rules, but watching counts up to four marks a stage."""
    document = load_template(TEMPLATE)
    (watching,) = (item for item in document["items"] if item["id"] == "watching")
    for step in watching["steps"]:
        if step["do"] == "cap" and step.get("per") == "stage":
            step["limit"] = 4
    draft = versions.draft_version(session, version.scheme, document)
    versions.confirm(session, draft, by=None)
    return draft


def deeds(number: int) -> Iterator[dict[str, Any]]:
    """What one teacher did: more or less of everything, by their number."""

    def fact(source: str, stage: int | None, place: int, **measures: str) -> Any:
        at = START + timedelta(days=30 * (stage or 1) + place, minutes=number)
        return {
            "source": source,
            "stage": stage,
            "key": f"{source}:{stage}:{place}",
            "revision": 1,
            "occurred_at": at,
            "recorded_at": at,
            "withdrawn": False,
            "reason": "",
            "title": "研修活动",
            "measures": measures,
            "evidence": {},
        }

    for stage in range(1, 7):
        for place in range(2):
            minutes = str((number * 7 + stage * 40 + place * 55) % 180)
            yield fact("material", stage, place, watch_minutes=minutes)
        yield fact("discussion", stage, 0, posts="2", topics="1", replies="3")
        yield fact("records:platform", stage, 1, resources="1", comments="4")
        if stage % (number % 4 + 2):
            yield fact("ones", stage, 2, entries="1", late_minutes=str(number % 3))
    for week in range(8):
        yield fact("journal", None, week, entries="1", characters="320")
    yield fact("records:offline_attendance", None, 1, marks="5")
    yield fact("records:attitude", None, 2, marks=str(number % 11))
    yield fact("records:quality", None, 3, marks=str(number % 16))


if __name__ == "__main__":
    main()

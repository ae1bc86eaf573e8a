"""One of everything that has a page, and one of everybody who might ask for it.

Tests that walk all addresses of the portal stand on it: a new argument of an address
needs a thing here, or they fail.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from portal import clock
from portal.activity import Purpose
from portal.organisations.models import Organisation
from portal.submissions.assigning import assign
from portal.tenants import Tenant
from portal.testing import factories
from portal.testing.everything.credit import credited
from portal.testing.everything.people import (
    everybody,
    membership_of,
    of_people,
    stranger,
)
from portal.testing.everything.work import (
    SCHEME,
    SECOND_WEEK,
    handed_in,
    of_records,
    of_the_workshop,
    of_types_with_pages,
)
from portal.users.models import User

NOTHING = 999_999
"""An id that nothing has."""

WORDS: Mapping[str, str] = {
    "slot_key": SECOND_WEEK,
    "type_name": "journal",
    "name": "journal",
    "step": "close",
    "check": "precheck",
    "kind": "single",
    "key": "no_theme",
    "filename": "css/portal.css",
    "book": "book:000000000000",
    "state": "read",
    "purpose": "guidance",
    "template_name": "weekly_journal",
}
"""What stands in addresses beside ids."""


@dataclass(frozen=True)
class Everything:
    """`ids` by the argument's name in addresses, `people` by who they are.

    Where the pages of a type ask for something else of that name, it is under both:
    `"quiz.activity_id"`.
    """

    ids: Mapping[str, Any]
    people: Mapping[str, User]

    def address(self, rule: Rule, *, nothing: bool = False) -> str:
        """The rule's address of the things here, or of things that do not exist."""

        def fill(found: re.Match[str]) -> str:
            name = found[1].rpartition(":")[2]
            if name in WORDS:
                return WORDS[name]
            if nothing:
                return str(NOTHING)
            own = f"{str(rule.endpoint).partition('.')[0]}.{name}"
            return str(self.ids.get(own) or self.ids[name])

        return re.sub(r"<([^>]+)>", fill, str(rule.rule))

    @staticmethod
    def has_ids(rule: Rule) -> bool:
        """Whether the address names a thing that may be hidden."""
        return bool(set(rule.arguments) - set(WORDS))


def make_everything(
    session: Session,
    app: Flask,
    *,
    county: Organisation,
    school: Organisation,
    other_school: Organisation,
    other_tenant: Tenant,
) -> Everything:
    """Make it all in the session's county, as of the clock's present."""
    version = factories.make_scheme(session, SCHEME)
    starts = clock.now() - timedelta(days=8)
    workshop = factories.make_workshop(
        session, county, starts_at=starts, scheme=version
    )
    group = factories.make_group(session, workshop, "第一组")
    people = dict(everybody(session, county, school, other_school, workshop, group))
    people["other county"] = stranger(session, other_tenant, county)
    owner = people["owner"]
    activity = factories.make_activity(session, workshop)
    ids = {
        "organisation_id": school.id,
        "user_id": owner.id,
        "workshop_id": workshop.id,
        "activity_id": activity.id,
        "project_id": workshop.project_id,
        "stage_id": workshop.stages[0].id,
        "group_id": group.id,
        "version_id": version.id,
        "schemes.item_id": "journals",
        "membership_id": membership_of(session, people["school officer"]),
        "enrolment_id": factories.enrol(
            session, workshop, factories.make_user(session, "孟辉", school=school)
        ).id,
        **of_types_with_pages(session, app, county, workshop),
        **of_the_workshop(session, workshop, group, activity, people),
        **handed_in(session, app, activity, people),
        **of_people(session, people, school, other_school, app),
        **credited(session, county, people),
        **of_records(session, app, workshop, people),
    }
    assign(session, ids["submission_id"], people["reviewer"].id, Purpose.REVIEW)
    session.commit()
    return Everything(ids, people)

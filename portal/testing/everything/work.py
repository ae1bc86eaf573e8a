"""What is planned in a workshop, handed in and brought in by sheets."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from portal import clock
from portal.activity import Answer, Decision
from portal.files import service as files
from portal.notifications import service as notices
from portal.organisations.models import Organisation
from portal.plugins.manager import PluginManager
from portal.records import service as records
from portal.records.models import SchoolScoring
from portal.records.service import Place
from portal.roster.files import text_workbook
from portal.submissions import drafts, handing_in, reviewing
from portal.submissions.models import SubmissionFile
from portal.submissions.slots import find_slot
from portal.testing import factories
from portal.users.models import User
from portal.workshops.dates import slots_of
from portal.workshops.models import (
    Activity,
    EnrolmentRule,
    Extension,
    StandIn,
    Workshop,
    WorkshopGroup,
)

FIRST_WEEK, SECOND_WEEK = "week:2024-W36", "week:2024-W37"
TEXT = "学生把“挤”字换成“长”“冒”以后，自己说出了荷叶多而密的样子。" * 5
SCHEME = {
    "format": 1,
    "title": {"zh": "考核方案", "en": "Scheme"},
    "items": [
        {
            "id": "journals",
            "title": {"zh": "日志", "en": "Journals"},
            "counts": [{"source": "journal", "measure": "entries"}],
            "steps": [{"do": "price", "unit": 1, "points": 1}],
        },
        {
            "id": "attitude",
            "title": {"zh": "态度", "en": "Attitude"},
            "counts": [{"source": "records:attitude", "measure": "marks"}],
            "steps": [{"do": "cap", "limit": 10}],
        },
    ],
}


def of_types_with_pages(
    session: Session, app: Flask, county: Organisation, workshop: Workshop
) -> dict[str, Any]:
    """An activity of each type that has pages of its own, and what these ask for.

    Nobody has done anything there: who may come finds nothing, as everybody else.
    """
    plugins: PluginManager = app.extensions["portal_plugins"]
    ids: dict[str, Any] = {}
    for name, kind in plugins.kinds.items():
        if kind.blueprint is not None:
            factories.enable_plugin(session, county, plugins.owner(name) or name)
            there = factories.make_activity(session, workshop, name)
            asked = {
                argument
                for rule in app.url_map.iter_rules()
                if str(rule.endpoint).startswith(f"{name}.")
                for argument in rule.arguments
            }
            ids |= {f"{name}.{argument}": 1 for argument in asked}
            ids[f"{name}.activity_id"] = there.id
    return ids


def of_the_workshop(
    session: Session,
    workshop: Workshop,
    group: WorkshopGroup,
    activity: Activity,
    people: Mapping[str, User],
) -> dict[str, Any]:
    """What a leader arranged beside the activities, and a notice to the owner."""
    stand_in = StandIn(
        group_id=group.id,
        user_id=factories.make_user(session, "苏敏").id,
        starts_at=clock.now(),
    )
    extension = Extension(
        activity_id=activity.id, user_id=people["owner"].id, hours=24, reason="支教"
    )
    session.add_all([stand_in, extension, EnrolmentRule(workshop_id=workshop.id)])
    session.flush()
    notice = notices.send(
        session,
        people["workshop leader"].id,
        [people["owner"].id],
        title="请补交日志",
        body="第一周还差一篇。",
        place=workshop.organisation_id,
        workshop_id=workshop.id,
        must_confirm=True,
    )
    return {
        "stand_in_id": stand_in.id,
        "extension_id": extension.id,
        "notice_id": notice.id,
        "short_code": notice.short_code,
    }


def handed_in(
    session: Session, app: Flask, activity: Activity, people: Mapping[str, User]
) -> dict[str, Any]:
    """The owner's first week: handed in with a file, and accepted with a remark."""
    plugins: PluginManager = app.extensions["portal_plugins"]
    kind, owner = plugins.kinds[activity.type], people["owner"]
    with app.test_request_context():
        slots = slots_of(session, kind, activity, owner.id)
        slot = find_slot(slots, FIRST_WEEK)
        given = drafts.begin(session, activity, owner.id, slot, slot.key)
        file = files.keep(
            session,
            "板书.txt",
            "荷叶挨挨挤挤的。".encode(),
            owner_id=owner.id,
            tenant_id=activity.tenant_id,
            place=app.config["UPLOADS_URL"],
            limit=1000,
        )
        session.add(SubmissionFile(submission_id=given.id, file_id=file.id))
        handing_in.hand_in(session, given, slot, kind, Answer({"text": TEXT}, TEXT))
        judgement = reviewing.Judgement(Decision.ACCEPT, given.revision, remark="好")
        review = reviewing.review(
            session, given, slot, kind, judgement, by=people["group leader"].id
        )
    return {"submission_id": given.id, "file_id": file.id, "review_id": review.id}


def of_records(
    session: Session, app: Flask, workshop: Workshop, people: Mapping[str, User]
) -> dict[str, Any]:
    """A sheet of records of the workshop, and one of the project's schools."""
    stream = BytesIO()
    with text_workbook(stream) as book:
        header = ["账号", "来源", "事项", "时间", "计量", "数量"]
        given = [people["owner"].username, "态度", "期末", "2024-09-12", "得分", "8"]
        page = book.add_worksheet()
        page.write_row(0, 0, header)
        page.write_row(1, 0, given)
    by_id = people["workshop leader"].id
    file = files.keep(
        session,
        "态度.xlsx",
        stream.getvalue(),
        owner_id=by_id,
        tenant_id=workshop.tenant_id,
        place=app.config["UPLOADS_URL"],
        limit=100_000,
    )
    activity = factories.make_activity(session, workshop, "records")
    scores = {**SCHEME, "scores": "school"}
    version = factories.make_scheme(session, scores)
    session.add(
        SchoolScoring(project_id=workshop.project_id, scheme_version_id=version.id)
    )
    places = (Place(activity_id=activity.id), Place(project_id=workshop.project_id))
    mine, schools = (records.keep(session, p, file, {}, by_id=by_id) for p in places)
    return {
        "records.activity_id": activity.id,
        "records.import_id": mine.id,
        "records.sheet_id": schools.id,
    }

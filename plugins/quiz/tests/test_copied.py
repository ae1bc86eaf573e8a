"""A workshop that is copied brings the paper of its quiz."""

from typing import Any

import pytest
from portal_quiz import paper
from sqlalchemy import select

from portal.api import open_activity
from portal.workshops.models import Activity, Workshop

pytestmark = pytest.mark.one_database


def test_a_copy_has_the_paper_and_nobodys_answers(
    quiz: Any, county_officer: Any
) -> None:
    quiz.begin(quiz.browser())
    source = quiz.session.get_one(Activity, quiz.id).workshop
    form = {
        "project_id": str(source.project_id),
        "title": "春季坊",
        "starts_on": "2025-02-24",
    }

    answer = quiz.as_user(county_officer).post(
        f"/workshops/{source.id}/copy", data=form
    )

    assert answer.status_code == 303
    made = quiz.session.scalars(
        select(Activity).join(Activity.workshop).where(Workshop.title == "春季坊")
    ).one()
    with quiz.app.test_request_context():
        ours = open_activity(quiz.session, quiz.id)
        theirs = open_activity(quiz.session, made.id)
        before, after = paper.items(ours), paper.items(theirs)
        assert [(one.position, one.version_id, one.points) for one in after] == [
            (one.position, one.version_id, one.points) for one in before
        ]
        assert before
        assert paper.is_in_use(ours)
        assert not paper.is_in_use(theirs)

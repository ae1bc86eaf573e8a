"""What leaders and officers keep of a plugin that was removed."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.submissions.models import Submission
from portal.testing.fixtures import AsUser
from portal.users.models import User
from portal.workshops.models import Activity

TEXT = "今天执教《荷花》，朗读指导用去了二十五分钟，小练笔没有时间写。" * 5


def test_whoever_read_the_works_of_a_lost_plugin_reads_them_still(
    learner: User,
    group_leader: User,
    workshop_leader: User,
    county_officer: User,
    activity: Callable[..., Activity],
    as_user: AsUser,
    session: Session,
) -> None:
    lost = activity("journal")
    session.commit()
    teacher = as_user(learner)
    teacher.post(f"/activities/{lost.id}/write/week:2024-W36", data={"text": TEXT})
    given = session.scalars(select(Submission)).one()
    paths = (
        f"/activities/{lost.id}",
        f"/workshops/{lost.workshop_id}",
        f"/workshops/{lost.workshop_id}/overview",
        f"/workshops/{lost.workshop_id}/overview.xlsx",
        *("/desk", "/record", "/"),
    )

    def read(person: User) -> list[int]:
        browser = as_user(person)
        work = browser.get(f"/submissions/{given.id}")
        assert "朗读指导" in work.text, person.name
        return [browser.get(path).status_code for path in paths]

    people = (learner, group_leader, workshop_leader, county_officer)
    before = [read(person) for person in people]
    session.get_one(Activity, lost.id).type = "lost"
    session.commit()

    assert [read(person) for person in people] == before
    assert before[2] == [200] * len(paths)

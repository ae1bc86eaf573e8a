"""The N ones: named duties, each a must; all done is complete, nothing is marked."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.completions.service import Report, record
from portal.schemes.documents.scheme import load_template
from portal.testing import factories
from portal.testing.fixtures import START, AsUser
from portal.users.models import User
from portal.workshops.models import Activity, Workshop
from tests.schemes.templates.at_work import Facts, scheme, sheet

NAMES = {"three_ones": 3, "four_ones": 4}


def done(*duties: int) -> Facts:
    facts = Facts()
    for duty in duties:
        facts.add("ones", entries=1, duties=1, **{f"duty_{duty}": 1})
    return facts


@pytest.mark.parametrize(("name", "many"), NAMES.items())
def test_all_duties_done_is_complete(name: str, many: int) -> None:
    found = sheet(name, done(*range(1, many + 1)))
    assert (found.qualified, found.total, found.missing) == (True, 0, ())


@pytest.mark.parametrize(("name", "many"), NAMES.items())
def test_each_duty_is_a_must_of_its_own(name: str, many: int) -> None:
    items = [item.id for item in scheme(name).items]
    for lacking in range(1, many + 1):
        others = [duty for duty in range(1, many + 1) if duty != lacking]
        found = sheet(name, done(*others, *others))
        assert found.qualified is False
        assert [note.params["item"] for note in found.missing] == [items[lacking - 1]]


def test_a_duty_that_was_refused_is_not_done() -> None:
    facts = done(1, 2).add("ones", duty_3=1, rejected=1)
    assert sheet("three_ones", facts).qualified is False


def test_a_duty_may_be_asked_for_twice() -> None:
    def twice(document: dict[str, list[dict[str, list[dict[str, int]]]]]) -> None:
        document["items"][1]["gates"][0]["at_least"] = 2

    rules = scheme("three_ones", twice)
    assert sheet(rules, done(1, 2, 3)).qualified is False
    assert sheet(rules, done(1, 2, 2, 3)).qualified is True


def test_a_record_shows_what_is_done_and_what_lacks_and_no_marks(
    session: Session,
    workshop: Workshop,
    activity: Callable[..., Activity],
    learner: User,
    as_user: AsUser,
) -> None:
    version = factories.make_scheme(session, load_template("three_ones"))
    workshop.scheme_version_id = version.id
    ones = activity("journal")
    for duty in (1, 2):
        report = Report(
            workshop_id=workshop.id,
            activity_id=ones.id,
            user_id=learner.id,
            source="ones",
            key=f"duty:{duty}.1",
            revision=1,
            occurred_at=START,
            measures={"entries": 1, "duties": 1, f"duty_{duty}": 1},
            title=f"第{duty}项",
        )
        record(session, report)
    session.commit()
    page = as_user(learner).get("/record").text
    assert page.count("共1项，只看数量，不计分。") == 2
    assert "“一次交流”须达到1项，还差1项。" in page
    assert "上限" not in page

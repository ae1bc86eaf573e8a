"""K5: pages that everybody can read, under any theme, at a bounded cost."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.testing.conftest import Trial
from portal.testing.fixtures import CountQueries
from portal.testing.reading_html import faults
from portal.testing.written import write_for
from portal.users.models import User

pytestmark = pytest.mark.one_database
"""K8 opens the same pages on every database."""

ROLES = ("learner", "group_leader", "workshop_leader", "officer")

MOST_QUERIES = 10
"""What a page may ask beyond what every page asks: who, where, with which rights."""

PARTICIPANTS = 90

Browse = Callable[[User], FlaskClient]


@pytest.fixture(params=["default", "bare"])
def theme(request: pytest.FixtureRequest, bare_theme: Callable[[], None]) -> str:
    """Each theme in turn, worn by every page of the test."""
    if request.param == "bare":
        bare_theme()
    return str(request.param)


@pytest.mark.parametrize("role", ROLES)
def test_the_page_is_good_html_for_every_role(
    role: str, theme: str, trial: Trial, readers: dict[str, User], as_user: Browse
) -> None:
    page = as_user(readers[role]).get(trial.page)

    assert page.status_code == 200
    assert ('class="masthead"' in page.text) is (theme == "default")
    assert not faults(page.text)


def test_the_page_is_good_html_after_a_hand_in(
    theme: str, trial: Trial, learner: User, hand_in: Any, as_user: Browse
) -> None:
    if trial.sample is not None:
        assert hand_in().status_code == 303

    page = as_user(learner).get(trial.page)

    assert page.status_code == 200
    assert not faults(page.text)


def test_the_page_where_one_writes_is_good_html(
    theme: str, trial: Trial, learner: User, as_user: Browse
) -> None:
    if trial.sample is None:
        return
    page = as_user(learner).get(trial.writing)

    assert page.status_code == 200
    assert not faults(page.text)


def test_what_stands_on_other_pages_is_good_html(
    theme: str, trial: Trial, learner: User, as_user: Browse
) -> None:
    browser = as_user(learner)

    for address in ("/", f"/workshops/{trial.workshop_id}"):
        page = browser.get(address)

        assert page.status_code == 200
        assert not faults(page.text)


def test_the_page_of_the_settings_is_good_html(
    theme: str, trial: Trial, workshop_leader: User, as_user: Browse
) -> None:
    page = as_user(workshop_leader).get(f"{trial.page}/edit")

    assert page.status_code == 200
    assert not faults(page.text)


@pytest.fixture
def asked(
    trial: Trial, readers: dict[str, User], as_user: Browse, count_queries: CountQueries
) -> Callable[[str], list[str]]:
    """`asked(role)` are the queries of the page beyond those of every page.

    The page of something that is not there is nothing but the frame.
    """

    def ask(role: str) -> list[str]:
        browser = as_user(readers[role])
        told = []
        for address in ("/activities/0", trial.page, "/activities/0", trial.page):
            with count_queries() as statements:
                browser.get(address)
            told.append(Counter(statements))
        return list((told[3] - told[2]).elements())

    return ask


@pytest.mark.parametrize("role", ROLES)
def test_the_page_asks_the_database_little(
    role: str, trial: Trial, hand_in: Any, asked: Callable[[str], list[str]]
) -> None:
    if trial.sample is not None:
        hand_in()

    queries = asked(role)

    assert len(queries) <= MOST_QUERIES, "\n".join(queries)


@pytest.fixture
def everybody_writes(
    session: Session, trial: Trial, crowd: Callable[[int], list[User]]
) -> Callable[[], None]:
    """`everybody_writes()` brings a crowd, each of whom handed something in."""

    def write() -> None:
        people = crowd(PARTICIPANTS)
        if trial.sample is not None:
            write_for(session, trial.activity, trial.slot, trial.sample, people)
        session.commit()

    return write


def test_the_page_asks_no_more_when_ninety_others_take_part(
    asked: Callable[[str], list[str]], everybody_writes: Callable[[], None]
) -> None:
    alone = {role: len(asked(role)) for role in ROLES}
    everybody_writes()

    for role in ROLES:
        queries = asked(role)
        assert len(queries) <= alone[role], "\n".join([role, *queries])

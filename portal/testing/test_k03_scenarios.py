"""K3, where nothing is handed in: what people do here earns its fact, and once."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activity import SampleKind, Scenario
from portal.completions.models import Completion
from portal.plugins.opening import open_activity
from portal.testing import factories
from portal.testing.conftest import Trial
from portal.users.models import User


@pytest.fixture
def scenarios(trial: Trial, app: Flask) -> list[Scenario]:
    """The type's scenarios; none where its samples prove it."""
    with app.test_request_context():
        return list(trial.kind.scenarios()) if trial.sample is None else []


def test_what_takes_no_hand_in_has_a_scenario_that_earns_and_one_that_does_not(
    trial: Trial, scenarios: list[Scenario]
) -> None:
    kinds = {scenario.kind for scenario in scenarios}

    assert trial.sample is not None or kinds >= {SampleKind.PASSING, SampleKind.FAILING}


def test_a_scenario_played_twice_leaves_the_facts_it_says(
    trial: Trial,
    scenarios: list[Scenario],
    app: Flask,
    session: Session,
    learner: User,
) -> None:
    for scenario in scenarios:
        activity = factories.make_activity(
            session, trial.activity.workshop, trial.kind.name, **dict(scenario.settings)
        )
        for _ in range(2):
            with app.test_request_context():
                scenario.play(open_activity(session, activity.id, learner.id))
                session.flush()

        passing = scenario.kind is SampleKind.PASSING
        measures = {name: str(value) for name, value in scenario.measures.items()}
        expected = [(scenario.key, measures)] if passing else []
        assert _standing(session, activity.id, scenario.key) == expected, scenario.name


def _standing(
    session: Session, activity_id: int, key: str
) -> list[tuple[str, dict[str, object]]]:
    """Key and measures of what stands; a key with a row's number as the one given."""
    rows = session.scalars(
        select(Completion)
        .where(Completion.activity_id == activity_id)
        .order_by(Completion.revision)
    )
    newest = {row.key: row for row in rows}
    return [
        (_named(row.key, key), dict(row.measures))
        for row in newest.values()
        if not row.withdrawn
    ]


def _named(found: str, key: str) -> str:
    return key if key.endswith(":") and found.startswith(key) else found

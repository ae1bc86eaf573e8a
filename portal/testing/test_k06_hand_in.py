"""K6: a valid answer is kept as it was given, an invalid one is refused with words."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.activity import SampleKind
from portal.completions.models import Completion
from portal.submissions.models import SubmissionVersion
from portal.testing.conftest import Trial
from portal.testing.reading_html import wrong_fields
from portal.testing.trying import answer_of, form_of, samples_of
from portal.users.models import User


def kept(session: Session, model: Any = SubmissionVersion) -> int:
    """How many versions, or other rows, there are."""
    session.expire_all()
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_valid_sample_is_kept_as_it_was_given(
    trial: Trial, app: Flask, hand_in: Any, session: Session
) -> None:
    if trial.sample is None:
        return
    with app.test_request_context():
        given = answer_of(trial.kind, trial.sample)

    answer = hand_in()

    assert answer.status_code == 303, answer.text
    version = session.scalars(select(SubmissionVersion)).one()
    assert version.answer == given.data
    assert version.text == given.text


def test_an_invalid_sample_is_refused_beside_its_field_and_not_kept(
    trial: Trial, app: Flask, hand_in: Any, session: Session
) -> None:
    with app.test_request_context():
        samples = samples_of(trial.kind, SampleKind.INVALID)
    for sample in samples:
        answer = hand_in(sample)

        assert answer.status_code == 422, f"{sample.data} was taken"
        assert kept(session) == kept(session, Completion) == 0
        with app.test_request_context():
            form = form_of(trial.kind, sample)
            form.validate()
            wrong = {form[name].name for name in form.errors if name}
        assert wrong
        assert wrong <= wrong_fields(answer.text)


@pytest.mark.usefixtures("forms_are_protected")
def test_without_a_token_nothing_is_taken(
    trial: Trial, hand_in: Any, session: Session
) -> None:
    if trial.sample is None:
        return
    answer = hand_in()

    assert answer.status_code in (400, 401)  # 401: what was written is carried over
    assert kept(session) == 0


def test_nobody_hands_in_without_logging_in(
    trial: Trial, client: FlaskClient, session: Session, learner: User
) -> None:
    data = trial.sample.data if trial.sample else {}

    answer = client.post(trial.writing, data=data)

    assert answer.status_code == 401
    assert kept(session) == 0

"""Days that a calendar knows and nobody means: said beside the field, never a 500."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import DateField, Form
from wtforms.fields.core import UnboundField

from portal.testing.everything import Everything
from portal.testing.fixtures import AsUser
from portal.users.models import User
from portal.workshops.models import Workshop, WorkshopState

pytestmark = pytest.mark.one_database

ABSURD = ["0001-01-01", "1999-12-31", "2101-01-01", "9999-12-01", "9999-12-31"]
ENDS = ["0001-01-01", "9999-12-31"]
"""The ends of the calendar: what is reckoned from them leaves it."""
SAID = "2000 年到 2100 年之间"


def forms(of: type[Form] = Form) -> Iterator[type[Form]]:
    """Every form of the portal and its plugins; the application has loaded them."""
    for form in of.__subclasses__():
        yield form
        yield from forms(form)


def day_fields() -> Iterator[tuple[str, str, UnboundField[Any]]]:
    """Every field of a form in which somebody chooses a day."""
    for form in forms():
        if form.__module__ == "portal.styleguide.forms":
            continue
        for name, field in vars(form).items():
            if isinstance(field, UnboundField) and issubclass(
                field.field_class, DateField
            ):
                yield form.__name__, name, field


def errors(field: UnboundField[Any], day: str) -> list[str]:
    """What such a field says of a day, in a form of its own."""
    probe: type[Form] = type("Probe", (Form,), {"day": field})
    form = probe(MultiDict({"day": day}))
    form.validate()
    return [str(one) for one in form["day"].errors]


@pytest.mark.parametrize("day", ABSURD)
def test_no_form_takes_a_day_of_another_age(app: Flask, day: str) -> None:
    with app.test_request_context():
        found = list(day_fields())
        silent = [one[:2] for one in found if not errors(one[2], day)]

    assert len(found) > 10
    assert silent == []


@pytest.mark.parametrize("day", ["2000-01-01", "2024-10-01", "2100-12-31"])
def test_every_form_takes_the_days_of_our_time(app: Flask, day: str) -> None:
    with app.test_request_context():
        refused = [one[:2] for one in day_fields() if errors(one[2], day)]

    assert refused == []


@pytest.mark.parametrize("day", ENDS)
def test_leave_until_the_end_of_time_is_refused(
    learner: User, as_user: AsUser, day: str
) -> None:
    form = {
        "starts_on": "2024-09-09",
        "ends_on": day,
        "reason_class": "official",
        "reason": "学校派出学习",
    }
    answer = as_user(learner).post("/leave/new", data=form)

    assert answer.status_code == 422
    assert SAID in answer.text


@pytest.mark.parametrize("day", ENDS)
def test_tasks_after_a_training_are_not_due_at_the_end_of_time(
    everything: Everything,
    workshop: Workshop,
    workshop_leader: User,
    as_user: AsUser,
    day: str,
) -> None:
    workshop.state = WorkshopState.CLOSED
    page = f"/workshops/{workshop.id}/follow-up"
    answer = as_user(workshop_leader).post(page, data={"title": "训后", "due_on": day})

    assert answer.status_code == 422
    assert SAID in answer.text


@pytest.mark.parametrize("day", ENDS)
@pytest.mark.parametrize("name", ["starts_on", "ends_on", "enrol_until"])
def test_a_workshop_lasts_for_no_age(
    workshop: Workshop, workshop_leader: User, as_user: AsUser, name: str, day: str
) -> None:
    form = {"title": "读写", "starts_on": "2024-09-02", "ends_on": "2025-01-10"}
    page = f"/workshops/{workshop.id}/settings"
    answer = as_user(workshop_leader).post(page, data={**form, name: day})

    assert answer.status_code < 500
    assert SAID in answer.text


@pytest.mark.parametrize("day", ENDS)
def test_the_audit_trail_is_asked_only_of_our_time(
    county_officer: User, as_user: AsUser, day: str
) -> None:
    answer = as_user(county_officer).get("/audit", query_string={"last": day})

    assert answer.status_code == 200

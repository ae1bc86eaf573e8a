"""The blueprint, and what all views of workshops share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from portal.errors import Conflict, Invalid
from portal.permissions import Permission
from portal.web import actor, session, user
from portal.words import error_sentence
from portal.workshops import queries
from portal.workshops.labels import (
    ACTIVITY_STATES,
    LEVELS,
    ROLES,
    STANDINGS,
    WORKSHOP_STATES,
)
from portal.workshops.models import Activity, Project, Workshop

blueprint = Blueprint("workshops", __name__)


@contextmanager
def refusing_into(form: FlaskForm) -> Iterator[None]:
    """Turn a refusal of the service into words above the form; nothing is written."""
    try:
        with session().begin_nested():
            yield
    except (Invalid, Conflict) as error:
        form.form_errors.append(error_sentence(error))


def page(
    template: str, form: FlaskForm | None = None, **context: Any
) -> ResponseReturnValue:
    """Render a page of workshops; with a refused form the answer is 422."""
    status = 422 if form is not None and form.errors else 200
    words = {
        "activity_states": ACTIVITY_STATES,
        "levels": LEVELS,
        "roles": ROLES,
        "standings": STANDINGS,
        "workshop_states": WORKSHOP_STATES,
    }
    body = render_template(f"workshops/{template}", form=form, **words, **context)
    return body, status


def the_project(project_id: int, permission: Permission) -> Project:
    """The project, if the person who asks may do this with it."""
    return queries.project_for(session(), actor(), project_id, permission)


def the_workshop(
    workshop_id: int, permission: Permission = Permission.VIEW
) -> Workshop:
    """The workshop, if the person who asks may do this in it."""
    return queries.workshop_for(session(), actor(), workshop_id, permission)


def the_activity(activity_id: int, permission: Permission) -> Activity:
    """The activity, if the person who asks may do this with it."""
    return queries.activity_for(session(), actor(), activity_id, permission)


def by_id() -> int:
    """Who acts."""
    return user().id

"""`/styleguide`: what the macros draw, for whoever writes a page or a theme."""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal import clock
from portal.access import requires
from portal.permissions import Permission
from portal.styleguide import samples
from portal.styleguide.forms import FilterForm, SampleForm, WritingForm

blueprint = Blueprint("styleguide", __name__)


def content() -> dict[str, Any]:
    """What the style guide shows, made afresh: the times stay near now."""
    refused = SampleForm(formdata=None, prefix="refused-", meta={"csrf": False})
    refused.validate()
    now = clock.now()
    return {
        "form": SampleForm(formdata=None, data={"seats": 90}),
        "refused": refused,
        "filters": FilterForm(prefix="filter-"),
        "writing": WritingForm(prefix="writing-", data={"text": samples.JOURNAL}),
        "samples": samples,
        "versions": samples.versions(now),
        "letters": samples.letters(now),
        "people": samples.people(90),
        "weeks": samples.weeks(),
        "files": samples.files(),
    }


@blueprint.get("/styleguide")
@requires(Permission.VIEW_STYLEGUIDE)
def show() -> ResponseReturnValue:
    """The style guide."""
    return render_template("styleguide.html", **content())

"""K4: settings that a leader can leave as they are, and that outlive a version."""

import json
from typing import Any

from flask import render_template_string

from portal.activity import ActivityType, HandInSettingsForm, SubmissionRules
from portal.testing.reading_html import sent_by
from portal.testing.trying import posted

FORM = "{% from 'ui/form.html' import fields %}{{ fields(form) }}"


def test_the_defaults_are_valid_as_the_page_sends_them(kind: ActivityType) -> None:
    untouched = kind.settings_form(data=kind.settings_form.defaults())
    page = render_template_string(FORM, form=untouched)

    sent = kind.settings_form(posted(sent_by(page).items()))

    assert sent.validate(), sent.errors
    assert sent.data == kind.settings_form.defaults()


def test_values_survive_json(kind: ActivityType) -> None:
    defaults = kind.settings_form.defaults()
    given = [dict(sample.settings) for sample in kind.samples()]

    for settings in (defaults, *given):
        assert json.loads(json.dumps(settings, allow_nan=False)) == settings


def test_settings_of_every_older_version_can_be_read(kind: ActivityType) -> None:
    names = set(kind.settings_form.defaults())
    stored: dict[str, Any]
    for version in range(1, kind.settings_version + 1):
        for stored in ({}, kind.settings_form.defaults()):
            settings = kind.read_settings(stored, version)

            assert names <= set(settings)
            assert isinstance(kind.rules(settings), SubmissionRules)


def test_the_form_that_all_types_share_is_left_alone(kind: ActivityType) -> None:
    """Changing a field of `HandInSettingsForm` in place changes it for everybody."""
    shared = SubmissionRules.from_settings(HandInSettingsForm.defaults())

    assert shared == SubmissionRules()

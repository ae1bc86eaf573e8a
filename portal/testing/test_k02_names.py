"""K2: names, words and files that cannot be mistaken for another plugin's."""

from pathlib import Path

from flask import Flask, render_template_string
from flask_babel import force_locale
from jinja2 import TemplateSyntaxError

from portal.activity import ActivityType
from portal.i18n import LANGUAGES
from portal.plugins.admission import Plugin
from portal.testing import sources

ICONS = "{% from 'ui/icon.html' import icon_names %}{{ icon_names() }}"


def test_the_type_has_a_title_in_every_language(kind: ActivityType) -> None:
    for language in LANGUAGES:
        with force_locale(language):
            assert str(kind.title).strip()
            assert all(str(measure.label).strip() for measure in kind.reports)


def test_the_icon_is_one_that_the_portal_draws(kind: ActivityType) -> None:
    drawn = render_template_string(ICONS).split()

    assert kind.icon in drawn


def test_templates_and_static_files_lie_under_the_plugins_name(plugin: Plugin) -> None:
    assert plugin.folder is None or not sources.strays(plugin.folder, plugin.name)


def test_the_templates_compile(plugin: Plugin, app_without_database: Flask) -> None:
    folder = plugin.folder or Path("/nonexistent")
    wrong = []
    for path in sorted((folder / "templates" / plugin.name).rglob("*.html")):
        name = path.relative_to(folder / "templates").as_posix()
        try:
            with app_without_database.test_request_context():
                app_without_database.jinja_env.get_template(name)
        except TemplateSyntaxError as error:
            wrong.append(f"{name}:{error.lineno}: {error.message}")

    assert not wrong


def test_the_types_template_is_there(kind: ActivityType, plugin_of: Plugin) -> None:
    assert plugin_of.folder is not None
    assert (plugin_of.folder / "templates" / kind.template).is_file()


def test_the_catalogues_compile(plugin: Plugin) -> None:
    assert plugin.folder is None or not sources.bad_catalogues(plugin.folder)

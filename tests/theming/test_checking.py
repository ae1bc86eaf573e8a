"""`portal themes check` says what is wrong with a theme, and where."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from portal.app import create_app

pytestmark = pytest.mark.one_database

ROOT = Path(__file__).parents[2]
TOML = 'name = { zh = "荷塘", en = "Lotus" }\n'
Write = Callable[[str, str], None]


@pytest.fixture
def lotus(tmp_path: Path) -> Write:
    """`lotus(path, text)` writes a file of a theme that is well but for it."""

    def write(path: str, text: str) -> None:
        file = tmp_path / "themes" / "lotus" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    write("theme.toml", TOML)
    write("static/tokens.css", ":root { --accent: #5A2E4A; }\n")
    return write


@pytest.fixture
def check(app_config: dict[str, object], tmp_path: Path) -> Callable[..., Result]:
    """`check(*arguments)` runs the command on the themes of the test."""

    def run(*arguments: str) -> Result:
        config = {**app_config, "THEMES_DIR": str(tmp_path / "themes")}
        app: Flask = create_app(config, instance_path=str(tmp_path))
        return app.test_cli_runner().invoke(args=["portal", "themes", *arguments])

    return run


def test_the_themes_of_the_portal_hold_what_they_promise(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["portal", "themes", "check"])
    assert result.output == "inkstone: nothing is wrong.\n"
    assert result.exit_code == 0


def test_inkstone_has_two_templates_that_extend_the_portals() -> None:
    folder = ROOT / "themes" / "inkstone" / "templates"
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.*")}
    assert set(found) == {"base.html", "users/login.html"}
    for name, path in found.items():
        assert f'{{% extends "default:{name}" %}}' in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("theme.toml", 'name = "荷塘', "lotus/theme.toml: "),
        ("theme.toml", 'name = "荷塘"', "name.en is missing"),
        ("theme.toml", TOML + "colour = 1", "`colour` means nothing"),
        ("theme.toml", TOML + 'parent = "pond"', "The parent `pond` is not installed"),
        ("theme.toml", TOML + 'parent = "lotus"', "The parents go in a circle"),
        (
            "static/tokens.css",
            ":root {\n --papper: #fff }",
            "lotus/static/tokens.css:2: There is no token `--papper`",
        ),
        ("static/tokens.css", ":root { --face: url(a.woff2) }", "no url()"),
        ("static/tokens.css", "body { color: red }", "is no custom property of :root"),
        (
            "static/tokens.css",
            ":root { --muted: #999 }",
            "light: --muted #999 on --paper #FAF8F4 has 2.7:1, and needs 4.5:1",
        ),
        ("static/tokens.css", ":root { --ink: black }", "`black` cannot be checked"),
        (
            "templates/users/gone.html",
            "x",
            "There is no page `users/gone.html` to override",
        ),
        (
            "templates/users/login.html",
            '{% extends "default:users/login.html" %}\n{% block hero %}{% endblock %}',
            "users/login.html:2: `default:users/login.html` has no block `hero`",
        ),
        (
            "templates/users/login.html",
            '{% extends "default:users/log-in.html" %}',
            "There is no template `default:users/log-in.html`",
        ),
        (
            "templates/base.html",
            '{% extends "default:base.html" %}{% block head %}'
            '{{ url_for("theme_file", key="lotus", name="pond.webp") }}{% endblock %}',
            "There is no file `lotus/pond.webp`",
        ),
        ("templates/base.html", "{% block %}", "lotus/templates/base.html:1: "),
    ],
)
def test_what_is_wrong_is_said_in_words(
    lotus: Write, check: Callable[..., Result], path: str, text: str, said: str
) -> None:
    lotus(path, text)
    result = check("check", "lotus")
    assert said in result.output
    assert result.exit_code == 1


def test_a_theme_that_is_well_is_said_to_be(
    lotus: Write, check: Callable[..., Result]
) -> None:
    lotus("templates/base.html", '{% extends "default:base.html" %}')
    result = check("check", "lotus")
    assert result.output == "lotus: nothing is wrong.\n"
    assert result.exit_code == 0


def test_a_block_of_a_page_further_up_may_be_filled(
    lotus: Write, check: Callable[..., Result]
) -> None:
    lotus(
        "templates/users/login.html",
        '{% extends "default:users/login.html" %}{% block footer %}{% endblock %}',
    )
    assert check("check").exit_code == 0


def test_pages_of_plugins_may_be_overridden(
    lotus: Write, check: Callable[..., Result]
) -> None:
    lotus("templates/journal/view.html", '{% extends "default:base.html" %}')
    assert check("check").exit_code == 0


def test_a_theme_that_is_not_there_is_said_not_to_be(
    lotus: Write, check: Callable[..., Result]
) -> None:
    result = check("check", "pond")
    assert "There is no folder pond" in result.output
    assert result.exit_code == 1


def test_a_theme_that_cannot_be_read_keeps_the_portal_from_nothing(
    lotus: Write, check: Callable[..., Result]
) -> None:
    lotus("theme.toml", "name = [")
    result = check("list")
    assert "lotus" not in result.output.splitlines()[-1]
    assert result.exit_code == 0


def test_the_list_names_theme_and_parent(
    lotus: Write, check: Callable[..., Result]
) -> None:
    assert "荷塘 / Lotus, based on default" in check("list").output

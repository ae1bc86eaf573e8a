"""Rules that hold for the whole code and are read from it, not from its behaviour."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.access import undeclared

ROOT = Path(__file__).parents[1]
PACKAGES = [ROOT / "portal", *sorted((ROOT / "plugins").glob("*/portal_*"))]

CODE_FROM_DATA = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "jsonpickle"}
"""Modules whose readers run what they read (V27)."""

RUNS_TEXT = {"eval", "exec", "compile", "__import__", "render_template_string"}
"""Calls that make code of text (V26)."""

MAKES_MARKUP = {
    "portal/submissions/sanitise.py": "the one place where foreign text becomes HTML",
    "portal/plugins/pages.py": "a fragment that Jinja has rendered, and so escaped",
}
"""The modules that may declare text to be HTML, each with its reason (V04)."""

INLINE = re.compile(
    r"""<script(?![^>]*\b(?:src=|type="application/json"))  # a script of its own
      | <style\b
      | \sstyle\s*=
      | \son[a-z]+\s*=\s*["']
      | javascript:""",
    re.VERBOSE | re.IGNORECASE,
)


def sources() -> list[Path]:
    """Our Python files, but for the tests that are shipped with them."""
    return [
        path
        for package in PACKAGES
        for path in sorted(package.rglob("*.py"))
        if "testing" not in path.relative_to(package).parts
    ]


def templates() -> list[Path]:
    """Every template."""
    return [p for package in PACKAGES for p in sorted(package.rglob("*.html"))]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    """The syntax tree of each file, by its path."""
    return {name_of(path): ast.parse(path.read_bytes()) for path in sources()}


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def called(tree: ast.Module) -> Iterator[str]:
    """Names of what is called, with what stands before the dot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def test_the_rules_are_read_from_all_of_the_code() -> None:
    names = {name_of(path) for path in sources()}

    assert {"portal/app.py", "plugins/journal/portal_journal/forms.py"} <= names
    assert len(templates()) > 50


def test_every_endpoint_says_who_may_call_it(shared_app: Flask) -> None:
    assert undeclared(shared_app) == []


def test_nothing_is_read_with_a_format_that_can_run_code(
    trees: dict[str, ast.Module],
) -> None:
    found = {
        name: bad
        for name, tree in trees.items()
        if (bad := {m.partition(".")[0] for m in imported(tree)} & CODE_FROM_DATA)
    }

    assert not found


def test_no_text_is_run_as_code_or_as_a_template(trees: dict[str, ast.Module]) -> None:
    found = [
        f"{name}: {call}"
        for name, tree in trees.items()
        for call in called(tree)
        if call in RUNS_TEXT or call.endswith((".from_string", "yaml.load"))
    ]

    assert not found


def test_only_named_modules_declare_text_to_be_html(
    trees: dict[str, ast.Module],
) -> None:
    found = {
        name for name, tree in trees.items() if "markupsafe" in set(imported(tree))
    }

    assert found == set(MAKES_MARKUP)


def test_no_template_declares_text_to_be_html() -> None:
    found = [
        name_of(path)
        for path in templates()
        if re.search(r"\|\s*safe\b|autoescape\s+false", path.read_text("utf-8"))
    ]

    assert not found


def test_no_template_has_script_or_style_within() -> None:
    found = [
        f"{name_of(path)}: {match[0]}"
        for path in templates()
        for match in INLINE.finditer(path.read_text("utf-8"))
    ]

    assert not found


@pytest.mark.parametrize(
    "text",
    [
        "<script>x()</script>",
        "<style>p {}</style>",
        '<p style="x">',
        '<a onclick="x()">',
        "<a href='javascript:x()'>",
    ],
)
def test_what_is_forbidden_in_templates_is_recognised(text: str) -> None:
    assert INLINE.search(text)


@pytest.mark.parametrize(
    "text",
    [
        '<script type="module" src="/x.js"></script>',
        '<script type="application/json">{}</script>',
        '<button data-on="x" data-style="y">',
    ],
)
def test_what_is_allowed_in_templates_is_left_alone(text: str) -> None:
    assert not INLINE.search(text)

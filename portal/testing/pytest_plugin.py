"""pytest's way into the kit; imports the portal lazily, or coverage misses it.

Databases: SQLite always, PostgreSQL as well where `PORTAL_TEST_POSTGRESQL` holds an
address. Browser tests run where `PORTAL_CHROMIUM` names a browser. What is left out
is said in the header, and `manage.py test` counts it as not run.
"""

import os

import pytest

pytest_plugins = ("portal.testing.fixtures",)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--database`, `--activity-type` and `--plugin`."""
    group = parser.getgroup("portal")
    group.addoption(
        "--database",
        action="append",
        choices=("sqlite", "postgresql"),
        help="run on this database; default: SQLite, and PostgreSQL where"
        " PORTAL_TEST_POSTGRESQL holds an address",
    )
    group.addoption(
        "--activity-type",
        help="let the kit check only this activity type",
    )
    group.addoption("--plugin", help="let the kit check only this plugin")


def databases(config: pytest.Config) -> list[str]:
    """The databases of this run."""
    chosen = config.getoption("--database")
    if chosen:
        return list(chosen)
    return ["sqlite"] + ["postgresql"] * bool(os.environ.get("PORTAL_TEST_POSTGRESQL"))


def pytest_report_header(config: pytest.Config) -> str:
    """Say what this run leaves out."""
    browser = "with" if os.environ.get("PORTAL_CHROMIUM") else "WITHOUT"
    return f"portal: on {' and '.join(databases(config))}, {browser} browser tests"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that touches the database once on each of them.

    One marked `one_database` runs on the first of them only: it asks nothing that
    could differ between databases, and its time is worth more elsewhere.
    """
    if "database" not in metafunc.fixturenames:
        return
    chosen = databases(metafunc.config)
    if metafunc.definition.get_closest_marker("one_database"):
        chosen = chosen[:1]
    metafunc.parametrize("database", chosen, scope="session")


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Leave browser tests out where there is no browser."""
    if os.environ.get("PORTAL_CHROMIUM"):
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]

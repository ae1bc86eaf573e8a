"""K1: a distribution that pip can protect, and that comes in through the door."""

import pytest

from portal.plugins.admission import Plugin
from portal.testing import sources


def test_the_plugin_is_admitted(plugin: Plugin) -> None:
    if plugin.fault is not None:
        pytest.fail(f"{plugin.name} is quarantined: {plugin.fault.reason}")


def test_the_required_portal_has_an_upper_bound(plugin_name: str) -> None:
    lines = sources.requirements_of(plugin_name)

    assert not sources.unbounded(lines), "say teacher-portal>=0.1,<1"


def test_nothing_of_the_portal_is_imported_but_its_door(plugin: Plugin) -> None:
    assert plugin.folder is None or not sources.back_doors(plugin.folder)

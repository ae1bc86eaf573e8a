"""K9: tables that name their plugin, their people and the activity they belong to."""

from portal.activity import ActivityType
from portal.db import Base
from portal.plugins.admission import Plugin
from portal.testing import tables


def test_the_tables_can_be_looked_after(kind: ActivityType, plugin_of: Plugin) -> None:
    assert kind.base is None or not tables.faults(kind.base, plugin_of.name)


def test_the_tables_are_registered_apart_from_the_cores(kind: ActivityType) -> None:
    assert kind.base is None or kind.base.metadata is not Base.metadata

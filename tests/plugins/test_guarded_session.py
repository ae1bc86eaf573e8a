"""What a failing plugin leaves in the session: nothing."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal import events
from portal.db import PluginMayNotCommit, PortalSession
from portal.events import Event
from portal.hookspecs import hookimpl
from portal.plugins.manager import (
    PluginFailed,
    TransactionLost,
)
from portal.tenants import Tenant
from portal.testing import broken
from portal.testing.broken import Broken, Mischief, entry_point
from tests.plugins.managing import EVENT, admit, names


@pytest.mark.parametrize("bad", broken.ON_EVENT, ids=lambda bad: bad.name)
def test_a_plugin_that_fails_on_an_event_leaves_nothing_behind(
    bad: Broken, county_session: PortalSession
) -> None:
    plugins = admit(bad.entry_point, entry_point("zeta", hear=rename_county))

    plugins.tell(county_session, EVENT)
    county_session.commit()

    assert plugins.failures == {bad.name: 1}
    assert names(county_session) == ["清溪县,改名后"]


@hookimpl(specname="portal_on_event")
def rename_county(session: Session, event: Event) -> None:
    session.execute(text("UPDATE tenant SET name = '清溪县,改名后'"))


def test_what_the_core_wrote_before_survives_a_failing_plugin(
    county_session: PortalSession,
) -> None:
    plugins = admit(broken.ON_EVENT[-1].entry_point)
    county_session.add(Tenant(code="linshui", name="邻水县", site_title="研修"))

    plugins.tell(county_session, EVENT)
    county_session.commit()

    assert names(county_session) == ["清溪县", "邻水县"]


def test_a_row_that_breaks_a_constraint_is_the_plugins_failure(
    county_session: PortalSession,
) -> None:
    plugins = admit()

    with pytest.raises(PluginFailed), plugins.guarded("double", county_session):
        county_session.add(Tenant(code="qingxi", name="又一个", site_title=""))

    assert names(county_session) == ["清溪县"]


def test_a_failure_of_the_cores_own_rows_is_not_laid_on_the_plugin(
    county_session: PortalSession,
) -> None:
    plugins = admit()
    county_session.add(Tenant(code="qingxi", name="又一个", site_title=""))

    with (
        pytest.raises(Exception, match=r"(?i)unique"),
        plugins.guarded("innocent", county_session),
    ):
        pytest.fail("the plugin ran")

    assert not plugins.failures
    assert county_session.info.get("plugin") is None


def test_the_plugins_name_is_on_the_session_only_while_its_code_runs(
    county_session: PortalSession,
) -> None:
    plugins = admit()

    with plugins.guarded("outer", county_session):
        with plugins.guarded("inner", county_session):
            assert county_session.info["plugin"] == "inner"
        assert county_session.info["plugin"] == "outer"
        with pytest.raises(PluginMayNotCommit):
            county_session.commit()

    assert county_session.info["plugin"] is None
    county_session.commit()


def test_a_plugin_that_ends_the_transaction_by_force_stops_the_request(
    county_session: PortalSession,
) -> None:
    @hookimpl
    def portal_on_event(session: PortalSession) -> None:
        transaction = session.get_transaction()
        assert transaction is not None
        transaction.rollback()

    plugins = admit(entry_point("violent", portal_on_event=portal_on_event))

    with pytest.raises(TransactionLost):
        plugins.tell(county_session, EVENT)

    assert plugins.failures == {"violent": 1}
    assert county_session.info["plugin"] is None


def test_events_of_a_failed_plugin_are_not_told(county_session: PortalSession) -> None:
    @hookimpl
    def portal_on_event(session: PortalSession) -> None:
        events.publish(session, replace(EVENT, title="谣言"))
        raise Mischief

    plugins = admit(entry_point("chatty", portal_on_event=portal_on_event))
    events.publish(county_session, EVENT)

    plugins.tell(county_session, EVENT)

    assert events.forget(county_session) == [EVENT]

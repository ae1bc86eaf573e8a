"""Admission one by one, and the guard around plugin code."""

import logging
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from portal import events
from portal.activity import Fragment, Place
from portal.db import PluginMayNotCommit, PortalSession
from portal.events import Event, NoticeSent
from portal.hookspecs import hookimpl
from portal.plugins import admission, places
from portal.plugins.admission import Fault, FaultCode
from portal.plugins.manager import (
    PluginFailed,
    PluginManager,
    PluginState,
    TransactionLost,
)
from portal.tenants import Tenant
from portal.testing import broken
from portal.testing.broken import Broken, FakeEntryPoint, Mischief, entry_point

EVENT = NoticeSent(
    tenant_id=1,
    organisation_id=1,
    at=datetime(2024, 9, 2, tzinfo=UTC),
    notice_id=1,
    title="通知",
    recipients=1,
)


def everywhere(_plugin: str) -> bool:
    return True


def admit(*entry_points: FakeEntryPoint, **config: Any) -> PluginManager:
    plugins = PluginManager.admit_all(config, entry_points)
    plugins.enabled_in = lambda _session, _organisation: everywhere
    return plugins


def answering(name: str, answer: Any = None) -> FakeEntryPoint:
    """A plugin that answers `portal_fill_place`, by default with its name."""

    @hookimpl
    def portal_fill_place(place: Place) -> Any:
        return answer or name

    return entry_point(name, portal_fill_place=portal_fill_place)


def fill(plugins: PluginManager, **more: Any) -> list[tuple[str, Any]]:
    more = {"enabled": everywhere, "place": Place.DASHBOARD, "page": None} | more
    return list(plugins.each("portal_fill_place", **more))


# Admission


@pytest.mark.parametrize("bad", broken.AT_ADMISSION, ids=lambda bad: bad.name)
def test_a_bad_plugin_is_quarantined_and_the_good_ones_work(bad: Broken) -> None:
    plugins = admit(bad.entry_point, broken.GOOD.entry_point, answering("zeal"))

    fault = plugins.plugins[bad.name].fault
    assert fault is not None
    assert (fault.code, bool(fault.reason)) == (bad.fault, True)
    assert [plugin.name for plugin in plugins.admitted()] == ["good", "zeal"]
    assert sorted(plugins.kinds) == ["good", "zeal"]
    assert fill(plugins) == [("zeal", "zeal")]


def test_all_bad_plugins_at_once_leave_the_good_ones_working() -> None:
    plugins = admit(*(one.entry_point for one in (*broken.ALL, broken.GOOD)))

    quarantined = {p.name for p in plugins.plugins.values() if p.fault}
    assert quarantined == {bad.name for bad in broken.AT_ADMISSION}
    assert "good" in plugins.kinds


def test_the_reason_says_what_is_wrong() -> None:
    plugins = admit(*(bad.entry_point for bad in broken.AT_ADMISSION))

    def reason(name: str) -> str:
        fault = plugins.plugins[name].fault
        assert fault is not None
        return fault.reason

    assert reason("import_error") == "ImportError: No module named 'portal_display'"
    assert reason("exit_at_import") == "SystemExit: leaving at import"
    assert "portal_fill_plaice" in reason("misspelt")
    assert "colour" in reason("too_much")
    assert "teacher-portal>=99" in reason("too_new")
    assert "'portal_no_module'" in reason("no_module")
    assert "undeclared_page.secret" in reason("undeclared_page")


def test_a_keyboard_interrupt_at_import_is_the_operators() -> None:
    def interrupt(_package: str) -> object:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        admit(FakeEntryPoint("interrupted", interrupt))


def test_a_plugin_for_another_portal_is_not_even_imported() -> None:
    def fail(_package: str) -> object:
        pytest.fail("it was imported")

    plugins = admit(FakeEntryPoint("too_new", fail, ("teacher-portal>=99",)))

    assert plugins.plugins["too_new"].fault is not None


def test_requirements_of_an_extra_do_not_speak_for_the_plugin() -> None:
    make = broken.GOOD.entry_point.make
    lines = ("Flask", "teacher-portal>=99; extra == 'test'", "Teacher.Portal>=0.1,<1")

    assert admit(FakeEntryPoint("good", make, lines)).plugins["good"].fault is None


def test_a_plugin_without_a_distribution_says_nothing_of_the_portal() -> None:
    class Loose(FakeEntryPoint):
        dist = None  # type: ignore[assignment] # that is what is tested

    plugins = admit(Loose("loose", lambda _: None))

    assert plugins.plugins["loose"].fault == Fault(
        FaultCode.UNDECLARED_PORTAL, "its metadata does not require teacher-portal"
    )


def test_a_type_of_an_admitted_plugin_cannot_be_stolen() -> None:
    plugins = admit(
        entry_point("quiz", broken.make_type("quiz_pro", template="quiz/view.html")),
        entry_point("quiz_pro"),
    )

    assert plugins.plugins["quiz"].fault is None
    assert plugins.plugins["quiz_pro"].fault == Fault(
        FaultCode.STOLEN_TYPE, "there is a type 'quiz_pro' already"
    )
    assert plugins.owner("quiz_pro") == "quiz_pro"


@pytest.mark.parametrize("package", ["aaa_good", "portal_zzz"])
def test_a_second_claim_to_a_name_cannot_push_out_the_package_of_that_name(
    package: str,
) -> None:
    good = broken.GOOD.entry_point
    plugins = admit(replace(good, package=package), good)

    assert plugins.plugins["good"].fault is None
    assert plugins.plugins[f"good ({package})"].fault == Fault(
        FaultCode.BAD_NAME, "another distribution is called 'good'"
    )
    assert plugins.owner("good") == "good"
    assert fill(plugins) == []


def test_installed_plugins_are_found_by_their_entry_points(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = [broken.GOOD.entry_point]
    monkeypatch.setattr(
        "importlib.metadata.entry_points",
        lambda *, group: found if group == "portal.plugins" else [],
    )

    assert list(PluginManager.admit_all({}).plugins) == ["good"]


def test_two_apps_share_nothing() -> None:
    one, other = admit(broken.GOOD.entry_point), admit()

    assert (list(one.kinds), list(other.kinds)) == (["good"], [])


def test_a_quarantined_package_still_says_where_its_files_are() -> None:
    plugins = admit(broken.GOOD.entry_point, entry_point("wrapper", x=broken._wraps))

    assert plugins.plugins["wrapper"].folder == broken.FOLDER
    assert plugins.translation_directories() == []


def test_a_package_without_a_file_has_no_folder() -> None:
    plugins = admit(entry_point("memory", __file__=None))

    assert plugins.plugins["memory"].folder is None
    assert plugins.translation_directories() == []


def test_a_plugins_catalogues_are_found(tmp_path: Any) -> None:
    (tmp_path / "translations").mkdir()
    plugins = admit(entry_point("worded", __file__=str(tmp_path / "__init__.py")))

    assert plugins.translation_directories() == [tmp_path / "translations"]


# States


def test_the_four_states() -> None:
    plugins = admit(broken.GOOD.entry_point, broken.AT_ADMISSION[0].entry_point)

    def state(name: str, *, enabled: bool) -> PluginState:
        return plugins.state(name, lambda _: enabled)

    assert state("good", enabled=True) is PluginState.ENABLED
    assert state("good", enabled=False) is PluginState.PAUSED
    assert state("import_error", enabled=True) is PluginState.QUARANTINED
    assert state("uninstalled", enabled=True) is PluginState.MISSING


@pytest.mark.parametrize(
    ("type_name", "owner"),
    [("quiz", "quiz"), ("quiz_oral", "quiz"), ("quizzes", None), ("qui", None)],
)
def test_the_owner_of_a_type_is_told_from_its_name_even_when_quarantined(
    type_name: str, owner: str | None
) -> None:
    plugins = admit(FakeEntryPoint("quiz", lambda _: None))

    assert plugins.owner(type_name) == owner


def test_a_plugin_that_works_is_not_taken_for_the_owner_of_a_lost_type() -> None:
    plugins = admit(entry_point("reading", broken.make_type("reading")))

    assert plugins.owner("reading") == "reading"
    assert plugins.owner("reading_log") is None


def test_a_plugin_quarantined_later_is_called_no_more() -> None:
    plugins = admit(answering("late"), answering("sound"))
    fault = Fault(FaultCode.NEEDS_UPGRADE, "portal db upgrade")

    plugins.quarantine("late", fault)

    assert plugins.plugins["late"].fault == fault
    assert list(plugins.kinds) == ["sound"]
    assert fill(plugins) == [("sound", "sound")]


def test_a_plugin_can_be_quarantined_for_a_second_reason() -> None:
    plugins = admit(broken.AT_ADMISSION[0].entry_point)
    fault = Fault(FaultCode.NEEDS_UPGRADE, "portal db upgrade")

    plugins.quarantine("import_error", fault)

    assert plugins.plugins["import_error"].fault == fault


# Calling


def test_plugins_answer_in_the_order_of_their_names() -> None:
    names = ["alpha", "beta", "delta", "gamma", "omega"]
    for seed in range(5):
        shuffled = random.Random(seed).sample(names, len(names))
        plugins = PluginManager()
        for name in shuffled:
            plugins.admit(answering(name))
        assert [name for name, _ in fill(plugins)] == names


def test_plugins_registered_in_reverse_answer_in_the_order_of_their_names() -> None:
    plugins = PluginManager()
    for name in ("gamma", "beta", "alpha"):
        plugins.admit(answering(name))

    assert [name for name, _ in fill(plugins)] == ["alpha", "beta", "gamma"]


def test_only_enabled_plugins_are_called() -> None:
    plugins = admit(answering("paused"), answering("running"))

    answers = fill(plugins, enabled=lambda name: name == "running")

    assert answers == [("running", "running")]


def test_a_failing_plugin_loses_its_own_answer_only(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bad = broken.IN_PLACE[0].entry_point
    plugins = admit(answering("alpha"), bad, answering("zeta"))

    with caplog.at_level(logging.ERROR):
        answers = fill(plugins)

    assert answers == [("alpha", "alpha"), ("zeta", "zeta")]
    assert "Plugin bad_place failed" in caplog.text
    assert "Mischief: on purpose" in caplog.text
    assert plugins.failures == {"bad_place": 1}


@pytest.mark.parametrize("fault", [SystemExit("bye"), RecursionError(), Mischief()])
def test_whatever_plugin_code_throws_is_contained(fault: BaseException) -> None:
    plugins = admit()

    with pytest.raises(PluginFailed) as caught, plugins.guarded("rude"):
        raise fault

    assert caught.value.plugin == "rude"
    assert caught.value.__cause__ is fault


def test_a_keyboard_interrupt_is_not_contained() -> None:
    plugins = admit()

    with pytest.raises(KeyboardInterrupt), plugins.guarded("slow"):
        raise KeyboardInterrupt

    assert not plugins.failures


def test_what_a_view_answers_with_passes_and_is_no_failure() -> None:
    plugins = admit()

    with pytest.raises(NotFound), plugins.guarded("polite", passing=(NotFound,)):
        raise NotFound

    assert not plugins.failures


def test_errors_are_propagated_where_the_configuration_says_so() -> None:
    plugins = admit(broken.IN_PLACE[0].entry_point, PROPAGATE_PLUGIN_ERRORS=True)

    with pytest.raises(Mischief):
        fill(plugins)


def test_a_lazy_answer_is_read_under_the_guard() -> None:
    def halfway() -> Iterator[int]:
        yield 1
        raise Mischief

    plugins = admit(answering("lazy", iter([1, 2])), answering("worse", halfway()))

    assert fill(plugins) == [("lazy", [1, 2])]


def test_an_implementation_may_leave_out_arguments_and_take_the_session() -> None:
    heard: list[object] = []

    @hookimpl
    def portal_on_event(session: Session) -> None:
        heard.append(session)

    plugins = admit(entry_point("brief", portal_on_event=portal_on_event))
    list(plugins.each("portal_on_event", enabled=everywhere, event=EVENT))

    assert heard == [None]


def test_the_trace_says_who_answered_what_and_how_fast(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bad = broken.IN_PLACE[0].entry_point
    fill(admit(answering("alpha"), bad, TRACE_HOOKS=True))

    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("portal_fill_place: alpha answered 'alpha' in 0.")
    assert second.startswith("portal_fill_place: bad_place failed Mischief(")


# With a session


def names(session: Session) -> list[str]:
    return list(session.scalars(text("SELECT name FROM tenant ORDER BY id")))


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


# Places


PAGE: Any = SimpleNamespace(organisation=SimpleNamespace(id=1))


def render(fragment: Fragment) -> str:
    if fragment.template == "bad_fragment/fragment.html":
        raise ZeroDivisionError
    return str(fragment.context.get("words", fragment.template))


def test_fragments_stand_by_weight_and_then_by_name(
    county_session: PortalSession,
) -> None:
    def weighing(name: str, weight: int) -> FakeEntryPoint:
        return answering(name, Fragment(f"{name}/fragment.html", {}, weight))

    plugins = admit(weighing("alpha", 5), weighing("beta", 0), weighing("gamma", 0))

    made = places.fill(
        plugins, Place.DASHBOARD, PAGE, session=county_session, render=render
    )

    assert made == ["beta/fragment.html", "gamma/fragment.html", "alpha/fragment.html"]


def test_a_faulty_fragment_is_left_out_and_the_others_stand(
    county_session: PortalSession,
) -> None:
    silent = entry_point("silent", fill=hookimpl(specname="portal_fill_place")(_silent))
    good, bad = broken.FILLS_PLACE.entry_point, [b.entry_point for b in broken.IN_PLACE]
    plugins = admit(good, silent, *bad)

    made = places.fill(
        plugins, Place.DASHBOARD, PAGE, session=county_session, render=render
    )

    assert made == ["好插件的片段"]
    assert plugins.failures == {"bad_place": 1, "bad_fragment": 1, "borrows": 1}


def _silent(place: Place) -> None:
    return None


def test_a_manager_that_nobody_told_otherwise_enables_nothing(
    county_session: PortalSession,
) -> None:
    plugins = PluginManager.admit_all({}, [broken.FILLS_PLACE.entry_point])

    assert not places.fill(
        plugins, Place.DASHBOARD, PAGE, session=county_session, render=render
    )


def test_a_type_without_pages_has_none_undeclared() -> None:
    assert admission.undeclared_pages(broken.make_type("good")) == []

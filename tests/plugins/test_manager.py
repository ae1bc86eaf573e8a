"""The states of plugins, and the guard around their code."""

import logging
import random
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from portal.hookspecs import hookimpl
from portal.plugins.admission import Fault, FaultCode
from portal.plugins.manager import (
    PluginFailed,
    PluginManager,
    PluginState,
)
from portal.testing import broken
from portal.testing.broken import FakeEntryPoint, Mischief, entry_point
from tests.plugins.managing import EVENT, admit, answering, everywhere, fill


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

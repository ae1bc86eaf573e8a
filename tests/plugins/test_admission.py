"""Admission one by one: a bad plugin is quarantined, and the good ones work."""

from dataclasses import replace
from typing import Any

import pytest

from portal.plugins import admission
from portal.plugins.admission import Fault, FaultCode
from portal.plugins.manager import (
    PluginManager,
)
from portal.testing import broken
from portal.testing.broken import Broken, FakeEntryPoint, entry_point
from tests.plugins.managing import admit, answering, fill


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


def test_a_type_without_pages_has_none_undeclared() -> None:
    assert admission.undeclared_pages(broken.make_type("good")) == []

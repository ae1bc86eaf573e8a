"""What plugins put in the places of pages."""

from types import SimpleNamespace
from typing import Any

from portal.activity import Fragment, Place
from portal.db import PortalSession
from portal.hookspecs import hookimpl
from portal.plugins import places
from portal.plugins.manager import (
    PluginManager,
)
from portal.testing import broken
from portal.testing.broken import FakeEntryPoint, entry_point
from tests.plugins.managing import admit, answering

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

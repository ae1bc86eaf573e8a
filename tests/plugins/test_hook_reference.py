"""The page on hooks says what the code does."""

import inspect
from pathlib import Path

import pytest

from portal import events, hookspecs
from portal.activity import Place
from portal.events import CreditEventOf, Event, SubmissionEvent
from portal.plugins.admission import FaultCode

PAGE = (Path(__file__).parents[2] / "docs/reference/hooks.md").read_text("utf-8")
HOOKS = [name for name in vars(hookspecs) if name.startswith("portal_")]
EVENTS = [
    kind
    for kind in vars(events).values()
    if inspect.isclass(kind)
    and issubclass(kind, Event)
    and kind not in {Event, SubmissionEvent, CreditEventOf}
]


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_documented_with_its_arguments(hook: str) -> None:
    section = PAGE.split(f"\n## {hook}\n")[1].split("\n## ")[0]

    for argument in inspect.signature(getattr(hookspecs, hook)).parameters:
        assert f"| `{argument}` |" in section


def test_no_hook_is_documented_that_there_is_not() -> None:
    documented = [
        line[3:] for line in PAGE.splitlines() if line.startswith("## portal")
    ]

    assert documented == HOOKS


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_every_event_is_documented_with_its_fields(kind: type[Event]) -> None:
    (row,) = [
        line for line in PAGE.splitlines() if line.startswith(f"| `{kind.__name__}` |")
    ]
    if "the same" not in row:
        for field in inspect.get_annotations(kind):
            assert f"`{field}`" in row


@pytest.mark.parametrize("place", Place)
def test_every_place_is_documented(place: Place) -> None:
    assert f"| `{place.name}` |" in PAGE


@pytest.mark.parametrize("code", FaultCode)
def test_every_reason_for_quarantine_is_documented(code: FaultCode) -> None:
    assert f"| `{code.value}` |" in PAGE

"""The places of a page that plugins may fill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from portal.activity.people import OrganisationRef, PersonRef
from portal.activity.references import (
    ActivityRef,
    WorkshopRef,
)

if TYPE_CHECKING:
    from portal.activity.context import ActivityContext


class Place(StrEnum):
    """Where a fragment may stand. A new place needs no new hook."""

    DASHBOARD = "dashboard"
    WORKSHOP_TOP = "workshop_top"
    ACTIVITY_ASIDE = "activity_aside"


@dataclass(frozen=True)
class Fragment:
    """A piece of a page: a template of the plugin and the data it is rendered with.

    The core renders it under the same guard as the hook, so a faulty template leaves
    out this fragment and nothing else. Lighter fragments stand above heavier ones.
    """

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    weight: int = 0


class PageContext(Protocol):
    """What a plugin may know of the page whose place it fills.

    `workshop` and `activity` are None on pages that belong to none.
    """

    @property
    def user(self) -> PersonRef:
        """The person who reads the page."""

    @property
    def organisation(self) -> OrganisationRef:
        """The organisation in whose look the page is shown."""

    @property
    def workshop(self) -> WorkshopRef | None:
        """The workshop the page belongs to."""

    @property
    def activity(self) -> ActivityRef | None:
        """The activity the page belongs to."""

    @property
    def now(self) -> datetime:
        """The one time of this request, aware UTC."""

    def activities(self, type_name: str) -> Sequence[ActivityContext]:
        """The reader's own activities of this type that the page is about.

        On the dashboard those of every running workshop, on a workshop's page its
        own, on an activity's page that one.
        """

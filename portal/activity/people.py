"""What a plugin sees of people and of where they work."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PersonRef:
    """A person. `name` is what the reader may see: an alias where they are hidden."""

    id: int
    name: str


@dataclass(frozen=True)
class OrganisationRef:
    """A node of the tenant's tree: bureau, training centre, township or school."""

    id: int
    name: str
    tenant_id: int


@dataclass(frozen=True)
class Profile:
    """Where a person works at present and what they teach.

    `subject`, `stage`, `tier` and `title` are the county's codes, empty where the
    roster has none; `roles` are those held in the tree (`training_officer`).
    """

    school: OrganisationRef | None
    subject: str = ""
    stage: str = ""
    tier: str = ""
    title: str = ""
    roles: tuple[str, ...] = ()

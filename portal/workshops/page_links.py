"""Ways from a workshop's page to the pages of features above: desk, overview, sheets.

Such a feature registers its page in its views; the link is drawn for whom the
permission is given in this workshop.
"""

from dataclasses import dataclass

from flask_babel import LazyString

from portal.permissions import Permission


@dataclass(frozen=True)
class WorkshopLink:
    """A page about one workshop; its endpoint takes `workshop_id`."""

    endpoint: str
    label: LazyString
    permission: Permission
    icon: str | None = None
    weight: int = 50


_links: list[WorkshopLink] = []


def workshop_link(link: WorkshopLink) -> None:
    """Add a way from every workshop's page to this one."""
    if link not in _links:
        _links.append(link)


def workshop_links() -> list[WorkshopLink]:
    """All of them, lighter ones first."""
    return sorted(_links, key=lambda link: link.weight)

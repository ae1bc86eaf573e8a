"""The pages of this feature, gathered for the factory."""

from flask_babel import lazy_pgettext

from portal.organisations import (
    people_views,
    role_views,
    slip_views,
    tree_views,
)
from portal.organisations.blueprint import blueprint
from portal.permissions import Permission
from portal.site import MenuItem, menu_item

__all__ = [
    "blueprint",
    "people_views",
    "role_views",
    "slip_views",
    "tree_views",
]

menu_item(
    MenuItem(
        "organisations.overview",
        lazy_pgettext("清单", "机构"),
        "school",
        70,
        Permission.VIEW_PEOPLE,
    )
)

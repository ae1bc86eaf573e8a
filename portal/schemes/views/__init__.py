"""The pages of schemes, gathered for the factory."""

from portal.schemes.views import (
    changing,
    editing,
    honouring,
    items,
    listing,
    publishing,
    reading,
)
from portal.schemes.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "changing",
    "editing",
    "honouring",
    "items",
    "listing",
    "publishing",
    "reading",
]

"""The pages of this feature, gathered for the factory."""

from portal.roster.views import imports, people, transfers
from portal.roster.views.blueprint import blueprint

__all__ = ["blueprint", "imports", "people", "transfers"]

"""The pages of this feature, gathered for the factory."""

from portal.leave.views import deciding, own
from portal.leave.views.blueprint import blueprint

__all__ = ["blueprint", "deciding", "own"]

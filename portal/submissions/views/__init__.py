"""The pages of this feature, gathered for the factory."""

from portal.submissions.views import assigned, desk, reading, writing
from portal.submissions.views.blueprint import blueprint

__all__ = ["assigned", "blueprint", "desk", "reading", "writing"]

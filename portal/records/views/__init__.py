"""The pages of this feature, gathered for the factory."""

from portal.records.views import leaders, marks, schools, sheets
from portal.records.views.blueprint import blueprint

__all__ = ["blueprint", "leaders", "marks", "schools", "sheets"]

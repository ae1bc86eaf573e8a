"""The pages of the materials beside the activity's own."""

from portal_material.views import editing, minutes, studying
from portal_material.views.blueprint import blueprint

__all__ = ["blueprint", "editing", "minutes", "studying"]

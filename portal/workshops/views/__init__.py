"""The pages of projects and workshops; importing a module adds its pages."""

import portal.workshops.views.activities
import portal.workshops.views.editing
import portal.workshops.views.extensions
import portal.workshops.views.following
import portal.workshops.views.groups
import portal.workshops.views.joining
import portal.workshops.views.participants
import portal.workshops.views.people
import portal.workshops.views.projects
import portal.workshops.views.states  # noqa: F401 — for its pages
from portal.workshops.views.blueprint import blueprint

__all__ = ["blueprint"]

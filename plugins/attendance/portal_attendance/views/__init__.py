"""The pages of an event beside its first."""

from portal_attendance.views.blueprint import blueprint

__all__ = ["blueprint"]

"""The pages of an event beside its first."""

from portal_attendance.views import corrections, listing, screen, sessions, signing
from portal_attendance.views.blueprint import blueprint

__all__ = ["blueprint", "corrections", "listing", "screen", "sessions", "signing"]

"""The pages of an event beside its first."""

from portal_attendance.views import (
    circulars,
    closing,
    corrections,
    listing,
    naming,
    photos,
    screen,
    seats,
    sessions,
    signing,
)
from portal_attendance.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "circulars",
    "closing",
    "corrections",
    "listing",
    "naming",
    "photos",
    "screen",
    "seats",
    "sessions",
    "signing",
]

"""The pages of this feature, gathered for the factory."""

from portal.credits.views import (
    certificates,
    checking,
    claims,
    closing,
    correcting,
    overview,
    publishing,
)
from portal.credits.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "certificates",
    "checking",
    "claims",
    "closing",
    "correcting",
    "overview",
    "publishing",
]

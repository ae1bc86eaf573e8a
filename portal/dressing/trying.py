"""Trying a look on: it is noted in this browser's cookie, and nobody else sees it."""

from dataclasses import asdict, dataclass
from typing import Any

from flask import session as cookie

from portal.dressing.queries import Dress

KEY = "tried_look"


@dataclass(frozen=True)
class Tried:
    """What is tried on, and for which organisation."""

    organisation_id: int
    dress: Dress


def tried() -> Tried | None:
    """What this browser tries on at present."""
    noted: dict[str, Any] | None = cookie.get(KEY)
    if noted is None:
        return None
    return Tried(noted["organisation_id"], Dress(**noted["dress"]))


def try_on(organisation_id: int, dress: Dress) -> None:
    """Wear it in this browser until `stop`, or until one logs out."""
    cookie[KEY] = asdict(Tried(organisation_id, dress))


def stop() -> None:
    """Wear again what is chosen."""
    cookie.pop(KEY, None)

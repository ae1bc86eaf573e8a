"""What can go wrong, as exceptions that say what, where and what to do.

Services raise these and never word anything: an error carries a stable code and
its parameters, and `portal.pages` turns both into a sentence. Views
do not translate errors; one handler answers in HTML or JSON.
"""

from collections.abc import Mapping


class PortalError(Exception):
    """A refusal that a person can understand and usually mend.

    Args:
        code: stable identifier, lower case with underscores (`"stale_draft"`).
        params: values for the sentence of that code, never sentences themselves.
    """

    status = 400

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params: Mapping[str, object] = params


class Invalid(PortalError):
    """The input breaks a rule of the domain; nothing was written."""

    status = 422


class NotFound(PortalError):
    """There is no such thing, or the person may not know that there is."""

    status = 404

    def __init__(self, code: str = "not_found", **params: object) -> None:
        super().__init__(code, **params)


class Forbidden(PortalError):
    """The person sees the thing but may not do this with it."""

    status = 403

    def __init__(self, code: str = "forbidden", **params: object) -> None:
        super().__init__(code, **params)


class Conflict(PortalError):
    """Somebody else, or another window, was faster."""

    status = 409


class TooMany(PortalError):
    """Too many tries in too short a time; `seconds` says when to come back."""

    status = 429

    def __init__(self, code: str = "too_many_tries", *, seconds: int) -> None:
        super().__init__(code, seconds=seconds)
        self.seconds = seconds

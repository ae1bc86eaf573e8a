"""What a taker may see of their own attempt, and from when (promise V18)."""

from enum import StrEnum

from portal.api import Settings


class Shown(StrEnum):
    """How much is shown; each includes those before it."""

    ANSWERS = "answers"
    """What one answered oneself."""
    MARKS = "marks"
    """And what was right, with points and remarks."""
    KEYS = "keys"
    """And what would have been right, with the explanation."""

    @property
    def marks(self) -> bool:
        """Whether points are shown."""
        return self is not Shown.ANSWERS

    @property
    def keys(self) -> bool:
        """Whether what is right is shown."""
        return self is Shown.KEYS


def shown(settings: Settings, *, closed: bool, may_try_again: bool) -> Shown:
    """What is shown of an attempt that was handed in.

    `closed` says that nobody can answer any more. Until then the setting for the time
    after handing in holds, but a key is never shown to who may still try again, or
    sits at another attempt.
    """
    if closed:
        return Shown(settings["after_close"])
    now = Shown(settings["after_hand_in"])
    return Shown.MARKS if now.keys and may_try_again else now

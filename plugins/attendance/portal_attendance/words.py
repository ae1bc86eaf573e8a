"""Codes put into sentences that say what, where and what to do."""

from portal.api import PortalError
from portal.api import lazy_gettext as _l

_WORDS = {
    "event_incomplete": _l("还缺%(missing)s，补齐以后才能开放签到。"),
}


def sentence(error: PortalError) -> str:
    """What went wrong, in the reader's language.

    Raises:
        PortalError: the same, where the portal has words for it and we do not.
    """
    words = _WORDS.get(error.code)
    if words is None:
        raise error
    return str(words) % error.params if error.params else str(words)

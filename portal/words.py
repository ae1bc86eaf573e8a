"""Codes of errors put into sentences that say what, where and what to do.

A feature adds its own by `error_words({...})` in its `words.py`; the sentence may
use the error's parameters as %(name)s.
"""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.errors import PortalError

_words: dict[str, LazyString] = {
    "not_found": _l("没有这个页面，或者它不对您开放。"),
    "forbidden": _l("您可以看到它，但没有权限这样做。"),
    "foreign_origin": _l("这个操作来自别的网站，没有执行。请从本站的页面操作。"),
    "too_many_tries": _l("尝试次数过多，请 %(seconds)s 秒后再试。"),
}


def error_words(words: Mapping[str, LazyString]) -> None:
    """Add the sentences of a feature's error codes.

    Raises:
        ValueError: a code has a sentence already.
    """
    if taken := sorted(_words.keys() & words.keys()):
        raise ValueError(f"These error codes have a sentence already: {taken}")
    _words.update(words)


def error_sentence(error: PortalError) -> str:
    """The sentence of an error, in the language of the request."""
    words = _words.get(error.code)
    if words is None:
        return _("操作没有完成，什么也没有改动。（%(code)s）", code=error.code)
    return str(words) % error.params if error.params else str(words)

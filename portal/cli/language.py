"""The language in which commands speak to the operator: that of the terminal."""

import locale
import os
from collections.abc import Iterator
from contextlib import contextmanager

from flask_babel import force_locale

SETTINGS = ("LC_ALL", "LC_MESSAGES", "LANG")


def terminal_language() -> str:
    """Chinese where the terminal is set to it, else English."""
    said = next(filter(None, map(os.environ.get, SETTINGS)), None)
    said = said or locale.getlocale()[0] or ""
    return "zh_Hans_CN" if said.lower().startswith(("zh", "chinese")) else "en"


@contextmanager
def spoken() -> Iterator[None]:
    """Word what is said inside in the operator's language."""
    with force_locale(terminal_language()):
        yield

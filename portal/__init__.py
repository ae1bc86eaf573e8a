"""A portal that teachers study in."""

from typing import Any

__version__ = "0.1.0"


def create_app(*args: Any, **kwargs: Any) -> Any:
    """Make the application, so that `flask --app portal` finds it here.

    What it needs is imported when it is called: a plugin that asks for the version
    does not load the whole portal.
    """
    from portal.app import create_app as make

    return make(*args, **kwargs)

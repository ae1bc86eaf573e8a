"""A portal that teachers study in."""

import os
from pathlib import Path
from typing import Any

__version__ = "0.1.0"


def create_app(
    config: dict[str, Any] | None = None, *, instance_path: str | None = None
) -> Any:
    """Make the application, for `flask --app portal` and the `portal` command.

    The instance folder is that of `PORTAL_INSTANCE`, else the one beside the code. What
    it needs is imported when it is called: a plugin that asks for the version does not
    load the whole portal.
    """
    from portal.app import create_app as make

    instance_path = instance_path or os.environ.get("PORTAL_INSTANCE")
    if instance_path:
        instance_path = str(Path(instance_path).absolute())
    return make(config, instance_path=instance_path)

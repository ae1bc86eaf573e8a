"""$title: a plugin for the teacher portal."""

from portal.api import hookimpl

from portal_$name.activity import ${type}Activity


@hookimpl
def portal_activity_types():
    """One type."""
    return [${type}Activity()]

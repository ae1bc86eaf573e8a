"""What people call a version of a scheme."""

from flask_babel import gettext as _


def version_name(title: str, number: int) -> str:
    """The title with the number of the version, in the reader's language."""
    return _("%(title)s 第 %(number)s 版", title=title, number=number)

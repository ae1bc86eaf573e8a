"""Schemes that are being written: one from a template, and the next of this term's."""

from copy import deepcopy

from sqlalchemy.orm import Session

from portal.schemes import versions
from portal.schemes.models import SchemeVersion
from portal.users.models import User

TEMPLATE = "yongji_2015"
NOTE = "按新文件，日记多计一些"
MORE = 1
"""So many marks more for each journal."""


def draft_schemes(session: Session, officer: User, present: SchemeVersion) -> None:
    """A draft nobody has compared with its paper yet, and one that pays more."""
    versions.new_scheme(session, template=TEMPLATE, by=officer.id)
    document = deepcopy(present.document)
    for step in document["items"][0]["steps"]:
        if step["do"] == "price":
            step["points"] += MORE
    versions.draft_version(session, present.scheme, document, NOTE, by=officer.id)

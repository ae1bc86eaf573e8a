"""Names for people who are not to be known: 作者甲， 评委乙.

An alias is a number that an allocation keeps. It follows the order of chance and not
the roster, and holds for one pair in one activity: nobody can put the opinions of one
reviewer on two works together.
"""

from portal.api import gettext as _
from portal.api import lazy_gettext as _l

STEMS = (
    _l("甲"),
    _l("乙"),
    _l("丙"),
    _l("丁"),
    _l("戊"),
    _l("己"),
    _l("庚"),
    _l("辛"),
    _l("壬"),
    _l("癸"),
)


def author_alias(number: int) -> str:
    """What a reviewer calls the author of their work of this number, from 1."""
    return _("作者%(sign)s", sign=_sign(number))


def reviewer_alias(number: int) -> str:
    """What an author calls their reviewer of this number, from 1."""
    return _("评委%(sign)s", sign=_sign(number))


def _sign(number: int) -> str:
    return str(STEMS[number - 1]) if number <= len(STEMS) else str(number)

"""A school that looks its own way: 砚台, a name for its site, a logo of our hand."""

from io import BytesIO

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from portal.demonstration.settling import County
from portal.dressing.logos import LIMIT, fit
from portal.dressing.queries import Dress
from portal.dressing.service import dress
from portal.files.service import keep
from portal.permissions import actor_for

THEME = "inkstone"
SITE_TITLE = "桃源墨池研修"

_STONE, _PAPER, _INK = "#5E2F45", "#FBF9F2", "#1B1817"
_SIDE = 512


def dress_a_school(session: Session, county: County, uploads: str) -> None:
    """Let the first school's officer dress it.

    Args:
        uploads: address of the storage of files.
    """
    school, officer = county.schools[0], county.school_officers[0]
    name, data = fit("校徽.png", emblem())
    stored = keep(
        session,
        name,
        data,
        owner_id=officer.id,
        tenant_id=school.tenant_id,
        place=uploads,
        limit=LIMIT,
    )
    by = actor_for(session, officer.id, school.tenant_id)
    dress(session, school, Dress(THEME, SITE_TITLE, stored.id), by=by)


def emblem() -> bytes:
    """An inkstone with its pool, and a brush dipped into it, as PNG."""
    picture = Image.new("RGBA", (_SIDE, _SIDE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((4, 4, 508, 508), fill=_STONE)
    draw.ellipse((30, 30, 482, 482), outline=_PAPER, width=8)
    draw.rounded_rectangle((126, 214, 386, 414), 40, fill=_PAPER)
    draw.ellipse((160, 242, 352, 386), fill=_INK)
    draw.ellipse((176, 276, 336, 386), fill=_STONE)
    draw.line((398, 92, 306, 232), fill=_PAPER, width=26)
    draw.polygon(((294, 222), (322, 240), (262, 312)), fill=_INK)
    draw.line((290, 218, 326, 242), fill=_STONE, width=8)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()

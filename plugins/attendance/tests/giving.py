"""What people give an event: photos, notes."""

from io import BytesIO
from typing import Any

from PIL import Image
from sqlalchemy import func, select

NOTES = "专家把一节课拆成三个问题：学生已经会什么，卡在哪里，怎样看得见进步。" * 10


def picture(shade: int = 0) -> BytesIO:
    """A small photo with the place it was taken in."""
    image = Image.new("RGB", (40, 30), (50 * shade, 90, 120))
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    stream = BytesIO()
    image.save(stream, "JPEG", exif=exif)
    stream.seek(0)
    return stream


def give(morning: Any, who: str = "learner", *shades: int, **more: Any) -> Any:
    """Upload photos."""
    files = [(picture(shade), f"现场{shade}.jpg") for shade in shades or (0,)]
    return morning.browser(who).post(
        morning.url("/photos"),
        data={"photos": files, **more},
        content_type="multipart/form-data",
    )


def many(morning: Any, model: Any) -> int:
    """How many rows there are."""
    morning.session.expire_all()
    found: int = morning.session.scalar(select(func.count()).select_from(model))
    return found


def write(morning: Any, who: str = "learner", **data: Any) -> Any:
    """Hand notes in on the portal's own page."""
    return morning.browser(who).post(
        f"/activities/{morning.id}/write/notes",
        data={"counter": "0", **data},
        content_type="multipart/form-data",
    )

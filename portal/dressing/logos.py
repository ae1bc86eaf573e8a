"""Logos: a small square picture, whatever was uploaded.

Every page shows it, so it must not weigh; and it is drawn anew from its dots, so that
nothing comes with it. SVG is not taken: one can hold scripts.
"""

from io import BytesIO

from PIL import Image

from portal.errors import Invalid
from portal.files.content import display_name, examine

ENDINGS = ("png", "webp")
SIDE = 128
"""Dots of either side: four for each that the page has, for fine screens."""
LIMIT = 2 * 1024 * 1024
"""Bytes that are taken; what is kept has a few thousand."""


def fit(name: str, data: bytes) -> tuple[str, bytes]:
    """The picture as a square PNG, whole and in the middle, with a name for it.

    Raises:
        Invalid: "logo_kind_refused" for another kind of file; else as
            `portal.files.content.examine` says.
    """
    shown = display_name(name)
    stem, _, ending = shown.rpartition(".")
    if ending.lower() not in ENDINGS:
        raise Invalid("logo_kind_refused", name=shown)
    content = examine(name, data, limit=LIMIT)
    square = Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 0))
    with Image.open(BytesIO(content.data)) as opened:
        picture = opened.convert("RGBA")
    picture.thumbnail((SIDE, SIDE))
    left, top = (SIDE - picture.width) // 2, (SIDE - picture.height) // 2
    square.paste(picture, (left, top))
    out = BytesIO()
    square.save(out, "PNG", optimize=True)
    return f"{stem}.png", out.getvalue()

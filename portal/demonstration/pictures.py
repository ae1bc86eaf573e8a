"""Pictures that teachers attach: the board after the lesson, in chalk."""

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

CAPTIONS = ("板书", "课后的黑板", "学生在黑板上的练习", "黑板上的错例")

_SIZE = (640, 420)
_WOOD, _BOARD = "#7a5a3a", "#2e4a3f"
_CHALK = ("#e9ece6", "#f0d98c", "#e7a9a0")


def board(number: int) -> bytes:
    """A board as PNG; the same number is the same board."""
    rng = Random(number)
    picture = Image.new("RGB", _SIZE, _WOOD)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((14, 14, _SIZE[0] - 15, _SIZE[1] - 15), fill=_BOARD)
    for line in range(rng.randint(4, 7)):
        _writing(draw, rng, 60 + 48 * line)
    _sketch(draw, rng)
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _writing(draw: ImageDraw.ImageDraw, rng: Random, y: int) -> None:
    """A line of strokes that look like characters from the last row."""
    chalk = rng.choice(_CHALK)
    for sign in range(rng.randint(5, 11)):
        x = 50 + 30 * sign
        for _ in range(rng.randint(3, 6)):
            ends = [(x + rng.randint(0, 20), y + rng.randint(0, 22)) for _ in range(2)]
            draw.line(ends, fill=chalk, width=2)


def _sketch(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    """The drawing at the right: three bars and the ground they stand on."""
    ground = _SIZE[1] - 60
    draw.line((450, ground, 600, ground), fill=_CHALK[0], width=3)
    for bar in range(3):
        top = ground - rng.randint(30, 180)
        left = 465 + 45 * bar
        draw.rectangle((left, top, left + 28, ground), outline=_CHALK[1], width=3)

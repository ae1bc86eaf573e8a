"""What an upload really is: sniffed, held against its name, pictures made anew.

A picture is decoded and encoded again, which drops EXIF (where it was taken, with
which phone) and whatever hid behind the picture (promise V07).
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from warnings import catch_warnings, simplefilter

import puremagic
import regex
from PIL import Image, ImageOps, UnidentifiedImageError

from portal.errors import Invalid

PICTURES = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "PNG"}
DOCUMENTS = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "txt": "text/plain",
}
_CONTAINERS = {
    b"%PDF-": {"pdf"},
    b"PK\x03\x04": {"docx", "pptx", "xlsx"},
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": {"doc", "ppt", "xls"},
}
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2400
NAME_LENGTH = 120

_UNSEEN = regex.compile(r"[\p{C}/\\]")


@dataclass(frozen=True)
class Content:
    """An upload as it will be kept."""

    name: str
    media_type: str
    data: bytes


def display_name(name: str) -> str:
    """The name as people read it: no paths, no control or direction signs (V08)."""
    base = PurePath(name.replace("\\", "/")).name
    clean = _UNSEEN.sub("", base).strip(". ")
    if len(clean) > NAME_LENGTH:
        stem, dot, ending = clean.rpartition(".")
        clean = f"{stem[: NAME_LENGTH - len(ending) - 1]}{dot}{ending}"
    return clean


def examine(name: str, data: bytes, *, limit: int) -> Content:
    """Look at an upload and make what is kept of it.

    Raises:
        Invalid: empty, larger than `limit` bytes, of a kind that is not taken, or
            not what its name says.
    """
    shown = display_name(name)
    if not data:
        raise Invalid("file_empty", name=shown)
    if len(data) > limit:
        raise Invalid("file_too_large", name=shown, limit_mb=limit // 1024 // 1024)
    ending = shown.rpartition(".")[2].lower() if "." in shown else ""
    if ending in PICTURES:
        return _picture(shown, ending, data)
    if ending not in DOCUMENTS:
        raise Invalid("file_kind_refused", name=shown)
    if not _is_really(ending, data):
        raise Invalid("file_not_what_it_says", name=shown)
    return Content(shown, DOCUMENTS[ending], data)


def _is_really(ending: str, data: bytes) -> bool:
    for start, endings in _CONTAINERS.items():
        if data.startswith(start):
            return ending in endings and _inside(ending, data)
    if ending != "txt":
        return False
    try:
        puremagic.from_string(data)
    except puremagic.PureError:
        return b"\0" not in data
    except ValueError:
        return b"\0" not in data
    return b"\0" not in data and data.lstrip()[:1] != b"<"


def _inside(ending: str, data: bytes) -> bool:
    """An Office file names its own kind inside; the other containers are enough."""
    folder = {"docx": b"word/", "pptx": b"ppt/", "xlsx": b"xl/"}.get(ending)
    return folder is None or folder in data


def _picture(name: str, ending: str, data: bytes) -> Content:
    kind = PICTURES[ending]
    with catch_warnings():
        simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP", "GIF")) as p:
                if p.width * p.height > MOST_PIXELS:
                    raise Invalid("picture_too_large", name=name)
                picture = ImageOps.exif_transpose(p)
                picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                mode = "RGB" if kind == "JPEG" else "RGBA"
                stream = BytesIO()
                picture.convert(mode).save(stream, kind, quality=85)
        except (
            UnidentifiedImageError,
            OSError,
            SyntaxError,
            ValueError,
            Image.DecompressionBombError,
            Image.DecompressionBombWarning,
        ) as error:
            raise Invalid("file_not_what_it_says", name=name) from error
    media_type = f"image/{kind.lower()}"
    if ending == "gif":
        name = f"{name[:-4]}.png"
    return Content(name, media_type, stream.getvalue())

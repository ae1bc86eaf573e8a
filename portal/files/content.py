"""What an upload really is: sniffed, held against its name, pictures made anew.

A picture is decoded and encoded again, which drops EXIF (where it was taken, with
which phone) and whatever hid behind the picture (promise V07).
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from warnings import catch_warnings, simplefilter
from zipfile import BadZipFile, ZipFile

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
TABLES = {**DOCUMENTS, "csv": "text/csv"}
"""With the text that sheets are kept as, where a page reads one."""
OFFICE = {"docx": "word/", "pptx": "ppt/", "xlsx": "xl/"}
"""Where an Office file keeps its main part."""
OLD_OFFICE = {
    "doc": ("WordDocument",),
    "ppt": ("PowerPoint Document",),
    "xls": ("Workbook", "Book"),
}
"""The stream that an old Office file consists of, by one of these names."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2400
NAME_LENGTH = 200
LONGEST_ENDING = 10

UNREADABLE = (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error)
"""What Pillow throws at a broken picture."""

VIDEO = "video/mp4"
VIDEO_HEAD = 12
"""Bytes by which a video is known: the size and name of its first box, its brand."""
_BRANDS = regex.compile(rb"isom|iso[2-9]|mp4[12v]|avc1|M4V |MSNV|dash|mmp4|3gp\d")

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
    if len(clean) <= NAME_LENGTH:
        return clean
    stem, _, ending = clean.rpartition(".")
    if not stem or len(ending) > LONGEST_ENDING:
        return clean[:NAME_LENGTH]
    return f"{stem[: NAME_LENGTH - len(ending) - 1]}.{ending}"


def examine(
    name: str, data: bytes, *, limit: int, kinds: Mapping[str, str] = DOCUMENTS
) -> Content:
    """Look at an upload and make what is kept of it.

    Args:
        kinds: endings that are taken beside pictures, with their media types.

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
    if ending not in kinds:
        raise Invalid("file_kind_refused", name=shown)
    if not _is_really(ending, data):
        raise Invalid("file_not_what_it_says", name=shown)
    return Content(shown, kinds[ending], data)


def examine_video(name: str, head: bytes, size: int, *, limit: int) -> str:
    """Look at a video by its first bytes, and say what it is called.

    It is kept as it is: browsers decode it in a process of its own, and to make it
    anew would keep a small server busy for hours.

    Args:
        head: its first VIDEO_HEAD bytes.
        size: all its bytes.

    Raises:
        Invalid: empty, larger than `limit` bytes, or no mp4.
    """
    shown = display_name(name)
    if not size:
        raise Invalid("file_empty", name=shown)
    if size > limit:
        raise Invalid("file_too_large", name=shown, limit_mb=limit // 1024 // 1024)
    is_mp4 = head[4:8] == b"ftyp" and _BRANDS.fullmatch(head[8:VIDEO_HEAD])
    if not is_mp4 or not shown.lower().endswith((".mp4", ".m4v")):
        raise Invalid("video_refused", name=shown)
    return shown


def _is_really(ending: str, data: bytes) -> bool:
    """Whether the content is of the kind that the ending says."""
    if ending == "pdf":
        return data.startswith(b"%PDF-")
    if ending in OFFICE:
        return _is_office(OFFICE[ending], data)
    if ending in OLD_OFFICE:
        names = (name.encode("utf-16-le") for name in OLD_OFFICE[ending])
        return data.startswith(_OLE) and any(name in data for name in names)
    return _is_text(data)


def _is_office(folder: str, data: bytes) -> bool:
    """Whether it is a package of that kind, and one without macros."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with ZipFile(BytesIO(data)) as package:
            names = package.namelist()
    except (BadZipFile, ValueError, NotImplementedError, OSError):
        return False
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    main = any(name.startswith(folder) for name in names)
    return "[Content_Types].xml" in names and main and not macros


def _is_text(data: bytes) -> bool:
    """Whether it can be read as UTF-8 or as the GB18030 of older systems."""
    if b"\0" in data or data.lstrip()[:1] == b"<":
        return False
    return any(_decodes(data, encoding) for encoding in ("utf-8-sig", "gb18030"))


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _picture(name: str, ending: str, data: bytes) -> Content:
    kind = PICTURES[ending]
    try:
        with catch_warnings():
            simplefilter("ignore", Image.DecompressionBombWarning)
            picture = _opened(name, kind, data)
        stream = BytesIO()
        picture.save(stream, kind, quality=85)
    except Image.DecompressionBombError as error:
        raise Invalid("picture_too_large", name=name) from error
    except UNREADABLE as error:
        raise Invalid("file_not_what_it_says", name=name) from error
    if ending == "gif":
        name = f"{name[:-4]}.png"
    return Content(name, f"image/{kind.lower()}", stream.getvalue())


def _opened(name: str, kind: str, data: bytes) -> Image.Image:
    """The picture upright, not larger than pages show it, and nothing but its dots.

    Its size is known before a dot of it is decoded.
    """
    with Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP", "GIF")) as found:
        if found.width * found.height > MOST_PIXELS:
            raise Invalid("picture_too_large", name=name)
        found.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = _turned(found)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        clear = "A" in upright.getbands() or "transparency" in upright.info
        picture = upright.convert("RGBA" if clear and kind != "JPEG" else "RGB")
        picture.info.clear()
        return picture


def _turned(found: Image.Image) -> Image.Image:
    """Upright, as the camera noted; as it is where the note cannot be read."""
    try:
        return ImageOps.exif_transpose(found)
    except UNREADABLE:
        return found.copy()

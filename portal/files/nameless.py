"""Documents without the name of who made them, for readers who must not know it.

Pictures lost theirs when they were uploaded (`content.py`). Office files say it in
their properties, in comments and in tracked changes, PDF files in their properties.
"""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import regex

from portal.errors import NotFound

MOST_UNPACKED = 300_000_000
"""Bytes of an Office file's parts together: no honest one has more."""

OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = "application/pdf"

_TEXT = regex.compile(
    rb"(<(?:\w+:)?(?:creator|lastModifiedBy|Company|Manager|lpwstr)(?:\s[^>]*)?>)"
    rb"[^<]*(?=</)"
)
_ATTRIBUTE = regex.compile(
    rb"((?<=\s)(?:\w+:)?(?:author|initials|displayName|userId|providerId|name)=)"
    rb"(\"[^\"]*\"|'[^']*')"
)
_NAMES_PEOPLE = regex.compile(r".*(comment|people|person|authors).*\.xml", regex.I)
_TRACKED = regex.compile(rb"(\s(?:\w+:)?(?:author|initials)=)(\"[^\"]*\"|'[^']*')")

_INFO = regex.compile(
    rb"/(?:Author|Creator|Company|Manager|LastModifiedBy)\s*"
    rb"(\((?:\\.|[^\\()]|(?1))*\)|<[0-9A-Fa-f\s]*>)"
)
_XMP = regex.compile(
    rb"<(?P<tag>dc:creator|pdf:Author|xmp:CreatorTool|pdfx:\w+)(?:\s[^>]*)?>"
    rb"(?P<said>.*?)</(?P=tag)>",
    regex.S,
)
_BLANK = regex.compile(rb"[^<>\s](?![^<]*>)")


def nameless(media_type: str, data: bytes) -> bytes:
    """The document without its author's name, as far as it can be found there.

    An old Office file, and a PDF that keeps its properties compressed, stay as they
    are: nothing here can write them.

    Raises:
        NotFound: a package whose parts would fill the memory.
    """
    if media_type.startswith(OFFICE):
        return _office(data)
    return _pdf(data) if media_type == PDF else data


def _office(data: bytes) -> bytes:
    """The package with its parts as they were, but for those that name people."""
    made = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        if sum(entry.file_size for entry in old.infolist()) > MOST_UNPACKED:
            raise NotFound
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename.startswith("docProps/"):
                content = _TEXT.sub(rb"\1", content)
            elif _NAMES_PEOPLE.fullmatch(entry.filename):
                content = _ATTRIBUTE.sub(rb'\1""', content)
            elif entry.filename.endswith(".xml"):
                content = _TRACKED.sub(rb'\1""', content)
            new.writestr(entry.filename, content)
    return made.getvalue()


def _pdf(data: bytes) -> bytes:
    """The file with blanks of the same length, so that its table of contents holds."""
    data = _INFO.sub(_blank_value, data)
    return _XMP.sub(_blank_xmp, data)


def _blank_value(found: "regex.Match[bytes]") -> bytes:
    value = found[1]
    start, end = value[:1], value[-1:]
    return found[0][: -len(value)] + start + b" " * (len(value) - 2) + end


def _blank_xmp(found: "regex.Match[bytes]") -> bytes:
    said = found["said"]
    return found[0].replace(said, _BLANK.sub(b" ", said))

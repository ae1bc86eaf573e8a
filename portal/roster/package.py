"""An xlsx file looked at before anything parses it (promise V10).

The parser lays a sheet out as a full rectangle and copies a shared text into every
cell that names it. A file of a few kilobytes can therefore ask for hundreds of
gigabytes, and then the process is aborted, not the file refused. So everything is
counted first: bytes while inflating, the furthest cell, and the text of the cells.
What was counted is packed anew, and the parser sees nothing else.
"""

import io
import zipfile
import zlib
from array import array
from collections.abc import Iterator, Sequence

import regex

from portal.errors import Invalid

MAX_ENTRIES = 500
MAX_INFLATED = 24 * 2**20
"""Bytes of all entries together; a roster of 20,000 rows takes a third of it."""

MAX_LINES = 50_000
MAX_COLUMNS = 50
MAX_TEXT = 24 * 2**20
"""Bytes of text in all cells, a shared text counted as often as it is used."""

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
)
"""What the archive's reader raises at damage; the last one at unknown encryption."""

_CHUNK = 2**16
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# Every pattern stops at the next "<", so that no damaged file is read many times.
# None counts without end: what the matcher remembers of a tag is memory, too.
_ATTRIBUTES = rb"(?:[^<>\"']++|\"[^\"<]*\"|'[^'<]*'){0,200}+"
_BLANK_CELL = regex.compile(rb"<(?:\w+:)?c\b" + _ATTRIBUTES + rb"(?<=/)>")
_BLANK_ROW = regex.compile(
    rb"<(?:\w+:)?row\b" + _ATTRIBUTES + rb"(?:(?<=/)>|>\s*</(?:\w+:)?row\s*>)"
)
_PLACE = regex.compile(rb"\br\s*=\s*[\"']([A-Za-z]*)(\d+)[\"']")
_INDEX = regex.compile(rb"<(?:\w+:)?v\b[^<>]*>\s*(\d+)\s*<")
_STRING = regex.compile(rb"<(?:\w+:)?si\b")
_OPEN_FORMULA = regex.compile(
    rb"<c\s[^<>]*?\br=\"([A-Z]+)(\d+)\"[^<>]*>\s*<f\b(?:[^<>]*/>|[^<>]*>[^<]*</f>)\s*"
    rb"(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_ERROR = regex.compile(rb"<c\s(?=[^<>]*\bt=\"e\")[^<>]*?\br=\"([A-Z]+)(\d+)\"")
_SHEET_ID = regex.compile(rb"<(?:\w+:)?sheet\s[^<>]*?\b\w+:id\s*=\s*[\"']([^\"'<]+)")
_RELATION = regex.compile(rb"<(?:\w+:)?Relationship\s[^<>]*>")
_TARGET = regex.compile(rb"\bTarget\s*=\s*[\"']/?(?:xl/)?([^\"']+)")
_ID = regex.compile(rb"\bId\s*=\s*[\"']([^\"']+)")


class Package:
    """The checked parts of an xlsx file.

    Raises:
        Invalid: no xlsx file, or one that would unpack to too much.
    """

    def __init__(self, data: bytes) -> None:
        self._parts = dict(_inflate(data))
        if not any(name.lower().endswith("xl/workbook.xml") for name in self._parts):
            raise Invalid("roster_not_a_spreadsheet")
        lengths = self._string_lengths()
        text = sum(self._check_sheet(part, lengths) for part in self._sheets())
        if text > MAX_TEXT:
            raise _too_large(MAX_TEXT)

    def repacked(self) -> io.BytesIO:
        """A plain archive of the checked parts, for the parser."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, part in self._parts.items():
                archive.writestr(name, part)
        stream.seek(0)
        return stream

    def not_computed(self, sheet: int) -> frozenset[tuple[int, int]]:
        """(line, column), both from 0, of formulas without a result in a sheet.

        The parser reads them as blank. `sheet` counts in the order of the workbook.
        """
        part = self._sheet_part(sheet)
        hits = (*_OPEN_FORMULA.finditer(part), *_ERROR.finditer(part))
        return frozenset((int(h[2]) - 1, column_number(h[1]) - 1) for h in hits)

    def _sheets(self) -> Iterator[bytes]:
        return (part for part in self._parts.values() if b"sheetData" in part)

    def _string_lengths(self) -> Sequence[int]:
        lengths = array("L")
        for part in (part for part in self._parts.values() if b"sst" in part):
            start = None
            for hit in _STRING.finditer(part):
                if start is not None:
                    lengths.append(hit.start() - start)
                start = hit.start()
            if start is not None:
                lengths.append(len(part) - start)
        return lengths

    def _check_sheet(self, part: bytes, lengths: Sequence[int]) -> int:
        """Refuse a sheet that reaches too far; else the bytes of its shared texts."""
        filled = _BLANK_ROW.sub(b"", _BLANK_CELL.sub(b"", part))
        for hit in _PLACE.finditer(filled):
            column = column_number(hit[1]) if hit[1] else 0
            if len(hit[2]) > 7 or int(hit[2]) > MAX_LINES or column > MAX_COLUMNS:
                cell = (hit[1] + hit[2])[:12].decode("ascii").upper()
                raise Invalid("roster_too_far", cell=cell)
        indexes = (hit[1] for hit in _INDEX.finditer(filled))
        places = (int(index) for index in indexes if len(index) < 10)
        return sum(lengths[place] for place in places if place < len(lengths))

    def _sheet_part(self, sheet: int) -> bytes:
        ids = _SHEET_ID.findall(self._part("xl/workbook.xml"))
        relations = _RELATION.findall(self._part("xl/_rels/workbook.xml.rels"))
        for relation in relations if sheet < len(ids) else ():
            found, target = _ID.search(relation), _TARGET.search(relation)
            if found and target and found[1] == ids[sheet]:
                return self._part("xl/" + target[1].decode("utf-8", "replace"))
        return b""

    def _part(self, name: str) -> bytes:
        return self._parts.get(name, b"")


def column_number(letters: bytes) -> int:
    """1 for A, 27 for AA; a name too long for any sheet is simply far."""
    number = 0
    for letter in letters[:6].upper():
        number = number * 26 + letter - 64
    return number


def _inflate(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The parts that the parser reads, all of the archive counted as it unpacks.

    Sizes are counted and not believed: an entry may say that it is small.
    """
    left = MAX_INFLATED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            for entry in entries:
                # Whatever the entry claims: read on until the limit is passed.
                entry.file_size = left + 2 * _CHUNK
                part = _read(archive, entry, left)
                left -= len(part)
                if entry.filename.lower().endswith((".xml", ".rels")):
                    yield entry.filename.lstrip("/"), part
    except BROKEN as error:
        raise Invalid("roster_not_a_spreadsheet") from error


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise _too_large(MAX_INFLATED)
    if any(e.flag_bits & 1 or e.compress_type not in _METHODS for e in entries):
        raise Invalid("roster_not_a_spreadsheet")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    part = bytearray()
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            part += chunk
            if len(part) > limit:
                raise _too_large(MAX_INFLATED)
    return bytes(part)


def _too_large(limit: int) -> Invalid:
    return Invalid("roster_too_large", megabytes=limit // 2**20)

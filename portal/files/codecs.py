"""By which codecs a video is made: those that phones write and browsers cannot play.

An mp4 is a row of boxes: four bytes of size, four of name, then what is in it (ISO
14496-12). `moov` holds the index; in it each track says in `stsd` how it is coded.
"""

from io import SEEK_CUR, SEEK_SET
from typing import BinaryIO

UNPLAYABLE = frozenset({b"hvc1", b"hev1", b"dvh1", b"dvhe", b"mp4v"})
"""HEVC, with Dolby Vision or without, and MPEG-4 before H.264."""

MOST_BOXES = 1000
LONGEST_INDEX = 16 * 1024 * 1024
"""Bytes that are read of the index: that of a video of some hours is a tenth."""

_HEAD, _LONG_HEAD = 8, 16
_IN_STSD = 16
"""From its name to that of the first codec: name, version, count, size."""


def codecs(video: BinaryIO) -> frozenset[bytes]:
    """The codecs of its tracks, by the names that mp4 has for them.

    None of a file whose index is not found: what is broken its player will say.
    """
    index = _index(video)
    found, place = set(), index.find(b"stsd")
    while place >= 0:
        found.add(index[place + _IN_STSD : place + _IN_STSD + 4])
        place = index.find(b"stsd", place + 1)
    return frozenset(found)


def _index(video: BinaryIO) -> bytes:
    """What is in the box `moov`; it stands before the pictures, or after them."""
    video.seek(0, SEEK_SET)
    for _ in range(MOST_BOXES):
        head = video.read(_HEAD)
        size, used = int.from_bytes(head[:4]), _HEAD
        if size == 1:
            size, used = int.from_bytes(video.read(_LONG_HEAD - _HEAD)), _LONG_HEAD
        if head[4:] == b"moov":
            return video.read(min(max(size - used, 0), LONGEST_INDEX))
        if size < used:
            break
        video.seek(size - used, SEEK_CUR)
    return b""

"""Subtitles as browsers read them (WebVTT), from such a file or an SRT.

Only times and words are taken over: numbers, styles and comments stay behind.
"""

import re

from portal.api import Invalid

LARGEST = 1024 * 1024
"""Bytes; those of a film are a tenth."""

ENCODINGS = ("utf-8-sig", "gb18030")
"""What subtitles are written in: today, and by older programs."""

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{3})"
_TIMES = re.compile(rf"\s*{_TIME}[ \t]+-->[ \t]+{_TIME}")


def webvtt(data: bytes) -> str:
    """The subtitles of a file, ready to be sent.

    Raises:
        Invalid: subtitles_unreadable: it is too large, no text, or has no times.
    """
    cues = _cues(_text(data)) if len(data) <= LARGEST else []
    if not cues:
        raise Invalid("subtitles_unreadable")
    return "\n\n".join(("WEBVTT", *cues)) + "\n"


def _text(data: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    return ""


def _cues(text: str) -> list[str]:
    """Each block that has a line of times and words below it."""
    found = []
    for block in re.split(r"\n\s*\n", text):
        lines = block.strip("\n").split("\n")
        for place, line in enumerate(lines):
            if times := _TIMES.match(line):
                words = [one for one in lines[place + 1 :] if "-->" not in one]
                if any(one.strip() for one in words):
                    parts = times.groups(default="0")
                    span = f"{_clock(*parts[:4])} --> {_clock(*parts[4:])}"
                    found.append("\n".join((span, *words)))
                break
    return found


def _clock(hours: str, minutes: str, seconds: str, thousandths: str) -> str:
    return f"{hours:0>2}:{minutes:0>2}:{seconds}.{thousandths}"

"""A page's text as HTML: paragraphs, headings, lists and links, and nothing else."""

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby

from portal.api import sanitise_html

_END = r"\s<>\"'，。；：！？、（）《》“”"
_ADDRESS = re.compile(rf"https?://[^{_END}]*[^{_END}.,;:!?)]")


def html_of(text: str) -> str:
    """The text, escaped and set; the portal's own sanitiser has the last word."""
    return sanitise_html("\n".join(_blocks(text)))


def _blocks(text: str) -> Iterator[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for is_list, group in groupby(lines, lambda line: line.startswith("- ")):
        if is_list:
            points = (f"<li>{_linked(line[2:])}</li>" for line in group)
            yield f"<ul>{''.join(points)}</ul>"
        else:
            yield from (_block(line) for line in group)


def _block(line: str) -> str:
    if line.startswith("# "):
        return f"<h2>{_linked(line[2:])}</h2>"
    return f"<p>{_linked(line)}</p>"


def _linked(line: str) -> str:
    """The line escaped, its addresses as links."""
    done, here = "", 0
    for found in _ADDRESS.finditer(line):
        address = escape(found[0])
        done += escape(line[here : found.start()])
        done += f'<a href="{address}">{address}</a>'
        here = found.end()
    return done + escape(line[here:])

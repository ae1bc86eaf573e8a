"""The one place where what a person wrote becomes HTML.

No other module may make `Markup` of text that came from outside (promise V04). Plain
text is escaped and set in paragraphs; HTML is cut down to an allow-list without svg,
math, style, class and id. The raw hand-in is kept elsewhere; what is made here is
stored with `SANITISER_VERSION` and made again when that grows.
"""

from collections.abc import Mapping

import nh3
import regex
from markupsafe import Markup

from portal.errors import Invalid
from portal.submissions.text import PICTURE_LINE

SANITISER_VERSION = 1
"""Grows with every change of what these functions let through."""

MAX_HTML = 100_000
"""Characters of HTML that are cleaned at all: deep nesting costs quadratic time."""

TAGS = frozenset(
    (
        *("p", "br", "hr", "h2", "h3", "h4", "blockquote", "pre", "code"),
        *("strong", "b", "em", "i", "u", "s", "sub", "sup"),
        *("ul", "ol", "li", "a", "img", "figure", "figcaption"),
        *("table", "caption", "thead", "tbody", "tr", "th", "td"),
    )
)

ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "a": frozenset({"href"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "ol": frozenset({"start"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan"}),
}

DROPPED_WITH_CONTENT = frozenset(
    (
        *("script", "style", "template", "noscript", "iframe", "frame", "frameset"),
        *("object", "embed", "applet", "svg", "math", "title", "textarea", "select"),
        *("xmp", "noembed", "noframes", "plaintext", "audio", "video", "canvas"),
    )
)

_OWN_PATH = regex.compile(r"/[A-Za-z0-9_-][A-Za-z0-9_./-]*(\?[A-Za-z0-9_.=&-]*)?")
_LINK = regex.compile(r"(?i)(https?://[^\s\\]+|mailto:[^\s\\]+)")
_CONTROL = regex.compile(r"[^\P{Cc}\t]")
_NUMBER = regex.compile(r"[0-9]{1,4}")


def text_to_html(text: str, pictures: Mapping[int, str] | None = None) -> Markup:
    """Plain text as paragraphs: every line that is not blank is one.

    Args:
        text: as it was typed; indents made of blanks go, the style sheet indents.
        pictures: the path of each attached picture by its id. A picture line
            (`[图片:12 荷花池]`, see `portal.submissions.text`) becomes the picture
            with its caption; one that names no such picture stays as it is typed.
    """
    lines = (_CONTROL.sub("", line).strip() for line in text.splitlines())
    paragraphs = [_paragraph(line, pictures or {}) for line in lines if line]
    return Markup("\n").join(paragraphs)


def sanitise_html(html: str) -> Markup:
    """HTML from an editor or a document, cut down to the allow-list.

    Pictures only from this portal, so that reading sends no request elsewhere; links
    to http, https, mailto and this portal.

    Raises:
        Invalid: longer than MAX_HTML characters (`text_too_large`).
    """
    if len(html) > MAX_HTML:
        raise Invalid("text_too_large", limit=MAX_HTML)
    clean = nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=set(DROPPED_WITH_CONTENT),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )
    return Markup(clean)  # noqa: S704 - cleaned in the line above


def _paragraph(line: str, pictures: Mapping[int, str]) -> Markup:
    picture = PICTURE_LINE.fullmatch(line)
    if picture is None or int(picture["id"]) not in pictures:
        return Markup("<p>{}</p>").format(line)
    caption = picture["caption"] or ""
    figure = Markup('<figure><img src="{}" alt="{}">').format(
        pictures[int(picture["id"])], caption
    )
    if caption:
        figure += Markup("<figcaption>{}</figcaption>").format(caption)
    return figure + Markup("</figure>")


def _attribute(tag: str, name: str, value: str) -> str | None:
    """The value to keep, or None to drop the attribute."""
    if name == "alt" or (tag, name) == ("a", "rel"):
        return value
    if (tag, name) == ("img", "src"):
        return value if _OWN_PATH.fullmatch(value) else None
    if (tag, name) == ("a", "href"):
        right = _LINK.fullmatch(value) or _OWN_PATH.fullmatch(value)
        return value if right else None
    return value if _NUMBER.fullmatch(value) else None


def stored(html: str) -> Markup:
    """What this module made earlier and the database kept, for a template."""
    return Markup(html)  # noqa: S704 - made by this module, stored with its version

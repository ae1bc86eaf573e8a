"""Forms as they stand on pages, filled in and sent as a browser does it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

Fill = Callable[[LexborNode], str | None]
"""What to write into a control; None leaves it out."""


@dataclass(frozen=True)
class Form:
    """A form of a page, with its controls."""

    person: str
    page: str
    action: str
    controls: tuple[LexborNode, ...]
    button: tuple[str, str] | None
    required: frozenset[str]
    """Names of what must not be empty."""

    def data(self, fill: Fill) -> dict[str, str]:
        """What is sent when visible controls are filled in so."""
        sent = dict([self.button]) if self.button else {}
        for control in self.controls:
            kind = kind_of(control)
            value = attribute(control, "value") if kind == "hidden" else fill(control)
            if value is not None:
                sent[attribute(control, "name")] = value
        return sent


def attribute(node: LexborNode, name: str) -> str:
    """An attribute, or nothing."""
    return node.attributes.get(name) or ""


def kind_of(control: LexborNode) -> str:
    """What kind of control it is: the type of an input, else its name."""
    if control.tag != "input":
        return str(control.tag)
    return attribute(control, "type") or "text"


def posted(html: str, page: str, person: str) -> Iterator[Form]:
    """The forms of a page that change something."""
    for node in LexborHTMLParser(html).css("main form:not(dialog form)"):
        if attribute(node, "method").lower() != "post":
            continue
        named = [c for c in node.css("input, select, textarea") if attribute(c, "name")]
        yield Form(
            person,
            page,
            urljoin(page, attribute(node, "action") or page),
            tuple(c for c in named if "disabled" not in c.attributes),
            _button(node),
            frozenset(attribute(c, "name") for c in named if _is_required(c)),
        )


def _is_required(control: LexborNode) -> bool:
    return "required" in control.attributes and kind_of(control) != "hidden"


def _button(node: LexborNode) -> tuple[str, str] | None:
    first = node.css_first("button:not([type=button])")
    if first is None or not attribute(first, "name"):
        return None
    return attribute(first, "name"), attribute(first, "value")

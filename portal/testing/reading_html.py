"""What a page must be, whoever made it: valid, labelled, and with nothing inline."""

from __future__ import annotations

import json
from collections.abc import Iterator

import html5lib
from html5lib.html5parser import ParseError
from selectolax.lexbor import LexborHTMLParser, LexborNode

UNSEEN = ("hidden", "submit", "button", "reset", "image")


def faults(html: str) -> list[str]:
    """Say what is wrong with a page; empty for a good one."""
    tree = LexborHTMLParser(html)
    return [
        *_invalid(html),
        *_unlabelled(tree),
        *_inline(tree),
        *_twice_named(tree),
    ]


def _invalid(html: str) -> Iterator[str]:
    """What the HTML standard calls a parse error, as far as html5lib knows."""
    try:
        html5lib.HTMLParser(strict=True).parse(html)
    except ParseError as error:
        yield f"invalid HTML: {error}"


def _unlabelled(tree: LexborHTMLParser) -> Iterator[str]:
    """Controls of which a screen reader could only say that they are there."""
    named = {label.attributes.get("for") for label in tree.css("label")}
    for control in tree.css("input, select, textarea"):
        kind = control.attributes.get("type") or "text"
        if kind in UNSEEN or _says_what_it_is(control, named):
            continue
        yield f"no label: {_opening(control)}"


def _says_what_it_is(control: LexborNode, named: set[str | None]) -> bool:
    own = control.attributes
    if own.get("aria-label") or own.get("aria-labelledby"):
        return True
    if own.get("id") and own["id"] in named:
        return True
    around = control.parent
    while around is not None and around.tag != "label":
        around = around.parent
    return around is not None


def _inline(tree: LexborHTMLParser) -> Iterator[str]:
    """Scripts and styles within the page: the browser is told not to run them."""
    for script in tree.css("script"):
        kind = script.attributes.get("type") or ""
        if script.attributes.get("src"):
            continue
        if kind not in ("application/json", "application/ld+json"):
            yield f"inline script: {_opening(script)}"
        elif not _is_json(script.text()):
            yield f"not JSON: {_opening(script)}"
    for style in tree.css("style"):
        yield f"inline style: {_opening(style)}"
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            if name == "style" or name.startswith("on"):
                yield f"inline {name}: {_opening(node)}"
            elif name in ("href", "action", "src") and _is_script(value):
                yield f"script in {name}: {_opening(node)}"


def _is_script(address: str | None) -> bool:
    return (address or "").strip().lower().startswith("javascript:")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _twice_named(tree: LexborHTMLParser) -> Iterator[str]:
    seen: set[str] = set()
    for node in tree.css("[id]"):
        name = node.attributes["id"] or ""
        if name in seen:
            yield f"two things have the id {name!r}"
        seen.add(name)


def _opening(node: LexborNode) -> str:
    return f"{(node.html or '').partition('>')[0]}>"


def main_of(html: str) -> str:
    """What stands between the frame's header and footer: the page's own part."""
    found = LexborHTMLParser(html).css_first("main")
    return (found.html or "") if found is not None else html


def sent_by(html: str) -> dict[str, list[str]]:
    """What a browser sends of the controls in `html` when nothing is changed."""
    sent: dict[str, list[str]] = {}
    for control in LexborHTMLParser(html).css("input, select, textarea"):
        name = control.attributes.get("name")
        if name:
            sent.setdefault(name, []).extend(_values(control))
    return {name: values for name, values in sent.items() if values}


def _values(control: LexborNode) -> Iterator[str]:
    own = control.attributes
    if control.tag == "textarea":
        yield control.text().removeprefix("\n")
    elif control.tag == "select":
        options = control.css("option")
        chosen = [o for o in options if "selected" in o.attributes]
        if not chosen and "multiple" not in own:
            chosen = options[:1]
        for option in chosen:
            yield option.attributes.get("value") or ""
    elif own.get("type") in ("checkbox", "radio"):
        if "checked" in own:
            yield own.get("value") or "on"
    elif own.get("type") not in ("submit", "button", "reset", "image", "file"):
        yield own.get("value") or ""


def wrong_fields(html: str) -> set[str]:
    """Names of the controls that the page marks as wrong, with words beside them.

    A control is marked by `aria-invalid`, a group of choices by its fieldset; the
    words are where `aria-describedby` points to.
    """
    tree = LexborHTMLParser(html)
    marked: set[str] = set()
    for node in tree.css("[aria-describedby]"):
        ids = (node.attributes["aria-describedby"] or "").split()
        told = [tree.css_first(f'[id="{one}"].field-error') for one in ids]
        if not any(one is not None and one.text().strip() for one in told):
            continue
        inside = [node, *node.css("input, select, textarea")]
        marked |= {str(n.attributes["name"]) for n in inside if "name" in n.attributes}
    return marked

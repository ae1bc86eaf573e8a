"""A theme on a small card: a page in its colours, light and dark, drawn as SVG."""

from collections.abc import Iterator, Mapping, Sequence

from portal.theming.contrast import colour
from portal.theming.sheets import BY_NIGHT, LIGHT, Sheet, values

WIDTH, HEIGHT = 240, 120


def card(sheets: Sequence[Sheet]) -> str:
    """The card of a theme, from its sheets in the order of loading."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' width="{WIDTH}" height="{HEIGHT}">'
    ]
    for left, view in ((0, LIGHT), (WIDTH // 2, BY_NIGHT)):
        parts += [f'<g transform="translate({left} 0)">', *_half(values(sheets, view))]
        parts.append("</g>")
    return "".join([*parts, "</svg>"])


def _half(tokens: Mapping[str, str]) -> Iterator[str]:
    """A page of half the card's width: head, title, lines, a state, a button."""
    corner = 3 if tokens.get("--radius", "0").strip("px0. ") else 0
    yield _box(tokens, "paper", 0, 0, 120, 120)
    yield _box(tokens, "ink", 12, 10, 30, 4)
    yield _box(tokens, "line", 0, 22, 120, 1)
    yield _box(tokens, "ink", 12, 34, 60, 8)
    yield _box(tokens, "muted", 12, 50, 92, 3)
    yield _box(tokens, "muted", 12, 58, 78, 3)
    yield _box(tokens, "surface", 12, 70, 96, 16, corner)
    for place, state in enumerate(("ok", "warn", "danger")):
        yield _box(tokens, f"{state}-wash", 12 + 22 * place, 96, 18, 12, corner)
        yield _box(tokens, state, 16 + 22 * place, 100, 10, 4)
    yield _box(tokens, "accent", 80, 94, 28, 16, corner)
    yield _box(tokens, "on-accent", 86, 100, 16, 4)


def _box(
    tokens: Mapping[str, str],
    token: str,
    x: int,
    y: int,
    width: int,
    height: int,
    corner: int = 0,
) -> str:
    """A box in the colour of a token; what is no colour is left out."""
    value = tokens.get(f"--{token}", "")
    if colour(value) is None:
        return ""
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{corner}"'
        f' fill="{value}"/>'
    )

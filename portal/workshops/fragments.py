"""What stands above the stages of a workshop's page and belongs to features above."""

from collections.abc import Callable, Sequence

from portal.workshops.models import Workshop

Source = Callable[[Workshop], Sequence[str]]

_sources: list[Source] = []


def workshop_top(source: Source) -> Source:
    """Decorator: ask this function for rendered pieces of a workshop's page."""
    if source not in _sources:
        _sources.append(source)
    return source


def top_of(workshop: Workshop) -> list[str]:
    """The pieces for this workshop's page, as they are to stand."""
    return [html for source in _sources for html in source(workshop)]

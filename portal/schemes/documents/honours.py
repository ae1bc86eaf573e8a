"""Reading the honours rule of a scheme document."""

from collections.abc import Mapping

from portal.schemes.documents.reading import Place
from portal.schemes.engine.honours_rule import (
    Bar,
    By,
    HonoursRule,
    RankingKey,
    Share,
    Ties,
)

HONOURS_KEYS = (
    "title",
    "share",
    "places",
    "of",
    "from_mark",
    "barred",
    "ranking",
    "ties",
)
BAR_KEYS = ("source", "measure", "at_least")
RANKED_BY: Mapping[str, tuple[str, ...]] = {
    By.TOTAL: (),
    By.ITEM: ("item",),
    By.MEASURE: ("source", "measure"),
}
"""What a key of the ranking names, beside what it goes by."""

MOST_PLACES = 99_999
BY_TOTAL = RankingKey(By.TOTAL)


def read_honours(place: Place) -> HonoursRule | None:
    """Read the honours rule; None, with the errors noted, where it is not right."""
    fields = place.fields(HONOURS_KEYS)
    if fields is None:
        return None
    if "share" in fields and "places" in fields:
        place.refuse("share_or_places")
        return None
    share = fields["share"].number(above=True) if "share" in fields else None
    if share is not None and share > 1:
        fields["share"].refuse("expected_share")
    bars = fields["barred"].members() if "barred" in fields else ()
    keys = fields["ranking"].members(least=1) if "ranking" in fields else ()
    barred, ranking = [_bar(each) for each in bars], [_key(each) for each in keys]
    return HonoursRule(
        share=share,
        places=fields["places"].whole(1, MOST_PLACES) if "places" in fields else None,
        of=(fields["of"].choice(Share) if "of" in fields else None) or Share.QUALIFIED,
        from_mark=fields["from_mark"].number() if "from_mark" in fields else None,
        barred=tuple(each for each in barred if each),
        ranking=tuple(each for each in ranking if each) or (BY_TOTAL,),
        ties=(fields["ties"].choice(Ties) if "ties" in fields else None) or Ties.CHOOSE,
        title=fields["title"].label() if "title" in fields else None,
    )


def _bar(place: Place) -> Bar | None:
    fields = place.fields(BAR_KEYS, needs=("measure",))
    if not fields:
        return None
    measure = fields["measure"].name()
    source = fields["source"].name() if "source" in fields else None
    least = fields["at_least"].number(above=True) if "at_least" in fields else None
    if measure is None:
        return None
    return Bar(measure, source) if least is None else Bar(measure, source, least)


def _key(place: Place) -> RankingKey | None:
    value = place.value
    by = value.get("by") if isinstance(value, dict) else None
    needs = ("by", *RANKED_BY.get(str(by), ()))
    fields = place.fields(needs, needs=needs)
    found = fields["by"].choice(By) if fields else None
    if not fields or found is None:
        return None
    named = {key: fields[key].name() for key in needs[1:]}
    return RankingKey(found, **named)

"""What the check of a roster must know of the county, without asking a database."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from portal.users.codes import tidy


@dataclass(frozen=True)
class School:
    """A school of the county; `fillable` when the importer may fill its roster."""

    id: int
    code: str
    name: str
    fillable: bool = True


class SchoolIndex:
    """Schools by name and by code."""

    def __init__(self, schools: Iterable[School]) -> None:
        self._by_key: dict[str, list[School]] = {}
        for school in schools:
            for key in {tidy(school.name), tidy(school.code)}:
                self._by_key.setdefault(key, []).append(school)

    def find(self, text: str) -> tuple[School, ...]:
        """Every school of that name or code: none, one, or several of one name."""
        return tuple(self._by_key.get(tidy(text), ()))


@dataclass(frozen=True)
class ExistingPerson:
    """A person whom the county knows already by the ID number.

    `values` holds what is stored under the field names of `RosterEntry` (name,
    mobile, stage_code …). `school_id` is None for somebody on no school's books.
    `asked_school_ids`: schools whose request to take the person over is open.
    `holds_more`: the person holds a role that the importer does not; an import
    then leaves alone by what people are known and reached (promise V30).
    """

    id: int
    school_id: int | None
    school_name: str
    values: Mapping[str, str | None]
    asked_school_ids: frozenset[int] = frozenset()
    holds_more: bool = False


def _nobody(_text: str) -> frozenset[int]:
    return frozenset()


@dataclass(frozen=True, kw_only=True)
class RosterContext:
    """The county as the check sees it.

    The three callables are asked once for every row, so they should look into
    dictionaries that were loaded before, not query row by row.

    Args:
        today: in the county's time zone.
        schools: every school of the county.
        find_person: a person by the normalised ID number.
        holders_of_mobile: ids of the people with this mobile number.
        holders_of_email: ids of the people with this address.
        mobiles_unique: whether a mobile number may belong to one person only; a
            county sets it that lets people log in by mobile and nothing else.
        confirmed: numbers of the rows whose held doubts a person has confirmed.
        regions: see `id_number.read`.
    """

    today: date
    schools: SchoolIndex
    find_person: Callable[[str], ExistingPerson | None]
    holders_of_mobile: Callable[[str], frozenset[int]] = _nobody
    holders_of_email: Callable[[str], frozenset[int]] = _nobody
    mobiles_unique: bool = False
    confirmed: frozenset[int] = field(default_factory=frozenset)
    regions: frozenset[str] | None = None

"""Invented people: their ID numbers belong to a region that does not exist."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from portal.demonstration.names import GIVEN, SURNAMES
from portal.users.codes import FEMALE, MALE, SEXES
from portal.users.id_number import TEST_REGION, check_digit

_FASHIONS = (1965, 1980, 1995)
_YOUNGEST, _OLDEST = 23, 58
_TITLES = ((0, "none"), (2, "second"), (8, "first"), (16, "senior"))
"""Years of work from which a teacher usually holds the title."""

_SERIALS = tuple(serial for serial in range(2, 999, 2) if serial % 100)
"""Serials of ID numbers: none makes a number end in 000, which a roster doubts."""

_CYCLE = 211
"""Days between possible birthdays of a person: more than 99,999 / len(_SERIALS)."""

OPENING_DAY = date(2026, 9, 1)
"""The day on which ages are counted, so that a seed means the same in every year."""


@dataclass(frozen=True)
class Person:
    """A person of the county; codes are those of ``portal.users.codes``."""

    index: int
    username: str
    name: str
    sex: str
    birth_date: date
    id_no: str = field(repr=False)
    mobile: str
    subject_code: str | None
    stage_code: str | None
    degree: str
    title: str
    works_since: int
    """The year in which the person began to teach."""

    @property
    def sex_word(self) -> str:
        """男 or 女, as a roster writes it."""
        return SEXES.word(self.sex)

    @property
    def tier(self) -> str | None:
        """The person's 教师梯队: by years of work, and every third senior is more."""
        years = OPENING_DAY.year - self.works_since
        if years <= 1:
            return "new"
        if years <= 5:
            return "young"
        if self.title != "senior" or self.index % 3:
            return None
        return ("backbone", "leader", "master")[self.index // 3 % 3]


def person(
    rng: Random,
    index: int,
    *,
    subject: str | None = None,
    stage: str | None = None,
    prefix: str = "t",
    age: tuple[int, int] = (_YOUNGEST, _OLDEST),
    today: date = OPENING_DAY,
) -> Person:
    """Number ``index`` (0-99999) of the county's people.

    User name, mobile and ID number follow from ``index``, so that no two people
    share one; the rest is drawn. ``prefix`` begins the user name: t0001 for a
    teacher. ``age`` is in full years on ``today``, ends included. Raises ValueError
    when ``index`` is out of range.
    """
    if not 0 <= index <= 99_999:
        raise ValueError(f"No number of the demonstration's people: {index}")
    sex = FEMALE if rng.random() < _share_of_women(stage) else MALE
    birth = _birth_date(rng, index, age, today)
    works_since = birth.year + rng.choice((21, 22, 22, 23, 23, 24))
    return Person(
        index=index,
        username=f"{prefix}{index:04d}",
        name=_name(rng, sex, birth.year),
        sex=sex,
        birth_date=birth,
        id_no=_id_number(index, birth, sex),
        mobile=f"13800{index:06d}",
        subject_code=subject,
        stage_code=stage,
        degree=_degree(rng, birth.year, stage),
        title=_title(rng, max(0, today.year - works_since)),
        works_since=works_since,
    )


def people(
    rng: Random,
    count: int,
    *,
    subject: str | None = None,
    stage: str | None = None,
    prefix: str = "t",
    first: int = 1,
    today: date = OPENING_DAY,
) -> list[Person]:
    """``count`` people numbered from ``first``, no two of one name."""
    found: list[Person] = []
    names: set[str] = set()
    while len(found) < count:
        one = person(
            rng,
            first + len(found),
            subject=subject,
            stage=stage,
            prefix=prefix,
            today=today,
        )
        if one.name not in names:
            names.add(one.name)
            found.append(one)
    return found


def _share_of_women(stage: str | None) -> float:
    return {"20": 0.72, "30": 0.62}.get(stage or "", 0.45)


def _birth_date(rng: Random, index: int, age: tuple[int, int], today: date) -> date:
    """A birthday of someone between ``age`` years old on ``today``.

    People who share a serial number (see `_id_number`) never share a birthday: each
    has another remainder of the day's ordinal.
    """
    youngest, oldest = age
    last = date(today.year - youngest, today.month, min(today.day, 28)).toordinal()
    first = date(today.year - oldest - 1, today.month, min(today.day, 28)).toordinal()
    first += 1
    first += (index // len(_SERIALS) - first) % _CYCLE
    return date.fromordinal(rng.choice(range(first, last + 1, _CYCLE)))


def _name(rng: Random, sex: str, year: int) -> str:
    """A surname (the frequent ones oftener) and a name in fashion at birth."""
    fashion = max((since for since in _FASHIONS if since <= year), default=_FASHIONS[0])
    given = GIVEN[SEXES.word(sex), fashion].split()
    surname = SURNAMES[int(len(SURNAMES) * rng.random() ** 2)]
    return surname + rng.choice(given)


def _id_number(index: int, birth: date, sex: str) -> str:
    """A number of the invented region; the serial is odd for men."""
    serial = _SERIALS[index % len(_SERIALS)] + (sex == MALE)
    first_17 = f"{TEST_REGION}{birth:%Y%m%d}{serial:03d}"
    return first_17 + check_digit(first_17)


def _degree(rng: Random, year: int, stage: str | None) -> str:
    """Older people and primary schools have more 专科, the young more 本科."""
    if year < 1978:
        return rng.choices(("21", "31", "41"), (50, 42, 8))[0]
    if stage == "30" or year >= 1992:
        return rng.choices(("14", "21", "31"), (7, 88, 5))[0]
    return rng.choices(("14", "21", "31"), (2, 78, 20))[0]


def _title(rng: Random, years: int) -> str:
    """The title usual after ``years`` of work, or the one below it."""
    usual = sum(years >= since for since, _ in _TITLES) - 1
    return _TITLES[max(0, usual - (rng.random() < 0.25))][1]

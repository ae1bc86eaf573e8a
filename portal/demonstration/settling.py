"""The county itself: its tree, its areas, its officers and its teachers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from random import Random

from sqlalchemy.orm import Session

from portal import clock
from portal.demonstration import county as places
from portal.demonstration import rosters
from portal.demonstration.people import Person, people, person
from portal.demonstration.rosters import Entry
from portal.organisations.areas import make_cluster, put_in_cluster
from portal.organisations.models import Organisation
from portal.organisations.plugins import set_plugin
from portal.organisations.queries import today
from portal.organisations.roles import grant_role
from portal.organisations.service import make_organisation, make_tenant, post
from portal.permissions import actor_for
from portal.users import id_numbers
from portal.users.models import User
from portal.users.names import normalise_name

SUBJECTS = (("chinese", "20"), ("mathematics", "20"), ("english", "30"))
"""Subject and stage of the workshops: those for which there are lessons."""

_OTHER_SUBJECTS = ("science", "music", "physical_education", "art", "history")

_A_TOWNSHIP, _A_SCHOOL = 30, 25
"""How many teachers there are for each, about."""

_FIRST_OFFICER, _FIRST_OTHER = 5001, 8001
"""Numbers from which officers, and teachers without a workshop, are counted."""


@dataclass(frozen=True)
class County:
    """Who and what there is before the first workshop."""

    bureau: Organisation
    centre: Organisation
    centrals: Sequence[Organisation]
    schools: Sequence[Organisation]
    officer: User
    deputy_director: User
    heads: Sequence[User]
    """The heads of the central schools, in the order of `centrals`."""
    school_officers: Sequence[User]
    """In the order of `schools`."""
    others: Sequence[Entry]
    """Teachers without a workshop, as the roster named them."""


@dataclass(frozen=True)
class _Office:
    """What it takes to enter people."""

    session: Session
    rng: Random
    id_number_key: str
    numbers: Iterator[int]

    def enter(self, one: Person, place: Organisation) -> User:
        """Enter a person, who works in an organisation since the first post."""
        user = User(
            username=one.username,
            username_key=normalise_name(one.username),
            name=one.name,
            mobile=one.mobile,
            sex=one.sex,
            birth_date=one.birth_date,
            stage_code=one.stage_code,
            subject_code=one.subject_code,
            degree=one.degree,
            title=one.title,
            teacher_tier=one.tier,
            created_at=clock.now(),
        )
        id_numbers.keep(user, one.id_no, self.id_number_key)
        self.session.add(user)
        self.session.flush()
        since = min(date(one.works_since, 9, 1), today(self.session))
        post(self.session, user, place, starts_on=since)
        return user

    def appoint(self, role: str, place: Organisation) -> User:
        """Enter an officer and give the role, as the operator does."""
        one = person(self.rng, next(self.numbers), prefix="s", age=(38, 56))
        user = self.enter(one, place)
        grant_role(self.session, user, place, role, by=None)
        return user


def settle(
    session: Session, rng: Random, teachers: int, *, id_number_key: str, plugin: str
) -> County:
    """Make the county with so many teachers, and admit the plugin."""
    tenant = make_tenant(
        session,
        code=places.COUNTY_CODE,
        name=places.COUNTY,
        site_title=places.SITE_TITLE,
        time_zone=places.TIME_ZONE,
    )
    office = _Office(session, rng, id_number_key, count(_FIRST_OFFICER))
    bureau, centre, centrals, schools = _tree(session, teachers)
    officer = office.appoint("county_officer", bureau)
    others = list(_others(rng, schools))
    planned = [*_planned(rng, teachers, schools), *others]
    _import(office, planned, bureau, schools, officer)
    by = actor_for(session, officer.id, tenant.id)
    set_plugin(session, bureau, plugin, enabled=True, by=by)
    return County(
        bureau=bureau,
        centre=centre,
        centrals=centrals,
        schools=schools,
        officer=officer,
        deputy_director=office.appoint("deputy_director", bureau),
        heads=[office.appoint("central_head", central) for central in centrals],
        school_officers=[office.appoint("training_officer", s) for s in schools],
        others=others,
    )


def leader(
    session: Session, rng: Random, number: int, county: County, *, id_number_key: str
) -> User:
    """Enter a leader of workshops (坊主), who works at the training centre."""
    office = _Office(session, rng, id_number_key, count())
    one = person(rng, number, prefix="s", age=(38, 54))
    return office.enter(one, county.centre)


# The tree


def _tree(
    session: Session, teachers: int
) -> tuple[Organisation, Organisation, list[Organisation], list[Organisation]]:
    """Bureau, training centre, central schools and schools, in their areas."""
    townships = min(20, max(2, round(teachers / _A_TOWNSHIP)))
    number = min(4 * townships, max(2 * townships, teachers // _A_SCHOOL))
    planned_centrals = places.townships(townships)
    planned = places.schools(number, planned_centrals)
    made: dict[str, Organisation] = {}
    for place in (places.BUREAU, places.CENTRE, *planned_centrals, *planned):
        made[place.code] = make_organisation(
            session,
            kind=place.kind,
            code=place.code,
            name=place.name,
            parent=made[place.parent] if place.parent else None,
            stages=place.stages,
        )
    _areas(session, planned, made)
    return (
        made[places.BUREAU.code],
        made[places.CENTRE.code],
        [made[place.code] for place in planned_centrals],
        [made[place.code] for place in planned],
    )


def _areas(
    session: Session, planned: Sequence[places.Place], made: Mapping[str, Organisation]
) -> None:
    clusters = {name: make_cluster(session, name) for name in places.AREAS}
    for place in planned:
        if place.area is not None:
            put_in_cluster(
                session,
                clusters[place.area],
                made[place.code],
                base_stages=place.base_stages,
            )


# The teachers


def _planned(
    rng: Random, total: int, schools: Sequence[Organisation]
) -> Iterator[Entry]:
    """The teachers of each subject, spread over the schools that teach its stage."""
    first = 1
    for number, (subject, stage) in enumerate(SUBJECTS):
        share = (total + len(SUBJECTS) - 1 - number) // len(SUBJECTS)
        here = [school for school in schools if stage in school.stages]
        them = people(rng, share, subject=subject, stage=stage, first=first)
        for place, one in enumerate(them):
            yield Entry(one, here[place % len(here)].name)
        first += share


def _others(rng: Random, schools: Sequence[Organisation]) -> Iterator[Entry]:
    """Two teachers a school of whom no workshop wants anything yet."""
    numbers = count(_FIRST_OTHER)
    for place, school in enumerate(schools):
        for turn in range(2):
            subject = _OTHER_SUBJECTS[(2 * place + turn) % len(_OTHER_SUBJECTS)]
            stage = school.stages[0]
            one = person(rng, next(numbers), subject=subject, stage=stage)
            yield Entry(one, school.name)


def _import(
    office: _Office,
    planned: Sequence[Entry],
    bureau: Organisation,
    schools: Sequence[Organisation],
    officer: User,
) -> None:
    """Let the county officer import the roster of all schools, mistakes and all."""
    names = [school.name for school in schools]
    entries = [*planned, *rosters.faulty(office.rng, names)]
    checked = rosters.hand_over(
        office.session,
        entries,
        bureau,
        officer,
        file_name=f"{places.COUNTY}教师名册.xlsx",
        key=office.id_number_key,
    )
    rosters.take(office.session, checked, officer, key=office.id_number_key)

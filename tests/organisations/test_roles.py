"""Giving roles: nobody comes to hold more than was given by one who held it (V30)."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEntry
from portal.errors import Forbidden, Invalid, NotFound
from portal.organisations import queries, roles, service
from portal.organisations.models import (
    Membership,
    Organisation,
    OrganisationKind,
    Role,
)
from portal.permissions import (
    DEFAULT_ROLES,
    WORKSHOP_ROLES,
    Actor,
    Permission,
    actor_for,
)
from portal.testing.factories import (
    give_role,
    make_organisation,
    make_school,
    make_user,
)
from portal.testing.fixtures import AsUser, Clock
from portal.users import activation
from portal.users.models import User

P = Permission
TODAY = date(2024, 9, 2)
OWN_ROLES = {
    "granter": {P.GRANT_ROLES, P.VIEW_PEOPLE},
    "locksmith": {P.RESET_PASSWORDS, P.VIEW_PEOPLE, P.GRANT_ROLES},
    "mover": {P.MANAGE_ORGANISATIONS, P.VIEW_PEOPLE, P.GRANT_ROLES},
}
TREE_ROLES = [role for role in DEFAULT_ROLES if role not in WORKSHOP_ROLES]


def actor(session: Session, user: User) -> Actor:
    return actor_for(session, user.id, user.tenant_id)


def take_leave_from_county_officers(session: Session) -> None:
    """Let a county decide that its officers do not approve leave at the bureau."""
    role = session.scalars(select(Role).where(Role.code == "county_officer")).one()
    role.permissions = [p for p in role.permissions if p != P.APPROVE_LEAVE_FINALLY]
    session.flush()


def test_an_officer_gives_a_role_and_it_is_written_down(
    session: Session, school: Organisation, county_officer: User, learner: User
) -> None:
    by = actor(session, county_officer)
    roles.grant_role(session, learner, school, "training_officer", by=by)
    held = actor(session, learner)
    assert held.within(P.RESET_PASSWORDS, school.path)
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.actor_id) == ("role.granted", county_officer.id)
    assert entry.detail == {"role": "training_officer", "organisation_id": school.id}


def test_a_role_holds_from_its_first_day_to_the_day_before_its_end(
    session: Session, school: Organisation, learner: User, clock: Clock
) -> None:
    roles.grant_role(
        session,
        learner,
        school,
        "training_officer",
        by=None,
        starts_on=TODAY + timedelta(days=1),
        ends_on=TODAY + timedelta(days=3),
    )
    held = []
    for _day in range(5):
        held.append(actor(session, learner).holds(P.VIEW_PEOPLE))
        clock.move(days=1)
    assert held == [False, True, True, False, False]


def test_a_role_begins_at_midnight_of_the_county(
    session: Session, school: Organisation, learner: User, clock: Clock
) -> None:
    tomorrow = TODAY + timedelta(days=1)
    roles.grant_role(
        session, learner, school, "training_officer", by=None, starts_on=tomorrow
    )
    clock.move(hours=23, minutes=59)
    assert not actor(session, learner).holds(P.VIEW_PEOPLE)
    clock.move(minutes=1)
    assert actor(session, learner).holds(P.VIEW_PEOPLE)


def test_nobody_gives_themselves_a_role(
    session: Session, county: Organisation, county_officer: User
) -> None:
    by = actor(session, county_officer)
    with pytest.raises(Forbidden, match="no_self_grant"):
        roles.grant_role(session, county_officer, county, "researcher", by=by)


def test_nobody_gives_a_role_with_a_permission_they_lack(
    session: Session, county: Organisation, county_officer: User, learner: User
) -> None:
    take_leave_from_county_officers(session)
    by = actor(session, county_officer)
    with pytest.raises(Forbidden) as refusal:
        roles.grant_role(session, learner, county, "deputy_director", by=by)
    assert refusal.value.params == {"permissions": "approve_leave_finally"}


def test_nobody_gives_a_role_beyond_their_branch(
    session: Session, school: Organisation, other_school: Organisation, learner: User
) -> None:
    session.add(Role(code="granter", permissions=sorted(OWN_ROLES["granter"])))
    head = make_user(session, school=school)
    give_role(session, head, "granter", school)
    by = actor(session, head)
    with pytest.raises(Forbidden):
        roles.grant_role(session, learner, other_school, "granter", by=by)
    roles.grant_role(session, learner, school, "granter", by=by)


@pytest.mark.parametrize("role", ["learner", "workshop_leader", "no such role"])
def test_a_workshop_role_is_not_given_in_the_tree(
    session: Session, school: Organisation, learner: User, role: str
) -> None:
    with pytest.raises(Invalid, match="unknown_role"):
        roles.grant_role(session, learner, school, role, by=None)


def test_a_role_is_given_once_and_its_dates_make_sense(
    session: Session, school: Organisation, learner: User
) -> None:
    with pytest.raises(Invalid, match="dates_reversed"):
        roles.grant_role(session, learner, school, "researcher", by=None, ends_on=TODAY)
    roles.grant_role(session, learner, school, "researcher", by=None)
    with pytest.raises(Invalid, match="role_held_already"):
        roles.grant_role(session, learner, school, "researcher", by=None)


def test_a_role_ends_today_and_at_once(
    session: Session, county: Organisation, county_officer: User, school_officer: User
) -> None:
    held = session.scalars(
        select(Membership).where(Membership.user_id == school_officer.id)
    ).one()
    roles.end_membership(session, held, by=actor(session, county_officer))
    assert not actor(session, school_officer).holds(P.VIEW_PEOPLE)
    assert held.ends_on == TODAY


def test_a_role_that_never_began_leaves_nothing(
    session: Session, school: Organisation, learner: User
) -> None:
    held = roles.grant_role(session, learner, school, "researcher", by=None)
    roles.end_membership(session, held, by=None)
    assert session.scalars(select(Membership)).all() == []


def test_nobody_ends_their_own_role_or_a_higher_one(
    session: Session, county: Organisation, county_officer: User
) -> None:
    take_leave_from_county_officers(session)
    director = make_user(session, school=county)
    give_role(session, director, "deputy_director", county)
    by = actor(session, county_officer)
    own, higher = session.scalars(select(Membership).order_by(Membership.id)).all()
    with pytest.raises(Forbidden, match="no_self_grant"):
        roles.end_membership(session, own, by=by)
    with pytest.raises(Forbidden, match="role_above_own"):
        roles.end_membership(session, higher, by=by)


# The search


class World:
    """A small county, and an attacker who tries everything."""

    def __init__(self, session: Session, county: Organisation) -> None:
        self.session = session
        for code, permissions in OWN_ROLES.items():
            session.add(Role(code=code, permissions=sorted(permissions)))
        self.township = make_organisation(
            session, OrganisationKind.TOWNSHIP_ORG, "东乡中心学校", county
        )
        self.school = make_school(session, self.township, "东乡小学")
        self.places = [county, self.township, self.school]
        self.people = [make_user(session, school=place) for place in self.places]
        for person, place, role in zip(
            self.people,
            self.places,
            ("county_officer", "central_head", "training_officer"),
            strict=True,
        ):
            give_role(session, person, role, place)
        director = make_user(session, school=self.school)
        give_role(session, director, "deputy_director", county)
        self.people.append(director)
        self.friend = make_user(session, school=self.school)
        self.attacker = make_user(session, school=self.school)

    def powers(self, users: Iterable[User]) -> set[tuple[P, int]]:
        """What these people can do together, and where."""
        actors = [actor(self.session, user) for user in users]
        return {
            (permission, place.id)
            for who in actors
            for permission in P
            for place in self.places
            if who.within(permission, place.path)
        }

    def conquer(self) -> set[tuple[P, int]]:
        """Everything the attacker can reach, by whatever they can do in any order.

        All these deeds only ever add to what is held or take from those who stand
        in the way, so doing each one as soon as it is possible finds every path.
        """
        mine = {self.attacker.id: self.attacker, self.friend.id: self.friend}
        before = -1
        while before != (before := self._state(mine)):
            for user in list(mine.values()):
                self._try_all(user, mine)
        return self.powers(mine.values())

    def _state(self, mine: dict[int, User]) -> int:
        held = self.session.scalars(select(Membership.id)).all()
        paths = tuple(place.path for place in self.places)
        return hash((tuple(mine), tuple(sorted(held)), paths))

    def _try_all(self, user: User, mine: dict[int, User]) -> None:
        for target in list(mine.values()):
            for role in [*TREE_ROLES, *OWN_ROLES]:
                for place in self.places:
                    self._try(user, roles.grant_role, target, place, role)
        for held in self.session.scalars(select(Membership)).all():
            if held.user_id not in mine:
                self._try(user, roles.end_membership, held)
        for target in self.people:
            if target.id not in mine and self._captured(user, target):
                mine[target.id] = target
        for place in self.places:
            for parent in self.places:
                self._try(user, service.move, place, parent)

    def _try(self, user: User, deed: Callable[..., object], *what: object) -> None:
        try:
            with self.session.begin_nested():
                deed(self.session, *what, by=actor(self.session, user))
        except (Forbidden, Invalid):
            pass

    def _captured(self, user: User, target: User) -> bool:
        """Whether the person gets a code for another's account into their hands."""
        who = actor(self.session, user)
        try:
            found = queries.person_below(
                self.session, who, target.id, P.RESET_PASSWORDS
            )
        except (Forbidden, NotFound):
            return False
        activation.reset(self.session, found, by_id=user.id, pepper="x")
        return True


@pytest.mark.parametrize("role", [None, *TREE_ROLES, *OWN_ROLES])
def test_no_path_leads_to_a_power_that_was_not_held_at_the_start(
    session: Session, county: Organisation, role: str | None
) -> None:
    world = World(session, county)
    if role is not None:
        place = county if role == "county_officer" else world.township
        give_role(session, world.attacker, role, place)
    at_first = world.powers([world.attacker])
    assert world.conquer() <= at_first


def test_the_search_would_find_a_path(
    session: Session, county: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same search with the rule switched off: or it would prove nothing."""
    monkeypatch.setattr(queries, "lacking", lambda *_arguments: [])
    world = World(session, county)
    give_role(session, world.attacker, "locksmith", world.township)
    at_first = world.powers([world.attacker])
    assert world.conquer() > at_first


# Over HTTP


def test_an_officer_gives_and_ends_a_role_on_the_page(
    as_user: AsUser,
    session: Session,
    school: Organisation,
    county_officer: User,
    learner: User,
) -> None:
    client = as_user(county_officer)
    url = f"/organisations/{school.id}"
    data = {"person": learner.username, "role": "training_officer"}
    assert client.post(f"{url}/roles", data=data).status_code == 303
    held = session.scalars(
        select(Membership).where(Membership.user_id == learner.id)
    ).one()
    assert held.granted_by_id == county_officer.id
    assert "从今天起不再担任" in client.get(url).text
    held_id = held.id
    assert client.post(f"{url}/roles/{held_id}/end").status_code == 303
    session.expire_all()
    assert session.get(Membership, held_id) is None


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"person": "nobody", "role": "researcher"}, "没有找到这个人"),
        ({"person": "", "role": "researcher"}, "请填写用户名或手机号。"),
        ({"role": "no_such_role"}, "Not a valid choice"),
        ({"role": "researcher", "ends_on": "2024-09-01"}, "结束日期要晚于开始日期。"),
    ],
)
def test_a_refused_grant_says_why_and_keeps_the_input(
    as_user: AsUser,
    session: Session,
    school: Organisation,
    county_officer: User,
    learner: User,
    data: dict[str, str],
    sentence: str,
) -> None:
    answer = as_user(county_officer).post(
        f"/organisations/{school.id}/roles", data={"person": learner.username} | data
    )
    assert answer.status_code == 422
    if sentence != "Not a valid choice":
        assert sentence in answer.text
    assert (
        session.scalars(
            select(Membership).where(Membership.user_id == learner.id)
        ).all()
        == []
    )


def test_who_may_not_give_roles_cannot_post_one(
    as_user: AsUser,
    session: Session,
    school: Organisation,
    other_school: Organisation,
    school_officer: User,
    learner: User,
) -> None:
    data = {"person": learner.username, "role": "training_officer"}
    held = session.scalars(select(Membership)).one()
    for user in (school_officer, learner):
        for place in (school, other_school):
            url = f"/organisations/{place.id}/roles"
            assert as_user(user).post(url, data=data).status_code == 403
            assert as_user(user).post(f"{url}/{held.id}/end").status_code == 403


def test_the_end_of_a_role_names_its_own_organisation(
    as_user: AsUser,
    session: Session,
    other_school: Organisation,
    county_officer: User,
    school_officer: User,
) -> None:
    held = session.scalars(
        select(Membership).where(Membership.user_id == school_officer.id)
    ).one()
    url = f"/organisations/{other_school.id}/roles/{held.id}/end"
    assert as_user(county_officer).post(url).status_code == 404

"""How a scheme comes to hold: drafted, changed, confirmed, published, frozen."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.permissions import Permission, actor_for, can, visible
from portal.schemes import queries, versions
from portal.schemes.documents.reading import SchemeError
from portal.schemes.documents.scheme import load_template
from portal.schemes.engine.rules import Scores
from portal.schemes.models import Frozen, Scheme, SchemeState, SchemeVersion
from portal.tenants import Tenant
from portal.testing import factories
from portal.users.models import User
from portal.workshops.copying import copy_workshop
from portal.workshops.models import Workshop

UNSEEN = [{"zh": "互评办法", "en": "Rules of mutual review"}]


def document(**more: Any) -> dict[str, Any]:
    return {**versions.blank("青溪县方案"), **more}


@pytest.fixture
def draft(session: Session, county_officer: User) -> SchemeVersion:
    return versions.new_scheme(session, title="县方案", by=county_officer.id)


def test_a_new_scheme_is_a_draft_with_one_mark_of_the_leader(
    draft: SchemeVersion,
) -> None:
    assert (draft.number, draft.state) == (1, SchemeState.DRAFT)
    assert (draft.scheme.title, draft.scheme.code) == ("县方案", "scheme")
    assert draft.scheme.workshop_id is None


def test_schemes_of_one_template_have_codes_of_their_own(
    session: Session, tenant: Tenant
) -> None:
    made = [
        versions.new_scheme(session, template="weekly_journal", by=None)
        for _ in range(3)
    ]
    codes = ["weekly_journal", "weekly_journal-2", "weekly_journal-3"]
    assert [version.scheme.code for version in made] == codes
    assert made[0].template == "weekly_journal"
    assert made[0].document == load_template("weekly_journal")
    assert made[0].scheme.title == made[0].document["title"]["zh"]


def test_a_code_that_is_taken_and_an_unknown_template_are_refused(
    session: Session, draft: SchemeVersion
) -> None:
    with pytest.raises(Conflict) as taken:
        versions.new_scheme(session, code="scheme", by=None)
    assert taken.value.code == "scheme_code_taken"
    with pytest.raises(Invalid) as unknown:
        versions.new_scheme(session, template="../secrets", by=None)
    assert unknown.value.code == "unknown_template"


def test_a_document_with_an_error_is_refused_and_the_draft_stays(
    session: Session, draft: SchemeVersion
) -> None:
    before = draft.document
    with pytest.raises(SchemeError) as refused:
        versions.change_draft(session, draft, document(pass_mark=101))
    assert refused.value.problems[0].place == "pass_mark"
    assert draft.document == before


def test_two_people_who_change_one_draft_do_not_overwrite_each_other(
    session: Session, draft: SchemeVersion
) -> None:
    seen = versions.document_digest(draft.document)
    versions.change_draft(session, draft, document(pass_mark=70), seen=seen)
    with pytest.raises(Conflict) as late:
        versions.change_draft(session, draft, document(pass_mark=80), seen=seen)
    assert late.value.code == "scheme_changed_meanwhile"
    assert draft.document["pass_mark"] == 70


# What must be confirmed


@pytest.mark.parametrize(
    "made",
    [
        {"template": "weekly_journal"},
        {"document": document(unseen=UNSEEN)},
        {
            "template": "weekly_journal",
            "document": {**load_template("weekly_journal"), "pass_mark": 70},
        },
    ],
)
def test_what_came_from_a_template_or_was_not_seen_must_be_confirmed(
    session: Session, county_officer: User, made: Any
) -> None:
    draft = versions.new_scheme(session, **made, by=county_officer.id)
    with pytest.raises(Conflict) as refused:
        versions.publish(session, draft, by=county_officer.id)
    assert refused.value.code == "scheme_unconfirmed"
    assert draft.state == SchemeState.DRAFT
    versions.confirm(session, draft, by=county_officer.id)
    versions.publish(session, draft, by=county_officer.id)
    assert draft.confirmed_by_id == draft.published_by_id == county_officer.id


def test_what_was_written_here_and_seen_whole_needs_no_confirming(
    session: Session, draft: SchemeVersion
) -> None:
    versions.publish(session, draft, by=None)
    assert (draft.state, draft.confirmed_at) == (SchemeState.PUBLISHED, None)


def test_a_change_takes_the_confirmation_back(session: Session, tenant: Tenant) -> None:
    draft = versions.new_scheme(session, template="weekly_journal", by=None)
    versions.confirm(session, draft, by=None)
    versions.change_draft(session, draft, dict(draft.document), note="无改动")
    assert not versions.must_confirm(draft)
    versions.change_draft(session, draft, {**draft.document, "pass_mark": 70})
    assert versions.must_confirm(draft)


# What is published


def test_a_published_version_replaces_the_one_before_and_is_frozen(
    session: Session, draft: SchemeVersion, county_officer: User
) -> None:
    versions.publish(session, draft, by=county_officer.id)
    second = versions.draft_version(
        session, draft.scheme, document(pass_mark=70), "合格线提高"
    )
    assert (second.number, second.state) == (2, SchemeState.DRAFT)
    versions.publish(session, second, by=county_officer.id)
    assert (draft.state, second.state) == (
        SchemeState.REPLACED,
        SchemeState.PUBLISHED,
    )
    assert second.digest == versions.document_digest(document(pass_mark=70))
    for refused in (
        lambda: versions.publish(session, second, by=None),
        lambda: versions.confirm(session, second, by=None),
        lambda: versions.change_draft(session, second, document()),
        lambda: versions.discard_draft(session, second, by=None),
    ):
        with pytest.raises(Conflict) as caught:
            refused()
        assert caught.value.code == "scheme_is_published"


def test_no_code_path_changes_published_rules(
    session: Session, draft: SchemeVersion
) -> None:
    versions.publish(session, draft, by=None)
    draft.note = "说明可以改"
    session.flush()
    draft.document = document(pass_mark=1)
    with pytest.raises(Frozen):
        session.flush()


def test_a_draft_can_be_thrown_away_and_the_scheme_with_its_only_one(
    session: Session, draft: SchemeVersion
) -> None:
    versions.publish(session, draft, by=None)
    second = versions.draft_version(session, draft.scheme, document(), "")
    versions.discard_draft(session, second, by=None)
    assert [version.number for version in draft.scheme.versions] == [1]
    alone = versions.new_scheme(session, title="作废", by=None)
    versions.discard_draft(session, alone, by=None)
    assert session.scalars(select(Scheme.title)).all() == ["县方案"]


# Who manages them


@pytest.fixture
def own(session: Session, workshop: Workshop, workshop_leader: User) -> SchemeVersion:
    return versions.new_scheme(
        session, title="本坊方案", workshop=workshop, by=workshop_leader.id
    )


def test_a_leader_writes_the_workshops_own_scheme_and_not_the_countys(
    session: Session,
    tenant: Tenant,
    draft: SchemeVersion,
    own: SchemeVersion,
    workshop_leader: User,
    learner: User,
    workshop: Workshop,
) -> None:
    leader = actor_for(session, workshop_leader.id, tenant.id)
    assert queries.managed_version(session, leader, own.id) is own
    with pytest.raises(NotFound):
        queries.managed_version(session, leader, draft.id)
    versions.publish(session, draft, by=None)
    with pytest.raises(Forbidden):
        queries.managed_version(session, leader, draft.id)
    reader = actor_for(session, learner.id, tenant.id)
    with pytest.raises(NotFound):
        queries.version_for(session, reader, own.id)
    versions.publish(session, own, by=None)
    assert queries.version_for(session, reader, own.id) is own
    with pytest.raises(Forbidden):
        queries.managed_version(session, reader, own.id)


def test_a_workshops_own_scheme_is_nothing_to_strangers(
    session: Session, tenant: Tenant, own: SchemeVersion
) -> None:
    versions.publish(session, own, by=None)
    stranger = actor_for(session, factories.make_user(session, "过客").id, tenant.id)
    with pytest.raises(NotFound):
        queries.version_for(session, stranger, own.id)


def test_lists_and_single_questions_agree(
    session: Session,
    tenant: Tenant,
    draft: SchemeVersion,
    own: SchemeVersion,
    workshop: Workshop,
    county_officer: User,
    workshop_leader: User,
    learner: User,
) -> None:
    for user in (county_officer, workshop_leader, learner):
        actor = actor_for(session, user.id, tenant.id)
        for permission in (
            Permission.VIEW,
            Permission.MANAGE_SCHEMES,
            Permission.EDIT_WORKSHOP,
        ):
            listed = set(session.scalars(visible(actor, Scheme, permission)))
            single = {
                each.scheme
                for each in (draft, own)
                if can(actor, permission, each.scheme)
            }
            assert listed == single, (user.name, permission)


def test_a_form_offers_what_scores_these_people_here(
    session: Session, draft: SchemeVersion, own: SchemeVersion, workshop: Workshop
) -> None:
    lead = versions.new_scheme(session, document=document(scores="leader"), by=None)
    for version in (draft, own, lead):
        versions.publish(session, version, by=None)

    def offered(scores: Scores, place: Workshop | None = None) -> set[int]:
        return {each.id for each in queries.choices_for(session, scores, place)}

    assert {each.id for each in queries.published(session, None)} == {draft.id}
    assert offered(Scores.TEACHER, workshop) == {draft.id, own.id}
    assert offered(Scores.LEADER, workshop) == {lead.id}
    assert offered(Scores.SCHOOL, workshop) == set()


def test_a_copied_workshop_keeps_the_countys_schemes_and_not_the_originals_own(
    session: Session, draft: SchemeVersion, own: SchemeVersion, workshop: Workshop
) -> None:
    workshop.scheme_version_id, workshop.leader_scheme_version_id = own.id, draft.id
    session.flush()
    made = copy_workshop(
        session,
        workshop,
        workshop.project,
        title="第二期",
        starts_at=workshop.starts_at,
        by_id=None,
    )
    assert made.scheme_version_id is None
    assert made.leader_scheme_version_id == draft.id

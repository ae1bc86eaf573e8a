"""V03: neither who wrote a work nor who assessed it can be learned from any answer."""

from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from PIL import Image

from plugins.peer_review.tests.acting import NAMES, SUBMITTED, Round, words_of, work_of
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.users.models import User

JSON = {"Accept": "application/json"}


def told(answer: Any) -> str:
    """All of an answer: headers and body."""
    return f"{answer.headers}\n{answer.get_data().decode(errors='replace')}"


def hand_in_with_picture(browser: FlaskClient, page: str, text: str, name: str) -> None:
    """Hand a work in by the page, with a picture of this name."""
    picture = BytesIO()
    Image.new("RGB", (40, 30), "white").save(picture, "PNG")
    picture.seek(0)
    answer = browser.post(
        f"{page}/write/work",
        data={"text": text, "counter": "0", "files": (picture, name)},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303, answer.text


def test_nothing_that_a_reviewer_gets_says_who_the_author_is(
    peer_review: Round, school: Organisation, county: Organisation
) -> None:
    far = factories.make_school(peer_review.session, county, "春江镇小学")
    authors = peer_review.enrol(*NAMES[:3], school=far)
    (reviewer,) = peer_review.enrol(NAMES[3], school=school)
    for person in peer_review.people:
        hand_in_with_picture(
            peer_review.as_user(person),
            peer_review.page(),
            work_of(person, peer_review.activity),
            f"{person.name}-春江镇小学.png",
        )
    peer_review.clock.set(SUBMITTED)
    peer_review.keep()

    browser = peer_review.as_user(reviewer)
    answers = [browser.get(path) for path in (peer_review.page(), "/", "/notices")]
    for row in peer_review.given_to(reviewer):
        page = peer_review.page(row.author_number)
        shown = browser.get(page)
        address = shown.text.split("/assigned/")[1].split('"')[0]
        answers += [
            shown,
            browser.get(f"/assigned/{address}"),
            browser.post(f"{page}/draft", data={"counter": "0"}, headers=JSON),
            browser.post(page, data={}),
            browser.get(page, headers=JSON),
        ]
        for path in (f"/submissions/{row.submission_id}", f"/desk/{row.submission_id}"):
            assert browser.get(path).status_code in (403, 404), path

    assert [answer.status_code for answer in answers].count(200) > 10
    for answer in answers:
        for author in authors:
            for secret in (author.name, author.username, "春江镇"):
                assert secret not in told(answer), (secret, answer.request.path)


def test_nothing_that_an_author_gets_says_who_assessed(peer_review: Round) -> None:
    people = peer_review.begin(*NAMES[:4])
    peer_review.assess_all()
    peer_review.finish()
    author = people[0]
    browser = peer_review.as_user(author)
    work = peer_review.work_of(author)

    for path in (
        peer_review.page(),
        f"/submissions/{work.id}",
        "/feedback",
        "/record",
        "/notices",
        "/",
    ):
        answer = browser.get(path)
        for other in people[1:]:
            assert other.name not in told(answer), path
            assert other.username not in told(answer), path


def test_a_group_leader_who_is_no_leader_of_the_whole_learns_no_reviewers(
    peer_review: Round, group_leader: User
) -> None:
    """They may be a peer as well: who assesses whom is for the leader alone."""
    peer_review.begin()
    browser = peer_review.as_user(group_leader)

    assert browser.get(peer_review.board()).status_code == 403
    assert "互评进展" not in words_of(browser.get(peer_review.page()).text)


def test_a_leader_who_takes_part_neither_learns_nor_weighs_their_own_reviewers(
    peer_review: Round, workshop_leader: User
) -> None:
    factories.enrol(
        peer_review.session, peer_review.workshop, workshop_leader, "learner"
    )
    peer_review.people.append(workshop_leader)
    peer_review.enrol(*NAMES[:4])
    peer_review.write(*peer_review.people)
    peer_review.clock.set(SUBMITTED)
    peer_review.keep()
    browser = peer_review.as_user(workshop_leader)
    own = [r for r in peer_review.allocations() if r.author_id == workshop_leader.id]

    work = browser.get(peer_review.board(f"/works/{own[0].submission_id}"))
    assert work.status_code == 403
    for row in own:
        page = peer_review.board(f"/allocations/{row.id}")
        assert browser.post(f"{page}/weight", data={"weight": "0"}).status_code == 403
        assert browser.post(f"{page}/replace").status_code == 403
    assert all(row.stands and row.weight == 1 for row in peer_review.allocations())


def test_aliases_begin_at_one_for_every_work_and_follow_no_list(
    peer_review: Round,
) -> None:
    peer_review.begin(*NAMES)
    rows = peer_review.allocations()

    for person in peer_review.people:
        of_work = [r.reviewer_number for r in rows if r.author_id == person.id]
        of_reviewer = [r.author_number for r in rows if r.reviewer_id == person.id]
        assert sorted(of_work) == sorted(of_reviewer) == [1, 2, 3]
    given = [row.author_id for row in rows]
    assert given != sorted(given)


def test_the_names_hold_when_works_come_and_go(
    peer_review: Round, workshop_leader: User
) -> None:
    peer_review.begin(*NAMES[:6])
    before = {
        (r.id, r.author_number, r.reviewer_number) for r in peer_review.allocations()
    }
    row = peer_review.allocations()[0]
    leader = peer_review.as_user(workshop_leader)
    leader.post(peer_review.board(f"/allocations/{row.id}/replace"))

    rows = peer_review.allocations()
    assert before <= {(r.id, r.author_number, r.reviewer_number) for r in rows}
    (added,) = [r for r in rows if r.id not in {number for number, *_ in before}]
    assert added.submission_id == row.submission_id
    assert added.reviewer_number == 4
    assert added.reviewer_id not in (row.reviewer_id, row.author_id)

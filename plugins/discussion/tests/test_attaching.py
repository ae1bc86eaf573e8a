"""Pictures and files of a post: taken when it is sent, seen by who reads it."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from plugins.discussion.tests.conftest import LONG, Talk

pytestmark = pytest.mark.one_database

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def picture() -> BytesIO:
    """A small photo."""
    stream = BytesIO()
    Image.new("RGB", (40, 30), "green").save(stream, "JPEG")
    stream.seek(0)
    return stream


def send(talk: Talk, *files: tuple[BytesIO, str], **more: str) -> Any:
    """Send a topic with files."""
    form = {"title": "一张板书", "text": LONG, "form_key": "one", **more}
    return talk.browser().post(
        talk.url("/topics"),
        data={**form, "files": list(files)},
        content_type="multipart/form-data",
    )


def both(talk: Talk) -> str:
    """A topic with a photo and a document; the address of the photo."""
    files = ((picture(), "板书.jpg"), (BytesIO(PDF), "教案.pdf"))
    assert send(talk, *files).status_code == 303
    (post,) = talk.posts()
    return talk.url(f"/posts/{post.id}/files/1")


def test_a_post_carries_a_photo_and_a_document(talk: Talk) -> None:
    address = both(talk)
    (post,) = talk.posts()
    browser = talk.browser("other")
    page = browser.get(talk.url(f"/topics/{post.topic_id}")).text
    photo, document = browser.get(address), browser.get(f"{address[:-1]}2")

    assert f'<img src="{address}" alt="板书.jpg"' in page
    assert "教案.pdf" in page
    assert photo.mimetype == "image/jpeg"
    assert document.data == PDF
    assert document.headers["Content-Disposition"].startswith("attachment;")
    assert browser.get(f"{address[:-1]}3").status_code == 404
    assert browser.get(f"{address[:-1]}0").status_code == 404


def test_files_go_with_a_removed_post_but_for_its_author_and_leaders(
    talk: Talk,
) -> None:
    address = both(talk)
    (post,) = talk.posts()
    talk.browser("leader").post(
        talk.url(f"/posts/{post.id}/remove"), data={"reason": "照片里有学生的脸"}
    )

    codes = {who: talk.browser(who).get(address).status_code for who in talk.people}
    page = talk.browser("other").get(talk.url(f"/topics/{post.topic_id}")).text

    assert codes["learner"] == codes["leader"] == 200
    assert codes["other"] == codes["group leader"] == 404
    assert "板书.jpg" not in page


def test_what_is_not_taken_comes_back_with_the_words_kept(talk: Talk) -> None:
    wrong = send(talk, (BytesIO(b"MZ\0\0"), "听课.exe"))
    many = send(talk, *((picture(), f"{n}.jpg") for n in range(7)), counter="1")

    assert wrong.status_code == many.status_code == 422
    assert "听课.exe" in wrong.text
    assert "一帖最多附 6 个文件" in many.text
    assert LONG in wrong.text
    assert LONG in many.text
    assert talk.posts() == []


def test_sent_twice_it_is_one_post_with_its_files_once(talk: Talk) -> None:
    both(talk)
    assert send(talk, (picture(), "板书.jpg")).status_code == 303

    (post,) = talk.posts()
    assert [one.name for one in post.attachments] == ["板书.jpg", "教案.pdf"]


def test_a_draft_keeps_words_and_no_files(talk: Talk) -> None:
    page = send(talk, (picture(), "板书.jpg"), save="1")

    assert page.status_code == 200
    assert LONG in page.text
    assert talk.posts() == []

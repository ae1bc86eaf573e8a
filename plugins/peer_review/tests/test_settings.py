"""The settings of a peer review: its days are such as people plan in."""

import pytest
from flask import Flask
from portal_peer_review.forms import PeerReviewSettings
from werkzeug.datastructures import MultiDict

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "9999-12-31"])
@pytest.mark.parametrize(
    "name", ["submit_until", "assess_after", "assess_until", "results_after"]
)
def test_no_date_is_at_the_end_of_time(app: Flask, name: str, day: str) -> None:
    with app.test_request_context():
        form = PeerReviewSettings(MultiDict({name: day}))
        form.validate()

        assert "2000 年到 2100 年之间" in str(form[name].errors[0])

"""What tests of workshops share."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation
from portal.testing import factories
from portal.users.models import User


@pytest.fixture
def teachers(session: Session, school: Organisation) -> Callable[..., list[User]]:
    """`teachers(5, subject_code="chinese")` are five of the school."""

    def make(number: int, place: Organisation = school, **columns: str) -> list[User]:
        columns.setdefault("subject_code", "chinese")
        return [
            factories.make_user(session, f"教师{i + 1}", school=place, **columns)
            for i in range(number)
        ]

    return make

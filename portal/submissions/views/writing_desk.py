"""The desk at which one person writes for one slot, loaded and locked as needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form

from portal.activity import ActivityType, Slot, SubmissionState
from portal.errors import NotFound
from portal.files.models import StoredFile
from portal.permissions import Permission
from portal.submissions import attachments, drafts
from portal.submissions.models import Draft, Review, Submission
from portal.submissions.slots import find_slot, settings_of
from portal.submissions.views.blueprint import the_kind
from portal.web import actor, session, user
from portal.workshops.dates import slots_of
from portal.workshops.models import Activity
from portal.workshops.queries import activity_for


@dataclass
class Desk:
    """What lies before the person who writes: task, slot, and what there is of it."""

    activity: Activity
    kind: ActivityType
    slot: Slot
    key: str
    submission: Submission | None
    draft: Draft | None

    @property
    def counter(self) -> int:
        """The draft's counter, 0 before there is one."""
        return self.draft.counter if self.draft else 0

    @property
    def written(self) -> dict[str, Any]:
        """What is in the form: the draft, else the version that was returned."""
        if self.draft is not None:
            return dict(self.draft.answer)
        if self.submission is not None and self.submission.versions:
            return dict(self.submission.versions[-1].answer)
        return {}

    @property
    def returned_with(self) -> Review | None:
        """The review with which the text came back."""
        given = self.submission
        if given is None or given.state != SubmissionState.RETURNED:
            return None
        return given.reviews[-1] if given.reviews else None

    def form(self, data: MultiDict[str, str] | None = None) -> Form:
        """The type's form, filled with what was sent or what is there."""
        settings = settings_of(self.activity, self.kind)
        kind_form = self.kind.form_of(settings, self.slot)
        if kind_form is None:
            raise NotFound("nothing_to_hand_in")
        return kind_form(data) if data is not None else kind_form(data=self.written)

    def begin(self) -> Submission:
        """The submission, made where it is missing, and locked."""
        self.submission = drafts.begin(
            session(), self.activity, user().id, self.slot, self.key
        )
        self.draft = drafts.draft_of(session(), self.submission)
        if self.draft is None and self.submission.state == SubmissionState.RETURNED:
            attachments.take_over(session(), self.submission)
        return self.submission

    def files(self) -> Sequence[StoredFile]:
        """What hangs on the draft, else on the version that was returned."""
        given = self.submission
        if given is not None and self.draft is None and given.versions:
            return attachments.files_of(session(), given, given.versions[-1].id)
        return attachments.files_of(session(), given)


def desk_for(activity_id: int, slot_key: str) -> Desk:
    """The desk of the person who asks.

    Raises:
        NotFound: no such activity or slot for them, or its plugin does not work.
        Forbidden: they do not take part.
    """
    activity = activity_for(session(), actor(), activity_id, Permission.PARTICIPATE)
    kind = the_kind(activity)
    slot = find_slot(slots_of(session(), kind, activity, user().id), slot_key)
    submission = drafts.submission_of(session(), activity, user().id, slot_key)
    draft = drafts.draft_of(session(), submission)
    return Desk(activity, kind, slot, slot_key, submission, draft)

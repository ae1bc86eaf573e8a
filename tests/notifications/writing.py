"""What tests of notices write, and look at."""

from sqlalchemy.orm import Session

from portal.notifications.models import Notice, NoticeReceipt
from portal.notifications.service import send
from portal.users.models import User
from portal.workshops.models import Workshop


def write(
    session: Session, workshop: Workshop, sender: User, *people: User, **options: bool
) -> Notice:
    notice = send(
        session,
        sender.id,
        [person.id for person in people],
        title="关于周记截止时间的说明",
        body="每篇周记周日二十四点截止。",
        place=workshop.organisation_id,
        workshop_id=workshop.id,
        **options,
    )
    session.commit()
    return notice


def receipt(session: Session, notice: Notice, user: User) -> NoticeReceipt:
    session.expire_all()
    return session.get_one(NoticeReceipt, (notice.id, user.id))

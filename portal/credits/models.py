"""Tables of the credit path, from what a workshop is worth to the certificate.

    rule ─► event ─► claim ─ decisions ─► listing in a publicity ─► entry ─► certificate

Entries are append-only: the mapper, triggers and the chain of digests keep them
(architecture §7). They hold keys, amounts and digests, no name and no text, so that a
person can be erased and the ledger still adds up. People in claims and entries are
therefore emptied, never deleted: their keys have no ON DELETE.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column, relationship

from portal.append_only import append_only, written_once
from portal.db import Base, TenantScoped, person
from portal.organisations.models import Organisation
from portal.schemes.models import SchemeVersion
from portal.users.models import User
from portal.workshops.models import TrainingLevel, Workshop


class CreditCategory(StrEnum):
    """校本 网络 集中 短期 师德: what the yearly limits of the places tell apart."""

    SCHOOL_BASED = "school_based"
    ONLINE = "online"
    GROUP = "group"
    SHORT = "short"
    ETHICS = "ethics"


def _amount() -> MappedColumn[Decimal]:
    return mapped_column(Numeric(8, 2))


def _holder() -> MappedColumn[int]:
    """The person whom the row is about; the row outlives the erasure of their data."""
    return mapped_column(ForeignKey("user.id"), index=True, info={"person": "owner"})


class CreditRule(TenantScoped, Base):
    """What a workshop is worth: numbered versions, of which the latest holds.

    A version is never changed, so that an event says for ever by which it was made.
    """

    __tablename__ = "credit_rule"
    __table_args__ = (UniqueConstraint("workshop_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(
        ForeignKey("workshop.id", ondelete="CASCADE")
    )
    number: Mapped[int]
    hours: Mapped[Decimal] = _amount()
    credits: Mapped[Decimal] = _amount()
    category: Mapped[CreditCategory] = mapped_column(String(16))
    lecturer: Mapped[str] = mapped_column(String(120), default="")
    place: Mapped[str] = mapped_column(String(120), default="")
    same_as_id: Mapped[int | None] = mapped_column(ForeignKey("workshop.id"))
    """The workshop whose training this is as well: it is credited once (N14)."""
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = person("mention")

    workshop: Mapped[Workshop] = relationship(foreign_keys=[workshop_id])


class CreditEvent(TenantScoped, Base):
    """What is credited once, as it was when it closed: titles are copied in."""

    __tablename__ = "credit_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), index=True)
    """Names the training: nobody has two entries under one key."""
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"), unique=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("credit_rule.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    title: Mapped[str] = mapped_column(String(120))
    theme: Mapped[str] = mapped_column(String(200), default="")
    doc_no: Mapped[str] = mapped_column(String(64), default="")
    lecturer: Mapped[str] = mapped_column(String(120), default="")
    place: Mapped[str] = mapped_column(String(120), default="")
    category: Mapped[CreditCategory] = mapped_column(String(16))
    training_level: Mapped[TrainingLevel] = mapped_column(String(16))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    """The last day, by the county's calendar; the year follows from it."""
    year: Mapped[int]
    hours: Mapped[Decimal] = _amount()
    credits: Mapped[Decimal] = _amount()
    closed_at: Mapped[datetime]

    workshop: Mapped[Workshop] = relationship()
    organisation: Mapped[Organisation] = relationship()


class ClaimState(StrEnum):
    """缺证据 → 待初审 → 待审核 → 待公示 → 公示中 → 已登记, or 不予认定, or 已冲正."""

    LACKING = "lacking"
    CLAIMED = "claimed"
    PRECHECKED = "prechecked"
    RECOGNISED = "recognised"
    IN_PUBLICITY = "in_publicity"
    REGISTERED = "registered"
    REFUSED = "refused"
    REVERSED = "reversed"


class CreditClaim(TenantScoped, Base):
    """A participant's claim to the credits of an event (学分申报), with its evidence.

    `evidence` is copied from the score sheet (`portal.credits.evidence`): amounts and
    the ids and digests of facts. `codes` say what is missing, or why it was refused.
    """

    __tablename__ = "credit_claim"
    __table_args__ = (
        UniqueConstraint("event_id", "user_id"),
        Index("ix_credit_claim_state", "tenant_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("credit_event.id"))
    user_id: Mapped[int] = _holder()
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True
    )
    """The school that checks it: where the teacher worked on the last day."""
    state: Mapped[ClaimState] = mapped_column(String(16))
    codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    hours: Mapped[Decimal] = _amount()
    credits: Mapped[Decimal] = _amount()
    scheme_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("scheme_version.id")
    )
    total: Mapped[Decimal] = mapped_column(Numeric(20, 4))
    band: Mapped[str | None] = mapped_column(String(64))
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    evidence_digest: Mapped[str] = mapped_column(String(64))
    claimed_at: Mapped[datetime]

    event: Mapped[CreditEvent] = relationship()
    user: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship()
    scheme_version: Mapped[SchemeVersion | None] = relationship()
    decisions: Mapped[list["CreditDecision"]] = relationship(
        order_by="CreditDecision.id", back_populates="claim"
    )


class Step(StrEnum):
    """Who decided: the gate's rules, the school, the county, or a correction.

    After a reopening (重新办理) the steps are taken anew.
    """

    GATE = "gate"
    PRECHECK = "precheck"
    AUDIT = "audit"
    REVERSAL = "reversal"
    REOPENING = "reopening"


class Verdict(StrEnum):
    """What was decided about a claim."""

    PASSED = "passed"
    REFUSED = "refused"
    LACKING = "lacking"


@written_once
class CreditDecision(Base):
    """What was decided about a claim, by whom and why; rows are only added."""

    __tablename__ = "credit_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("credit_claim.id"), index=True)
    step: Mapped[Step] = mapped_column(String(16))
    verdict: Mapped[Verdict] = mapped_column(String(16))
    codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = person("mention")
    """None where the rules decided."""

    claim: Mapped[CreditClaim] = relationship(back_populates="decisions")
    decided_by: Mapped[User | None] = relationship()


class PublicityState(StrEnum):
    """公示中 or 公示结束."""

    RUNNING = "running"
    ENDED = "ended"


class Publicity(TenantScoped, Base):
    """A list put before everybody (公示) from a day through `days` working days."""

    __tablename__ = "credit_publicity"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[PublicityState] = mapped_column(String(16), default="running")
    days: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    """The last working day of the list, to its midnight in the county."""
    ends_at: Mapped[datetime] = mapped_column(index=True)
    """That midnight: from then on the list's claims are registered."""
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = person("mention")
    ended_at: Mapped[datetime | None]

    listings: Mapped[list["Listing"]] = relationship(back_populates="publicity")


class Listing(Base):
    """A line of a list: a claim, and the amounts as they were put before people."""

    __tablename__ = "credit_listing"

    publicity_id: Mapped[int] = mapped_column(
        ForeignKey("credit_publicity.id"), primary_key=True
    )
    claim_id: Mapped[int] = mapped_column(
        ForeignKey("credit_claim.id"), primary_key=True, index=True
    )
    hours: Mapped[Decimal] = _amount()
    credits: Mapped[Decimal] = _amount()

    publicity: Mapped[Publicity] = relationship(back_populates="listings")
    claim: Mapped[CreditClaim] = relationship()


class Ledger(Base):
    """The end of a county's chain; who holds its lock may append."""

    __tablename__ = "credit_ledger"

    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"), primary_key=True)
    sequence: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))


@append_only
class CreditEntry(TenantScoped, Base):
    """A line of the ledger: a recognised claim, or the reversal of such a line.

    `sequence` counts from 1 without a gap in the county; `digest` covers the line and
    the digest of the line before it (`portal.credits.ledger`). For one person and
    training the revisions alternate: 1 is the entry, 2 its reversal, 3 a new entry.
    """

    __tablename__ = "credit_entry"
    __table_args__ = (
        UniqueConstraint("tenant_id", "sequence"),
        UniqueConstraint("user_id", "event_key", "revision"),
        CheckConstraint(
            "(revision % 2 = 0) = (reversal_of_id IS NOT NULL)", name="alternates"
        ),
        Index("ix_credit_entry_person_year", "user_id", "year"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int]
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id"), info={"person": "owner"}
    )
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True
    )
    claim_id: Mapped[int] = mapped_column(ForeignKey("credit_claim.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("credit_event.id"), index=True)
    event_key: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int]
    reversal_of_id: Mapped[int | None] = mapped_column(
        ForeignKey("credit_entry.id"), unique=True
    )
    rule_id: Mapped[int] = mapped_column(ForeignKey("credit_rule.id"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("credit_decision.id"))
    """The decision by which it was written: whose it was and when."""
    category: Mapped[CreditCategory] = mapped_column(String(16))
    training_level: Mapped[TrainingLevel] = mapped_column(String(16))
    year: Mapped[int]
    occurred_on: Mapped[date]
    hours: Mapped[Decimal] = _amount()
    credits: Mapped[Decimal] = _amount()
    """Below zero in a reversal, as the hours are."""
    evidence_digest: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime]
    previous_digest: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))

    user: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship()
    claim: Mapped[CreditClaim] = relationship()
    event: Mapped[CreditEvent] = relationship()
    decision: Mapped[CreditDecision] = relationship()
    reversal_of: Mapped["CreditEntry | None"] = relationship(remote_side=[id])


@written_once
class Certificate(TenantScoped, Base):
    """A printable proof of one entry, found by its code."""

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        UniqueConstraint("tenant_id", "code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("credit_entry.id"), unique=True)
    number: Mapped[str] = mapped_column(String(32))
    code: Mapped[str] = mapped_column(String(16))
    """Digits that are drawn by lot, and two that check them (ISO 7064)."""
    issued_at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(String(64))

    entry: Mapped[CreditEntry] = relationship()

"""`portal credits`: look the ledger over."""

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select

from portal.cli.counties import counties
from portal.credits.models import CreditEntry, Ledger
from portal.credits.verifying import Break, Problem, verify
from portal.db import db, only_reading, set_tenant

WORDS = {
    Break.OUT_OF_SEQUENCE: "an entry before it is gone, or it is there twice",
    Break.CHAIN_BROKEN: "it does not carry the digest of the entry before it",
    Break.ENTRY_CHANGED: "it was changed after it was written",
    Break.REVERSAL_DIFFERS: "it does not mirror the entry it takes back",
    Break.CLAIM_CHANGED: "its claim says something else",
    Break.EVIDENCE_CHANGED: "the evidence of its claim was changed",
    Break.FACT_CHANGED: "a fact behind it is gone or was changed",
    Break.CERTIFICATE_CHANGED: "its certificate is gone or was changed",
    Break.END_CHANGED: "the last entries are gone, or were added by another way",
    Break.ENTRY_MISSING: "it is registered, but its entry is gone",
}


@click.group()
def credits() -> None:  # noqa: A001 — the name of the command
    """Verify the ledger of credits."""


@credits.command("verify")
@with_appcontext
def verify_ledger() -> None:
    """Look over every entry, its chain, claim, facts and certificate.

    Prints what does not fit, the first broken entry first, and the end of each
    county's chain, to be kept elsewhere: a chain that was made anew ends otherwise.
    Exit status: 0 when all fits, else 1.
    """
    broken = 0
    with only_reading():
        for county in counties(db.session):
            set_tenant(db.session, county.id)
            problems = verify(db.session)
            broken += len(problems)
            for problem in problems:
                click.echo(f"{county.code}: {_said(problem)}")
            click.echo(f"{county.code}: {_end()}")
            db.session.rollback()
    raise SystemExit(1 if broken else 0)


def _said(problem: Problem) -> str:
    if problem.sequence is not None:
        where = f"entry {problem.sequence}"
    elif problem.claim_id is not None:
        where = f"claim {problem.claim_id}"
    else:
        where = "the end"
    return f"{where}: {WORDS[problem.what]} ({problem.what})"


def _end() -> str:
    count = db.session.scalar(select(func.count()).select_from(CreditEntry))
    ledger = db.session.get(Ledger, db.session.info["tenant_id"])
    digest = ledger.digest if ledger else "-"
    return f"{count} entries, end {digest}"

"""How long 5,000 rows take: `python -m bench.roster [ROWS]`. The promise: under 20 s.

Makes a county of its own in a temporary folder, so that nothing of yours is touched.
"""

import io
import resource
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from cryptography.fernet import Fernet
from xlsxwriter import Workbook

from portal.app import create_app
from portal.cli.roster import roster
from portal.db import db
from portal.organisations.models import OrganisationKind
from portal.organisations.service import make_organisation, make_tenant
from portal.plugins import streams
from portal.roster.columns import COLUMNS
from portal.users.id_number import TEST_REGION, check_digit

SCHOOLS = 40
BORN = date(1965, 1, 1)


def workbook(rows: int, school: str | None = None) -> bytes:
    """A roster of invented people, all of them good, of one school or of all."""
    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        required = [column.title for column in COLUMNS if column.required]
        sheet.write_row(0, 0, required)
        for number in range(rows):
            born = BORN + timedelta(days=number % 11_000)
            first = f"{TEST_REGION}{born:%Y%m%d}{number // 11_000 + 1:03d}"
            id_no = first + check_digit(first)
            mobile = f"138{number:08d}"
            place = school or f"S{number % SCHOOLS:03d}"
            cells = ("陈晓燕", id_no, mobile, place, "小学", "语文", "本科")
            for column, cell in enumerate(cells):
                sheet.write_string(number + 1, column, cell)
    return stream.getvalue()


def main(rows: int) -> None:
    """Check, import, and import again."""
    with tempfile.TemporaryDirectory() as folder:
        secrets = {"SECRET_KEY": "bench", "CODE_PEPPER": "bench"}
        key = Fernet.generate_key().decode()
        app = create_app({**secrets, "ID_NUMBER_KEY": key}, instance_path=folder)
        with app.app_context():
            streams.upgrade(db.engine, app.extensions["portal_plugins"])
            make_tenant(db.session, code="bench", name="清溪县", site_title="研修")
            kind = OrganisationKind
            root = make_organisation(
                db.session, kind=kind.BUREAU, code="B", name="清溪县教育局"
            )
            for number in range(SCHOOLS):
                make_organisation(
                    db.session,
                    kind=kind.SCHOOL,
                    code=f"S{number:03d}",
                    name=f"第{number}小学",
                    parent=root,
                )
            db.session.commit()
        file = Path(folder) / "roster.xlsx"
        file.write_bytes(workbook(rows))
        for command in ("check", "import", "import"):
            start = time.perf_counter()
            answer = app.test_cli_runner().invoke(roster, [command, str(file)])
            taken = time.perf_counter() - start
            print(f"{command}: {taken:.1f} s, {answer.stdout.strip()}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{rows} rows, {peak} MB at most")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)

"""How long the demonstration county takes to load, and how it grows.

    python bench/demonstration.py [--teachers 300] [--database URL] [--profile]

It loads into an empty database (SQLite in a temporary folder, if none is named) and
prints seconds, seconds for 1,000 journals, and the most memory that was held; before
each week, how long was computed so far.
"""

import argparse
import cProfile
import pstats
import resource
import secrets
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, process_time
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet

from portal.app import create_app
from portal.db import db
from portal.demonstration.county import TIME_ZONE
from portal.demonstration.load import Demand, Loaded, Means, load
from portal.plugins import streams
from portal.users.passwords import hasher

NOW = datetime(2026, 10, 7, 20, tzinfo=ZoneInfo(TIME_ZONE))


def main() -> None:
    """Load, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--teachers", type=int, default=300)
    parser.add_argument("--database", help="address of an empty database")
    parser.add_argument("--profile", action="store_true", help="show where time goes")
    wanted = parser.parse_args()
    with TemporaryDirectory() as folder:
        profile = cProfile.Profile()
        if wanted.profile:
            profile.enable()
        began, worked = monotonic(), process_time()
        loaded = build(Path(folder), wanted.database, wanted.teachers)
        took, busy = monotonic() - began, process_time() - worked
        profile.disable()
    per_thousand = took / loaded.texts * 1000
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{wanted.teachers} teachers, {loaded.texts} journals: {took:.1f} s "
        f"({busy:.1f} s of them computing), {per_thousand:.1f} s for 1,000 journals, "
        f"{memory:.0f} MiB at most"
    )
    if wanted.profile:
        pstats.Stats(profile).sort_stats("cumulative").print_stats("portal", 40)


def build(folder: Path, database: str | None, teachers: int) -> Loaded:
    """Make an installation in the folder and load the county into its database."""
    settings = {
        "SECRET_KEY": secrets.token_hex(),
        "CODE_PEPPER": secrets.token_hex(),
        "ID_NUMBER_KEY": Fernet.generate_key().decode(),
        "DATABASE_URL": database,
    }
    app = create_app(settings, instance_path=str(folder))
    plugins = app.extensions["portal_plugins"]
    with app.app_context():
        streams.upgrade(db.engine, plugins)
        means = Means(
            journal=plugins.kinds["journal"],
            hasher=hasher(
                app.config["ARGON2_TIME_COST"], app.config["ARGON2_MEMORY_KIB"]
            ),
            id_number_key=app.config["ID_NUMBER_KEY"],
            uploads=app.config["UPLOADS_URL"],
            say=lambda line: print(f"{process_time():7.1f} s  {line}"),
        )
        loaded = load(db.session, Demand(teachers, 7, NOW), means)
        db.session.commit()
        return loaded


if __name__ == "__main__":
    main()

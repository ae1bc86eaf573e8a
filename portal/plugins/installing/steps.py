"""The way in and the way out, so that a failure leaves things as they were."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import across_tenants
from portal.errors import Invalid, NotFound
from portal.plugins import admission
from portal.plugins.installing import candidates, environment, trials, wheels
from portal.plugins.installing.candidates import Candidate
from portal.plugins.installing.environment import Kept
from portal.plugins.installing.processes import last_line, run
from portal.plugins.manager import PluginManager
from portal.workshops.models import Activity


@contextmanager
def examined(given: Path) -> Iterator[Candidate]:
    """What a folder, source distribution or wheel holds, laid out in a scratch folder.

    Raises:
        Invalid: it is no plugin, or none for this portal; nothing was changed.
        Conflict: "plugin_taken".
        admission.Refused: the portal turns it away.
    """
    with TemporaryDirectory(prefix="portal-plugin-") as folder:
        scratch = Path(folder)
        wheel = wheels.wheel_of(given, scratch)
        candidate = candidates.read(wheel, scratch / "laid_out")
        if fault := trials.admit(candidate):
            raise admission.Refused(fault.code, fault.reason)
        yield candidate


def put_in(candidate: Candidate, *, editable: Path | None = None) -> None:
    """Install a plugin and bring its tables up to date, or leave all as it was.

    Args:
        editable: the author's folder, to install a link to it.

    Raises:
        Invalid: "install_failed", "no_installer", "migration_failed".
    """
    with TemporaryDirectory(prefix="portal-plugin-") as folder:
        kept = Kept({})
        if candidate.replaces:
            kept = environment.keep(candidate.distribution, Path(folder))
        if editable is None:
            environment.install(candidate.wheel)
        else:
            environment.install_editable(editable)
        reason = _upgrade(candidate.name) if candidate.has_migrations else ""
        if reason:
            environment.uninstall(candidate.distribution)
            kept.put_back()
            raise Invalid("migration_failed", name=candidate.name, reason=reason)


def _upgrade(name: str) -> str:
    """Run the migrations as the environment now is; what a plugin's failed of."""
    ran = run(sys.executable, "-P", "-m", "portal", "db", "upgrade")
    if ran.returncode == 0:
        return ""
    mine = [line for line in ran.stderr.splitlines() if line.startswith(f"{name}: ")]
    others = "Some plugins failed." in ran.stdout
    return mine[0] if mine else "" if others else last_line(ran.stderr)


def take_out(name: str) -> None:
    """Uninstall a plugin. Its tables, settings and activities are kept.

    Raises:
        NotFound: "no_such_plugin" is installed.
        Invalid: "install_failed", "no_installer".
    """
    for entry_point in admission.installed():
        if entry_point.name == name and entry_point.dist is not None:
            environment.uninstall(entry_point.dist.name)
            return
    raise NotFound("no_such_plugin", name=name)


def activities_of(session: Session, plugins: PluginManager, name: str) -> int:
    """How many activities of a plugin's types there are, in all counties."""
    counts = select(Activity.type, func.count()).group_by(Activity.type)
    with across_tenants(session):
        found = session.execute(counts).all()
    return sum(count for kind, count in found if plugins.owner(kind) == name)

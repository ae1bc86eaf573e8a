"""Trying a plugin out where it lies, in processes of their own."""

import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path

from portal.errors import Invalid
from portal.plugins.admission import Fault, FaultCode
from portal.plugins.installing.candidates import Candidate
from portal.plugins.installing.processes import last_line, run
from portal.plugins.manager import PluginManager
from portal.testing.running import Tried, tried

KIT_NEEDS = ("pytest", "html5lib")


def admit(candidate: Candidate) -> Fault | None:
    """Why the portal would turn the plugin away, beside all that are installed."""
    ran = run(
        *(sys.executable, "-P", "-m", __name__, candidate.name),
        environment=os.environ | {"PYTHONPATH": _path(candidate.folder)},
    )
    if ran.returncode:
        return Fault(FaultCode.LOAD_FAILED, last_line(ran.stderr))
    said = json.loads(last_line(ran.stdout))
    return said and Fault(FaultCode(said["code"]), said["reason"])


def try_kit(candidate: Candidate) -> list[Tried]:
    """What the kit finds wrong with the plugin; empty when it passes.

    Raises:
        Invalid: "kit_missing" in this environment, "kit_failed" to run at all.
    """
    if missing := [name for name in KIT_NEEDS if find_spec(name) is None]:
        raise Invalid("kit_missing", packages=" ".join(missing))
    chosen = ("--plugin", candidate.name, "--database", "sqlite")
    try:
        found = list(tried(candidate.folder, *chosen))
    except RuntimeError as error:
        raise Invalid("kit_failed", reason=last_line(str(error))) from error
    mine = [one for one in found if one.plugin == candidate.name]
    if not mine:
        failures = [one.failure for one in found if one.failure]
        raise Invalid("kit_failed", reason=(failures or [""])[0])
    return [one for one in mine if one.failure]


def _path(folder: Path) -> str:
    return os.pathsep.join([str(folder), *filter(None, sys.path)])


def main(name: str) -> None:
    """Say on the output, as JSON, why the plugin of that name is turned away."""
    found = PluginManager.admit_all({}).plugins[name].fault
    said = {"code": found.code, "reason": found.reason} if found else None
    sys.stdout.write(f"\n{json.dumps(said)}\n")


if __name__ == "__main__":
    main(sys.argv[1])

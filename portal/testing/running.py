"""Running the kit on plugins in a folder, as if they had been installed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree


def write_metadata(
    folder: Path, name: str, *, distribution: str, version: str, requires: str
) -> None:
    """Write what pip writes beside a package: `portal_<name>` becomes a plugin."""
    info = folder / f"portal_{name}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
        f"Requires-Dist: {requires}\n",
        "utf-8",
    )
    entry = f"[portal.plugins]\n{name} = portal_{name}\n"
    (info / "entry_points.txt").write_text(entry, "utf-8")


def run_kit(folder: Path, *options: str) -> dict[str, set[str]]:
    """Run the kit on what lies in the folder; the failed checks by plugin.

    What belongs to no plugin has the name `""`.
    """
    report = folder / "report.xml"
    path = os.pathsep.join([str(folder), *filter(None, sys.path)])
    subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "--pyargs", "portal.testing"),
            *("-q", "-p", "no:cacheprovider", "-p", "no:randomly"),
            *(f"--junitxml={report}", "--tb=short", *options),
        ],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        check=False,
    )
    found: dict[str, set[str]] = defaultdict(set)
    for case in ElementTree.parse(report).iter("testcase"):
        name = _plugin_of(case.attrib["name"])
        wrong = case.find("failure") is not None or case.find("error") is not None
        found[name] |= {check_of(case.attrib["classname"])} if wrong else set()
    return dict(found)


def _plugin_of(name: str) -> str:
    """`test_…[journal-sqlite-learner]` is the journal's."""
    parameters = re.search(r"\[(\w+)", name)
    return parameters[1] if parameters else ""


def check_of(module: str) -> str:
    """`portal.testing.test_k05_pages` is K5, written `"k05"`."""
    number = re.search(r"test_(k\d+)", module)
    return number[1] if number else module

"""Running the kit on plugins in a folder, as if they had been installed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Tried:
    """One test of the kit: which check it belongs to, and what went wrong, if anything.

    `test` is the sentence that is its name, `failure` the complaint; "" when it passed.
    What belongs to no plugin has the name `""`.
    """

    plugin: str
    check: str
    test: str
    failure: str = ""


def run_kit(folder: Path, *options: str) -> dict[str, set[str]]:
    """Run the kit on what lies in the folder; the failed checks by plugin."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in tried(folder, *options):
        found[one.plugin] |= {one.check} if one.failure else set()
    return dict(found)


def tried(folder: Path, *options: str) -> Iterator[Tried]:
    """Run the kit on what lies in the folder, and say of every test how it went.

    Raises:
        RuntimeError: it could not even begin; the message says what pytest said.
    """
    report = folder / "report.xml"
    path = os.pathsep.join([str(folder), *filter(None, sys.path)])
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "--pyargs", "portal.testing"),
            *("-q", "-p", "no:cacheprovider", "-p", "no:randomly"),
            *(f"--junitxml={report}", "--tb=short", *options),
        ],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
    )
    if not report.exists():
        raise RuntimeError(f"{ran.stdout}{ran.stderr}".strip())
    for case in ElementTree.parse(report).iter("testcase"):
        name = case.attrib["name"]
        yield Tried(
            _plugin_of(name),
            check_of(case.attrib["classname"]),
            name.partition("[")[0].removeprefix("test_").replace("_", " "),
            _complaint(case),
        )


def _complaint(case: ElementTree.Element) -> str:
    for kind in ("failure", "error"):
        found = case.find(kind)
        if found is not None:
            return found.get("message") or kind
    return ""


def _plugin_of(name: str) -> str:
    """`test_…[journal-sqlite-learner]` is the journal's."""
    parameters = re.search(r"\[(\w+)", name)
    return parameters[1] if parameters else ""


def check_of(module: str) -> str:
    """`portal.testing.test_k05_pages` is K5, written `"k05"`."""
    number = re.search(r"test_(k\d+)", module)
    return number[1] if number else module

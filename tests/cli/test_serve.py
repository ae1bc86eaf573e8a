"""`portal serve`: what it refuses, what it prints, and that nothing outlives it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click import ClickException

from portal.cli.serve import demonstration_logins, listen
from portal.jobs.supervision import Workers

Run = Callable[..., subprocess.CompletedProcess[str]]


@dataclass
class Server:
    """A server in a process of its own."""

    process: subprocess.Popen[str]
    address: str

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.address + path, timeout=5) as answer:
            return str(answer.read().decode())

    def children(self) -> list[int]:
        found = subprocess.run(
            ["ps", "--ppid", str(self.process.pid), "-o", "pid="],
            capture_output=True,
            text=True,
        )
        return [int(pid) for pid in found.stdout.split()]


@pytest.fixture
def server(upgraded: Path, environment: dict[str, str]) -> Iterator[Server]:
    """The portal, served on a free port."""
    port = free_port()
    command = (sys.executable, "-m", "portal", "serve", "--port", str(port))
    process = subprocess.Popen(
        command,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    found = Server(process, f"http://127.0.0.1:{port}")
    try:
        assert until(lambda: answers(port), seconds=60)
        assert until(lambda: bool(found.children()), seconds=20)
        yield found
    finally:
        process.kill()
        process.communicate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def lives(pid: int) -> bool:
    """Whether the process runs; one that waits to be buried does not."""
    found = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True
    )
    return bool(found.stdout.strip()) and not found.stdout.startswith("Z")


def until(true: Callable[[], bool], *, seconds: float) -> bool:
    """Whether it becomes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_end_it_ends_by_itself_and_leaves_nothing(
    server: Server, number: signal.Signals
) -> None:
    assert json.loads(server.get("/healthz")) == {"alive": True}
    workers = server.children()

    server.process.send_signal(number)
    printed, _ = server.process.communicate(timeout=20)

    assert server.process.returncode == 0
    assert f"The portal is at {server.address}" in printed
    assert until(lambda: not any(map(lives, workers)), seconds=20)


def test_killed_by_force_it_takes_its_workers_with_it(server: Server) -> None:
    workers = server.children()

    server.process.kill()
    server.process.wait()

    assert workers
    assert until(lambda: not any(map(lives, workers)), seconds=20)


def test_a_worker_that_dies_is_started_again(server: Server) -> None:
    (worker,) = server.children()

    os.kill(worker, signal.SIGKILL)

    assert until(lambda: server.children() not in ([], [worker]), seconds=10)


def test_a_worker_that_hears_nothing_is_ended_by_force() -> None:
    deaf = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('deaf', flush=True); time.sleep(60)"
    )
    workers = Workers(1, {}, (sys.executable, "-c", deaf))
    workers.start()
    assert until(lambda: bool(workers.pids), seconds=5)
    (pid,) = workers.pids

    workers.end()
    workers.wait()

    assert until(lambda: not lives(pid), seconds=2)


def test_an_unsafe_setting_is_refused_by_name(upgraded: Path, run: Run) -> None:
    refused = run("serve", "--port", "0", PORTAL_SECRET_KEY="dev")

    assert refused.returncode == 1
    assert "SECRET_KEY" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_missing_secret_is_one_sentence(run: Run) -> None:
    refused = run("serve", PORTAL_SECRET_KEY="")

    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: SECRET_KEY must be set")


def test_a_database_behind_the_code_says_what_to_run(tmp_path: Path, run: Run) -> None:
    refused = run("serve", "--port", "0", PORTAL_INSTANCE=str(tmp_path))

    assert refused.returncode == 1
    assert "portal db upgrade" in refused.stderr


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ClickException, match=str(port)):
            listen("127.0.0.1", port)


def test_the_logins_of_the_demonstration_are_shown(tmp_path: Path) -> None:
    login = {"role": "坊主", "username": "zhouwenbin", "password": "xuexi"}
    (tmp_path / "demo-logins.json").write_text(json.dumps([login]), "utf-8")

    assert demonstration_logins(tmp_path)[1:] == ["  坊主  zhouwenbin  xuexi"]


def test_without_a_demonstration_no_login_is_shown(tmp_path: Path) -> None:
    assert demonstration_logins(tmp_path) == []

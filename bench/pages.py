"""What a page costs: `python -m bench.pages`. The goals are in docs/performance.md.

It makes a county in a temporary folder, starts the portal's server on it as a process
of its own, and asks for each page in turns with a bare page of 23 KB. What is told is
the processor time of the serving process (not the time on the wall, so that neighbours
do not disturb) as the median over rounds of some requests each, after a warm-up, and
how many SELECTs the request sent, the frame's included.
"""

import argparse
import platform
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import clock_gettime
from urllib.parse import urlencode

from bench.page_county import Situation, prepare

WARM_UP = 10
IN_A_ROUND = 4
MOST = {"list of 91": (12, 7.0)}
MOST_OF_ALL = (8, 3.0)
"""Queries, and processor time as a multiple of the bare page's."""

HIDDEN = re.compile(r'name="(csrf_token|form_key|counter|user_id)" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What the server answered, and what it says that this took."""

    text: str
    cookie: str | None
    queries: int
    statements: int


@dataclass
class Measured:
    """One page over all rounds."""

    name: str
    ask: Callable[[], Answer]
    answer: Answer | None = None
    times: list[float] = field(default_factory=list)

    @property
    def cost(self) -> float:
        """Milliseconds of processor time for one request."""
        return median(self.times)


class Browser:
    """Asks the server for pages over one connection, and reads its clock."""

    def __init__(self, port: int, pid: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port)
        # The processor clock of another process, numbered as by clock_getcpuclockid(3).
        self._clock = (~pid << 3) | 2

    def send(
        self, path: str, cookie: str = "", form: dict[str, str] | None = None
    ) -> Answer:
        """GET, or POST the form; the answer is read to its end."""
        headers = {"Cookie": f"portal={cookie}", "Accept-Language": "zh-CN"}
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request("POST" if form else "GET", path, body, headers)
        got = self._connection.getresponse()
        text = got.read().decode()
        if got.status != (303 if form else 200):
            sys.exit(f"{path}: {got.status}\n{text}")
        new = re.search("portal=([^;]*)", got.headers.get("Set-Cookie", ""))
        return Answer(
            text,
            new[1] if new else None,
            int(got.headers["X-Bench-Queries"]),
            int(got.headers["X-Bench-Statements"]),
        )

    def spent(self) -> float:
        """Milliseconds of processor time of the serving process so far."""
        return clock_gettime(self._clock) * 1000


class Writing:
    """Hands in a new text each time, for a week that somebody has not written yet."""

    def __init__(self, browser: Browser, found: Situation) -> None:
        self._browser = browser
        self._random = Random(7)
        self._desks = self._open(f"/activities/{found.writing_id}", found.writers)
        self._ready: list[tuple[str, str, dict[str, str]]] = []

    def _open(self, activity: str, writers: list[str]) -> Iterator[tuple[str, str]]:
        for cookie in writers:
            page = self._browser.send(activity, cookie).text
            for path in sorted(set(re.findall(rf'"({activity}/write/[^"]+)"', page))):
                yield cookie, path

    def prepare(self, number: int) -> None:
        """Open so many pages and write there; handing in is what is measured."""
        for _ in range(number):
            cookie, path = next(self._desks)
            page = self._browser.send(path, cookie)
            form = dict(HIDDEN.findall(page.text))
            form["text"] = "".join(
                chr(self._random.randint(0x4E00, 0x9FA5)) for _ in range(400)
            )
            self._ready.append((page.cookie or cookie, path, form))

    def __call__(self) -> Answer:
        cookie, path, form = self._ready.pop()
        return self._browser.send(path, cookie, form)


def pages(browser: Browser, found: Situation) -> list[Measured]:
    """What is measured, the bare page first."""

    def page(name: str, path: str, cookie: str = "") -> Measured:
        return Measured(name, lambda: browser.send(path, cookie))

    workshop = f"/workshops/{found.workshop_id}"
    return [
        page("bare page", "/bench/bare"),
        page("bare page in our frame", "/bench/framed"),
        page("My study", "/", found.learner),
        page("Workshop", workshop, found.learner),
        *(
            page(name, f"/activities/{activity}", found.learner)
            for name, activity in found.activities.items()
        ),
        Measured("hand-in", Writing(browser, found)),
        page("list of 91", f"{workshop}/overview", found.leader),
    ]


def measure(browser: Browser, rows: Sequence[Measured], rounds: int) -> None:
    """Ask for all pages in turns; the first turn only warms up."""
    for turn in range(rounds + 1):
        for row in rows:
            number = IN_A_ROUND if turn else WARM_UP
            if isinstance(row.ask, Writing):
                row.ask.prepare(number)
            before = browser.spent()
            for _ in range(number):
                row.answer = row.ask()
            if turn:
                row.times.append((browser.spent() - before) / number)


def table(rows: Sequence[Measured]) -> Iterator[str]:
    """The figures as the documentation shows them."""
    bare = rows[0].cost
    yield "| page | KB | queries | statements | CPU ms | × bare | goal |"
    yield "|---|---:|---:|---:|---:|---:|---|"
    for row in rows:
        assert row.answer is not None
        most, times = MOST.get(row.name, MOST_OF_ALL)
        ratio, queries = row.cost / bare, row.answer.queries
        goal = "yes" if queries <= most and ratio <= times else f"{most}, {times:.0f}×"
        yield (
            f"| {row.name} | {len(row.answer.text.encode()) / 1000:.0f} | {queries} "
            f"| {row.answer.statements} | {row.cost:.2f} | {ratio:.1f} | {goal} |"
        )


@contextmanager
def serving(instance: Path) -> Iterator[Browser]:
    """The server as a process of its own, ended afterwards."""
    command = [sys.executable, "-m", "bench.page_server", str(instance)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield Browser(int(server.stdout.readline()), server.pid)
        finally:
            server.terminate()


def main() -> None:
    """Make the county, measure, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--database", help="address of an empty database")
    parser.add_argument("--instance", type=Path, help="keep the county there")
    wanted = parser.parse_args()
    with TemporaryDirectory() as folder:
        instance = wanted.instance or Path(folder)
        instance.mkdir(parents=True, exist_ok=True)
        found = prepare(instance, wanted.database)
        with serving(instance) as browser:
            rows = pages(browser, found)
            measure(browser, rows, wanted.rounds)
    asked = wanted.rounds * IN_A_ROUND
    print(f"Python {platform.python_version()}, {asked} requests a page\n")
    print("\n".join(table(rows)))


if __name__ == "__main__":
    main()

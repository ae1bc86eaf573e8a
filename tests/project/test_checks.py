"""The test command: everything runs, or it is told and fails."""

from pathlib import Path

from checks import __main__ as checks

REPORT = """<testsuites><testsuite>
  <testcase classname="tests.users" name="test_passes"/>
  <testcase classname="tests.users" name="test_waits">
    <skipped type="pytest.skip" message="no browser"/>
  </testcase>
  <testcase classname="tests.users" name="test_known">
    <skipped type="pytest.xfail" message="a known defect"/>
  </testcase>
</testsuite></testsuites>"""


def test_a_skipped_test_is_named_with_its_reason(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)

    assert checks.skipped(report) == ["tests.users::test_waits: no browser"]


def test_a_run_without_a_report_has_not_run(tmp_path: Path) -> None:
    assert checks.skipped(tmp_path / "report.xml")


def test_without_a_path_everything_runs() -> None:
    command = checks.pytest(["-k", "roster"])

    assert set(checks.EVERYTHING) < set(command)


def test_a_named_path_is_run_instead_of_everything() -> None:
    command = checks.pytest([f"{__file__}::test_without_a_path_everything_runs"])

    assert "portal.testing" not in command


def test_a_failing_check_fails_the_whole(tmp_path: Path) -> None:
    assert checks.run("a check", checks.PYTHON, "-c", "raise SystemExit(3)") == 3

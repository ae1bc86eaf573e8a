"""What holds for every test of this checkout, the plugins' as well."""

from hypothesis import HealthCheck, settings

# The machine may be busy: how long things take is measured in bench/ and not here.
settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")

NAMEABLE = 40
"""Bytes that are told apart at a glance."""


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name long bytes after their argument: a workbook holds the second of its making.

    As an id it would differ between two workers, and the run would not begin.
    """
    return argname if isinstance(val, bytes) and len(val) > NAMEABLE else None

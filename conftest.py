"""What holds for every test of this checkout, the plugins' as well."""

from hypothesis import HealthCheck, settings

# The machine may be busy: how long things take is measured in bench/ and not here.
settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")

"""Fixtures come from the `portal.testing` plugin; here is only what is ours."""

"""`python -m portal` is the `portal` command; the worker is started this way."""

from portal.cli import main

main()

"""The jobs of schemes: the effect of a version, and moving to it."""

from portal.schemes.comparison import compare
from portal.schemes.reevaluation import reevaluate

__all__ = ["compare", "reevaluate"]

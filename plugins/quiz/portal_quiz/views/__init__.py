"""The pages of a quiz beside its first."""

from portal_quiz.views import marking, papers, questions, results, sitting
from portal_quiz.views.blueprint import blueprint

__all__ = ["blueprint", "marking", "papers", "questions", "results", "sitting"]

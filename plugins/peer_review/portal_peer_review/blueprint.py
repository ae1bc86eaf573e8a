"""The pages inside an activity: those of reviewers and those of the leader."""

from flask import Blueprint

pages = Blueprint("pages", __name__)

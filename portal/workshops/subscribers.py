"""What workshops do when something happens in a feature below."""

from portal.roster.newcomers import on_newcomers
from portal.workshops.enrolment_rules import enrol_newcomers

on_newcomers(enrol_newcomers)

"""The contract between the core and an activity type (architecture §6).

Everything here is pure: values, references, the abstract type and the shapes of what
the core hands to it. Plugins import all of it from `portal.api`.
"""

from portal.activity.context import ActivityContext
from portal.activity.forms import (
    HandInSettingsForm,
    SettingsForm,
    TextForm,
    altered,
)
from portal.activity.jobs import Job, JobContext
from portal.activity.kinds import (
    COMMON_MEASURES,
    ActivityType,
    is_plugin_name,
    problems,
)
from portal.activity.people import OrganisationRef, PersonRef, Profile
from portal.activity.places import Fragment, PageContext, Place
from portal.activity.references import (
    ActivityRef,
    AssignedWork,
    AssignmentRef,
    Attachment,
    Dates,
    SubmissionRef,
    WorkshopRef,
)
from portal.activity.rubrics import Criterion, Level, RubricRef, rubric_ref
from portal.activity.rules import CountsFrom, SubmissionRules
from portal.activity.samples import Sample, SampleKind, Scenario
from portal.activity.values import (
    Answer,
    Decision,
    Evidence,
    FileRef,
    Grade,
    HandIn,
    Json,
    Mark,
    Measure,
    Measures,
    Purpose,
    Settings,
    Slot,
    Span,
    SubmissionState,
    Timing,
    Words,
)

__all__ = [
    "COMMON_MEASURES",
    "ActivityContext",
    "ActivityRef",
    "ActivityType",
    "Answer",
    "AssignedWork",
    "AssignmentRef",
    "Attachment",
    "CountsFrom",
    "Criterion",
    "Dates",
    "Decision",
    "Evidence",
    "FileRef",
    "Fragment",
    "Grade",
    "HandIn",
    "HandInSettingsForm",
    "Job",
    "JobContext",
    "Json",
    "Level",
    "Mark",
    "Measure",
    "Measures",
    "OrganisationRef",
    "PageContext",
    "PersonRef",
    "Place",
    "Profile",
    "Purpose",
    "RubricRef",
    "Sample",
    "SampleKind",
    "Scenario",
    "Settings",
    "SettingsForm",
    "Slot",
    "Span",
    "SubmissionRef",
    "SubmissionRules",
    "SubmissionState",
    "TextForm",
    "Timing",
    "Words",
    "WorkshopRef",
    "altered",
    "is_plugin_name",
    "problems",
    "rubric_ref",
]

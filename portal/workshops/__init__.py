"""Projects, workshops, stages, groups, enrolment and activities."""

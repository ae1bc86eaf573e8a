"""The demonstration county 清溪县: its people, their texts, and six weeks of work.

Everything here is invented and deterministic: whatever is drawn comes from a
``random.Random`` with a seed, so the same seed makes the same county. Texts are content
that the county's people would have written, so they are Chinese only and not
translated.

Most modules are pure and know no database. `load` begins what does: `settling` makes
the county, `opening` its workshops, `acting`, `absences` and `bulletins` let its people
act through the services that the pages use, at the moments that `stories` tells of.
"""

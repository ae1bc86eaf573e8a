"""The texts and people of the demonstration county 清溪县.

Everything here is invented, pure and deterministic: every function takes the
``random.Random`` it draws from, so the same seed makes the same county. Nothing in this
package knows the database. The texts are content that the county's people would have
written, so they are Chinese only and not translated.
"""

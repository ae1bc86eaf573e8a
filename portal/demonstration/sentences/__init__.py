"""Sentence patterns of a teaching journal, by their place in the text.

A pattern is written in the small notation of ``portal.demonstration.phrasing``.
"""

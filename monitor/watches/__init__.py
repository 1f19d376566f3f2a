"""Watches: the rule language, the folding of text, and the matching of one article against all watches at once.

Read in this order: :mod:`text` (words and their spellings), :mod:`terms` (what a term asks for), :mod:`tokens` and
:mod:`grammar` (queries), :mod:`nodes` (what can hold), :mod:`document` (one article ready for questions),
:mod:`matcher`.
"""

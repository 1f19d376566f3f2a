"""One event, one story: the rules by which an article is recognised as the same item, article, copy or story.

Everything here is pure: the pipeline (:mod:`monitor.pipeline.place`) looks up candidates and records verdicts.
"""

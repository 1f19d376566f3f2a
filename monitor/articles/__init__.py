"""From the bytes of a stranger's page to one frozen Article.

:mod:`monitor.articles.extract` is the way in. Everything else runs in a worker process that may be killed.
"""

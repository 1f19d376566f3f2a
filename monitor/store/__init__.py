"""All the SQL: one module per aggregate, transactions, schema and migrations.

Functions take a ``Database`` as their first argument and never begin or commit: the pipeline does, through
:meth:`monitor.store.database.Store.transaction`, so that a step records everything it decided or nothing.
"""

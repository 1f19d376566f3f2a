"""THE LINE: poll, ingest, deliver, digest, tidy; each step reads, gathers, decides and records.

Two properties are sacred: a step's argument is a key, never an object, and a step records in one transaction.
"""

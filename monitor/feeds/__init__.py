"""Feeds: reading their documents, telling what is new in them, and deciding when to come back. No network, no store."""

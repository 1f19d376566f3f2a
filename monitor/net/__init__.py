"""Outgoing HTTP: a client that is polite to servers, safe from them, and never surprised by them."""

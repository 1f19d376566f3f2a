"""The nouns: frozen values that every room shares, and the closed lists of outcomes.

Nothing here does I/O, reads a clock or imports another room. Times are aware UTC datetimes.
"""

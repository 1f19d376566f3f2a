"""Processes that can be killed: the only place where a stranger's bytes meet a parser."""

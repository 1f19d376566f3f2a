"""The command line: one command a file; each parses, calls the rooms, prints and sets the exit code.

Exit codes: 0 fine, 1 the thing asked for failed, 2 usage or configuration.
"""

from __future__ import annotations

from monitor.cli.main import main

__all__ = ["main"]

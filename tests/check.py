"""The one check: format, lint, types, import contracts, tests. CI and developers run exactly this.

    .venv/bin/python tests/check.py            # everything, as in CI
    .venv/bin/python tests/check.py -k config  # further arguments go to pytest

Every step runs even if an earlier one failed; the tests come last, so that their closing line is the last thing to
read. The exit code is 0 only when all passed.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = Path(sysconfig.get_path("scripts"))


def steps(pytest_arguments: list[str]) -> dict[str, list[str]]:
    """The commands by name, in order."""
    ruff, python = str(SCRIPTS / "ruff"), sys.executable
    return {
        "format": [ruff, "format", "--check", "."],
        "lint": [ruff, "check", "."],
        "types": [python, "-m", "mypy"],
        "imports": [str(SCRIPTS / "lint-imports")],
        "tests": [python, "-m", "pytest", "-q", "-n", "2", *pytest_arguments],
    }


def main(arguments: list[str]) -> int:
    """Run the steps, name those that failed, exit 1 if any did."""
    failed = []
    for name, command in steps(arguments).items():
        if name == "tests" and failed:
            print(f"✗ failed so far: {', '.join(failed)} (see above)", flush=True)
        print(f"── {name}", flush=True)
        start = time.monotonic()
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        if code:
            failed.append(name)
        if name != "tests":
            print(f"{'✗' if code else '✓'} {name} ({time.monotonic() - start:.1f} s)", flush=True)
    if failed:
        print(f"✗ failed: {', '.join(failed)}", file=sys.stderr, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

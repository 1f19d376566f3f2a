"""What is shipped: pins, files in the wheel, the container recipe, the one check."""

from __future__ import annotations

import re
import runpy
import shlex
import tomllib
from email.message import Message
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONSTRAINTS = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
PINS = {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in CONSTRAINTS)}
EXTRAS = PROJECT["project"]["optional-dependencies"]
DIRECT = [Requirement(text) for text in (*PROJECT["project"]["dependencies"], *EXTRAS["stem"], *EXTRAS["dev"])]


def needed() -> dict[str, Distribution]:
    """Everything installed that the project needs, direct or not."""
    found: dict[str, Distribution] = {}
    waiting = [*DIRECT]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        found[name] = distribution(name)
        waiting += [Requirement(text) for text in found[name].requires or []]
    return found


def test_every_package_is_pinned_at_a_version_that_the_project_allows() -> None:
    for requirement in DIRECT:
        assert requirement.specifier.contains(PINS[canonicalize_name(requirement.name)]), requirement


def test_every_package_that_those_need_is_pinned() -> None:
    assert set(needed()) - {"pip"} <= set(PINS)  # pip itself is the machine's


def test_the_pins_name_no_place_to_download_from() -> None:
    for line in CONSTRAINTS:
        assert re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][0-9A-Za-z.+!-]*", line), line


def test_what_is_imported_directly_is_declared() -> None:
    declared = {canonicalize_name(requirement.name) for requirement in DIRECT}
    text = (ROOT / "docs/dependencies.md").read_text("utf-8")
    for requirement in (Requirement(text) for text in PROJECT["project"]["dependencies"]):
        assert f"| {requirement.name} |" in text, f"docs/dependencies.md does not explain {requirement.name}"
    assert "lxml-html-clean" in declared, "pip 23.2 does not find it through lxml[html_clean]"


def test_the_wheel_takes_in_files_that_exist() -> None:
    for source in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]:
        assert (ROOT / source).exists(), source
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")


def test_the_installed_project_says_what_it_is() -> None:
    metadata = distribution("newsmonitor").metadata
    assert isinstance(metadata, Message)
    assert (metadata["License-Expression"], metadata["Requires-Python"]) == ("Apache-2.0", ">=3.11")


TEST_LINE = (
    "python3 -m venv .venv && .venv/bin/pip install --quiet -c constraints.txt -e '.[dev]' "
    "&& .venv/bin/python tests/check.py"
)


def test_ci_runs_exactly_the_test_line_of_the_readme() -> None:
    script = (ROOT / ".ci/run").read_text("utf-8").splitlines()
    assert script[-1] == TEST_LINE
    assert TEST_LINE in (ROOT / "README.md").read_text("utf-8")


# ---- The container recipe; there may be no container engine at hand, so it is read ----------------------------------


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text("utf-8"))
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word.upper(), rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def stage(number: int) -> list[tuple[str, str]]:
    starts = [index for index, (word, _) in enumerate(instructions()) if word == "FROM"]
    return instructions()[starts[number] : [*starts, None][number + 1]]


def test_the_image_is_built_in_two_stages_from_one_base() -> None:
    bases = [rest.split()[0] for word, rest in instructions() if word == "FROM"]
    assert len(bases) == 2
    assert bases[0] == bases[1]
    assert re.fullmatch(r"python:3\.\d+-slim-\w+", bases[0])


def test_the_image_runs_as_nobody_in_particular_with_one_volume_and_a_probe() -> None:
    last = dict(stage(1))
    user, group = last["USER"].split(":")
    assert int(user) > 0
    assert int(group) > 0
    assert last["VOLUME"] == '["/data"]'
    assert last["WORKDIR"] == "/data"
    assert 'CMD ["monitor", "health"]' in last["HEALTHCHECK"]
    assert (last["ENTRYPOINT"], last["CMD"]) == ('["monitor"]', '["run"]')


def test_the_build_takes_what_the_context_lets_through() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    copied = {name for word, rest in stage(0) if word == "COPY" for name in shlex.split(rest)[:-1]}
    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)


def test_the_build_installs_the_pinned_versions() -> None:
    runs = [rest for word, rest in stage(0) if word == "RUN"]
    assert any("pip install" in run and "-c constraints.txt" in run for run in runs)


@pytest.mark.parametrize("option", ["NoNewPrivileges=yes", "ProtectSystem=strict", "Type=notify", "WatchdogSec=120"])
def test_the_systemd_unit_is_confined_and_watched(option: str) -> None:
    assert option in (ROOT / "docs/newsmonitor.service").read_text("utf-8").splitlines()


# ---- The one check ---------------------------------------------------------------------------------------------------


def test_the_check_runs_every_tool_and_the_tests_last() -> None:
    check = runpy.run_path(str(ROOT / "tests/check.py"))
    steps = check["steps"](["-k", "config"])
    assert list(steps) == ["format", "lint", "types", "imports", "tests"]
    assert steps["tests"][-2:] == ["-k", "config"]
    assert all(Path(command[0]).exists() for command in steps.values())

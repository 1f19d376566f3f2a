"""``[websub]``: where hubs reach us, and where we listen."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config.load import examine
from monitor.config.values import MistakeError, listen_address
from monitor.model.settings import WebSub


def test_the_table_is_read_and_without_it_there_is_none(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("")
    assert examine(file, {}).settings.websub is None
    file.write_text('[websub]\ncallback = "https://monitor.example/websub"\nlisten = "[::1]:99"\n')
    assert examine(file, {}).settings.websub == WebSub(callback="https://monitor.example/websub", listen=("::1", 99))


def test_a_callback_is_required(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[websub]\nlisten = "127.0.0.1:99"\n')
    assert any("callback" in fault.message for fault in examine(file, {}).errors)


@pytest.mark.parametrize(
    "value", ["", "8770", ":8770", "127.0.0.1", "127.0.0.1:", "a b:1", "h:0", "h:65536", "h:٣", 8770]
)
def test_what_is_no_address_to_listen_on_is_said_to_be_none(value: object) -> None:
    with pytest.raises(MistakeError):
        listen_address(value)

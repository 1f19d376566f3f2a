"""``[http]``: a port for probes, none by default."""

from pathlib import Path

from monitor.config.load import examine


def test_the_port_for_probes_is_closed_unless_it_is_named(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("")
    assert examine(file, {}).settings.http_listen is None
    file.write_text('[http]\nlisten = "127.0.0.1:9464"\n')
    assert examine(file, {}).settings.http_listen == ("127.0.0.1", 9464)
    file.write_text("[http]\n")
    assert "listen" in str(examine(file, {}).errors)

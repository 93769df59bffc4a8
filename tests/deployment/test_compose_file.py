"""docker-compose.yml keeps what docs/deployment.md promises; no container engine is needed to see it."""

import re
from typing import Any

import pytest
import yaml

from adapters.duckdb.limits import PREFIX
from entrypoints.bootstrap.settings import load
from tests.support.source_tree import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONCE = {"secrets", "migrate", "mongodb-init"}
SCALED = {"api", "worker"}

SECRETS = {
    "DRIFTLINE_POSTGRES_DSN_FILE": "postgresql://driftline:x@postgres:5432/driftline",
    "DRIFTLINE_MONGO_URI_FILE": "mongodb://driftline:x@mongodb:27017/driftline?replicaSet=rs0&authSource=admin",
    "DRIFTLINE_REDIS_URL_FILE": "redis://:x@redis:6379/0",
}

every_service = pytest.mark.parametrize("name", SERVICES)


def test_web_alone_can_be_reached_from_outside_and_at_first_from_this_machine_only() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"web": ["${WEB_ADDRESS:-127.0.0.1}:${WEB_PORT:-3000}:8080"]}
    assert COMPOSE["networks"]["back"] == {"internal": True}


@every_service
def test_a_service_is_limited_and_may_do_nothing_it_needs_not(name: str) -> None:
    service = SERVICES[name]
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service.get("privileged")
    assert service["user"] != "0:0" or (name, service["network_mode"]) == ("secrets", "none")


@every_service
def test_a_service_shows_its_health_or_ends(name: str) -> None:
    service = SERVICES[name]
    if name in ONCE:
        assert service["restart"] == "no"
    else:
        assert service["healthcheck"]["test"]
        assert service["restart"] == "unless-stopped"


@every_service
def test_a_service_waits_until_what_it_needs_is_well(name: str) -> None:
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        expected = "service_completed_successfully" if needed in ONCE else "service_healthy"
        assert how == {"condition": expected}


@every_service
def test_an_image_is_pinned_or_built_here(name: str) -> None:
    image = SERVICES[name]["image"]
    default = re.fullmatch(r"\$\{[A-Z_]+:-(.+)\}", image)
    assert default, "an image must be replaceable by a mirror or a digest"
    ours = default[1].startswith("driftline-")
    assert ours or re.search(r":\d+\.\d+[.\d]*(-[a-z]+)?$", default[1]), default[1]


def test_no_secret_stands_in_the_file() -> None:
    named = [
        f"{name}: {variable}"
        for name, service in SERVICES.items()
        for variable in service.get("environment", {})
        if re.search(r"SECRET|PASSWORD|KEY|DSN|URI|REDIS_URL|CREDENTIALS", variable) and not variable.endswith("_FILE")
    ]
    assert named == []
    for path in re.findall(r"_FILE: (\S+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")):
        assert path.startswith("/run/secrets/")


def test_what_is_scaled_has_no_name_and_no_port_of_its_own() -> None:
    for name in SCALED:
        assert {"container_name", "ports", "hostname"} & set(SERVICES[name]) == set()


@pytest.mark.parametrize("name", ["api", "worker", "migrate"])
def test_the_product_takes_the_settings_it_is_given(name: str) -> None:
    given = {key: str(value) for key, value in SERVICES[name]["environment"].items() if key.startswith(PREFIX)}
    secrets = {key: SECRETS.get(key, "0123456789" * 4) for key in given if key.endswith("_FILE")}
    plain = {key: value for key, value in given.items() if key not in secrets}
    settings = load(plain | {key.removesuffix("_FILE"): value for key, value in secrets.items()}, dotenv=None)
    assert settings.profile == "cloud"


def test_a_stop_waits_longer_than_the_processes_do() -> None:
    from entrypoints.http.serve import GRACE_SECONDS  # noqa: PLC0415 - loads the server, for this test alone
    from entrypoints.worker.loop import PATIENCE_SECONDS  # noqa: PLC0415 - as above

    drain = int(SERVICES["api"]["environment"].get("DRIFTLINE_DRAIN_SECONDS", 0))
    assert int(SERVICES["api"]["stop_grace_period"].removesuffix("s")) > GRACE_SECONDS + drain
    assert int(SERVICES["worker"]["stop_grace_period"].removesuffix("s")) > PATIENCE_SECONDS

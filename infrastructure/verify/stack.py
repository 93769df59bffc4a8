"""The services of docker-compose.yml, as a project of their own beside any that runs already."""

import json
import os
import signal
import subprocess
import time
from typing import Any, Final

import httpx

from infrastructure.toolchain import ROOT
from infrastructure.verify.traffic import VerificationError, expect

PROJECT: Final = "driftline-verify"
PORT: Final = 3900
URL: Final = f"http://127.0.0.1:{PORT}"
SCALE: Final = ("--scale", "api=3", "--scale", "worker=2")


class Stack:
    """Runs docker compose."""

    def __init__(self, images: dict[str, str]) -> None:
        # Readers come from one address here: more than Nginx otherwise lets one visitor have.
        settings = {"WEB_PORT": str(PORT), "WEB_REQUESTS_PER_SECOND": "2000", "WEB_SIGN_INS_PER_SECOND": "50"}
        self._environment = {**os.environ, "COMPOSE_PROJECT_NAME": PROJECT, **images, **settings}

    def build(self) -> None:
        """Build our own images."""
        self.run("docker", "compose", "build", "--quiet")

    def up(self) -> float:
        """Start everything; return the seconds it took until all was healthy."""
        begun = time.monotonic()
        self.run("docker", "compose", "up", "--detach", "--no-build", "--wait", *SCALE)
        return time.monotonic() - begun

    def down(self) -> None:
        """Remove containers, networks and volumes."""
        self.run("docker", "compose", "down", "--volumes", "--timeout", "5")

    def run(self, *command: str) -> str:
        """Run a command in the project; return what it printed. Raises VerificationError if it fails."""
        done = subprocess.run(
            command, cwd=ROOT, env=self._environment, capture_output=True, text=True, check=False
        )  # fmt: skip
        if done.returncode != 0:
            raise VerificationError(f"{' '.join(command)}:\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}")
        return done.stdout

    def containers(self, service: str) -> list[dict[str, Any]]:
        """What Docker knows of a service's containers."""
        ids = self.run("docker", "compose", "ps", "--quiet", service).split()
        listed: list[dict[str, Any]] = json.loads(self.run("docker", "inspect", *ids))
        return listed

    def lose(self, service: str) -> str:
        """Kill the process of one container as a crash would; Docker starts it again. Returns its name."""
        container = self.containers(service)[0]
        os.kill(container["State"]["Pid"], signal.SIGKILL)
        return str(container["Name"].lstrip("/"))

    def wait_until_ready(self, patience: float = 180) -> float:
        """Wait until every dependency answers; return the seconds it took."""
        begun = time.monotonic()
        while time.monotonic() - begun < patience:
            try:
                if httpx.get(f"{URL}/api/health/ready", timeout=10).is_success:
                    return time.monotonic() - begun
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
        raise VerificationError(f"not ready within {patience:g} s")

    def check_containers(self) -> str:
        """No process is root, nothing but a temporary folder and volumes can be written, web alone is published."""
        running = self.run("docker", "compose", "ps", "--quiet").split()
        published = []
        for container in json.loads(self.run("docker", "inspect", *running)):
            name, host = container["Name"], container["HostConfig"]
            expect(container["Config"]["User"].split(":")[0] not in {"", "0", "root"}, f"{name} runs as root")
            expect(host["ReadonlyRootfs"] and host["Memory"] and host["PidsLimit"], f"{name} is not limited")
            expect("ALL" in host["CapDrop"], f"{name} has capabilities")
            published += [f"{name}: {port}" for port, at in container["NetworkSettings"]["Ports"].items() if at]
        expect(len(published) == 1 and "web" in published[0], f"published: {published}")
        return f"{len(running)} containers, none root, all read-only and limited; published: {published[0]}"

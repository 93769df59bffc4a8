"""What is imported is ours, does nothing by being imported, and does not drag in what is not used."""

import importlib.util
import json
import subprocess
import sys

import pytest

from tests.support.source_tree import PACKAGES, ROOT, module_name, python_files

# Runs in a fresh interpreter: imports every module under an audit hook and prints what tried to act on the world.
WATCH = """
import importlib, json, os, sys, threading
acts, importing = [], ["?"]
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
ACTS = ("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.fork", "os.mkdir",
        "os.remove", "os.rename", "os.rmdir", "os.putenv", "os.chdir", "shutil.", "tempfile.mk", "sqlite3.connect",
        "_thread.start_new_thread")
def ours():  # what numpy or DuckDB do when they are imported is not for us to say
    frame = sys._getframe(2)
    while frame and not frame.f_code.co_filename.startswith(os.getcwd()):
        frame = frame.f_back
    return frame is not None and "site-packages" not in frame.f_code.co_filename
def hook(event, args):
    writes = event == "open" and isinstance(args[2], int) and args[2] & WRITES and "__pycache__" not in str(args[0])
    if (writes or event.startswith(ACTS)) and ours():
        acts.append(f"importing {importing[0]}: {event} {args[:1]}")
sys.dont_write_bytecode = True
sys.addaudithook(hook)
for name in json.loads(sys.argv[1]):
    importing[0] = name
    importlib.import_module(name)
acts += [f"left a thread: {t.name}" for t in threading.enumerate() if t is not threading.main_thread()]
print(json.dumps(acts))
"""

# Runs in a fresh interpreter in which the cloud's drivers cannot be imported.
WITHOUT_CLOUD = """
import importlib, json, sys
CLOUD = {"pymongo", "bson", "asyncpg", "redis", "aioboto3", "aiobotocore", "boto3", "botocore"}
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in CLOUD:
            raise ImportError(f"the embedded profile imports {name}")
sys.meta_path.insert(0, Refuse())
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
"""


def _python(program: str, modules: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program, json.dumps(modules)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("package", PACKAGES)
def test_package_is_ours_and_not_its_namesake_on_pypi(package: str) -> None:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin == str(ROOT / package / "__init__.py")


def test_importing_any_module_does_nothing() -> None:
    done = _python(WATCH, [module_name(path) for path in python_files(*PACKAGES)])
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []


def test_embedded_profile_needs_no_driver_of_the_cloud() -> None:
    done = _python(WITHOUT_CLOUD, ["entrypoints.cli", "entrypoints.bootstrap.embedded", "entrypoints.http.app"])
    assert done.returncode == 0, done.stderr

"""Locked packages come from the public registries and nowhere else, and the locks say what the projects ask for.

Reads uv.lock and package-lock.json; changes neither.
"""

import json
import re
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = {"pypi.org", "files.pythonhosted.org"}


def _canonical(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name.group()).lower()


def test_uv_lock_names_no_other_host() -> None:
    urls = re.findall(r'https?://[^"\s]+', (ROOT / "uv.lock").read_text())
    hosts = {urlsplit(url).hostname for url in urls}
    assert hosts <= PUBLIC, f"uv.lock names {hosts - PUBLIC}: run make lock with no index variable set."


def test_uv_lock_holds_a_hash_for_every_file() -> None:
    files = re.findall(r"\{ url = .*", (ROOT / "uv.lock").read_text())
    assert files
    assert [line for line in files if 'hash = "sha256:' not in line] == []


def test_uv_lock_holds_every_package_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = list(project["project"]["dependencies"])
    asked += [one for extra in project["project"]["optional-dependencies"].values() for one in extra]
    asked += [one for group in project["dependency-groups"].values() for one in group if isinstance(one, str)]
    locked = {package["name"] for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}
    missing = {_canonical(one) for one in asked} - locked
    assert missing == set(), f"pyproject.toml asks for {missing}, which uv.lock does not hold: run make lock."


def test_package_lock_names_no_host_and_holds_a_hash_for_every_package() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    third_party = {name: facts for name, facts in packages.items() if name}
    assert third_party
    assert [name for name, facts in third_party.items() if "resolved" in facts] == []
    assert [name for name, facts in third_party.items() if not facts.get("integrity", "").startswith("sha512-")] == []


def test_package_lock_holds_what_package_json_asks_for() -> None:
    asked = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert packages[""]["devDependencies"] == asked
    assert {name: packages[f"node_modules/{name}"]["version"] for name in asked} == asked

"""`rules/` is found in a checkout, an installed wheel and an unpacked single-file build alike."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from opendata_check import resources
from opendata_check.errors import RulesError

ROOT = Path(__file__).resolve().parents[1]
ASK = "from opendata_check import resources; print(resources.rules_folder())"


def test_a_checkout_uses_its_own_rules() -> None:
    assert resources.rules_folder() == ROOT / "rules"


def test_a_wheel_carries_rules_and_data_inside_the_package(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    build = f"from hatchling.build import build_wheel; print(build_wheel({str(tmp_path)!r}))"
    subprocess.run([sys.executable, "-c", build], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    place = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    out = subprocess.run(
        [sys.executable, "-c", ASK], cwd=tmp_path, env=_env(place), check=True, capture_output=True, text=True
    )
    assert Path(out.stdout.strip()) == place / "opendata_check" / "rules"
    run = [sys.executable, "-m", "opendata_check", "scope", "54395", "--on", "2026-06-01"]
    answer = subprocess.run(run, cwd=tmp_path, env=_env(place), capture_output=True, encoding="utf-8")
    assert answer.returncode == 0, answer.stderr
    assert "Nancy" in answer.stdout


def test_a_single_file_build_finds_what_it_unpacked(tmp_path: Path) -> None:
    """PyInstaller puts modules in an archive and data under sys._MEIPASS."""
    package = tmp_path / "code" / "opendata_check"
    package.mkdir(parents=True)
    for name in ("__init__.py", "errors.py", "kept.py", "resources.py"):
        shutil.copy(ROOT / "opendata_check" / name, package / name)
    shutil.copytree(ROOT / "rules", tmp_path / "unpacked" / "rules")
    code = f"import sys; sys._MEIPASS = {str(tmp_path / 'unpacked')!r}; {ASK}"
    out = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=_env(tmp_path / "code"),
        check=True,
        capture_output=True,
        text=True,
    )
    assert Path(out.stdout.strip()) == tmp_path / "unpacked" / "rules"


def _env(place: Path) -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(place), "PYTHONSAFEPATH": "1", "PYTHONIOENCODING": "utf-8"}


def test_a_missing_data_file_is_said() -> None:
    with pytest.raises(RulesError, match="réinstallez"):
        resources.data_file("territory", "rien.bin")


def test_broken_rules_name_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a: 1\nb: [\n", encoding="utf-8")
    with pytest.raises(RulesError, match="ligne"):
        resources.load_yaml(path)
    with pytest.raises(RulesError):
        resources.load_yaml(tmp_path / "rien.yaml")


def test_a_key_given_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a: 1\nb: {c: 1, c: 2}\n", encoding="utf-8")
    with pytest.raises(RulesError, match="ligne 2"):
        resources.load_yaml(path)


def test_rules_read_the_same_without_the_c_loader() -> None:
    """Some installations of PyYAML lack libyaml, and its own parser is stricter."""
    import yaml

    files = [*(ROOT / "rules").rglob("*.yaml"), *(ROOT / "opendata_check").rglob("*.yaml")]
    assert len(files) > 40
    for path in files:
        assert yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader) == resources.load_yaml(path), path


@pytest.mark.parametrize(
    "text",
    ["!!python/object/apply:os.system ['true']", "!!str {a: b}", "!!map [a]", "!!seq x", "? [a, b]\n: c", "&a [*a]"],
)
def test_yaml_that_is_no_plain_data_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RulesError):
        resources.load_yaml(path)


@pytest.mark.parametrize(
    "text", ["a: '1'\nb: 2016-10-09\nc: [1, 2.5, true, ~, '']\nd: 0o7\ne:\n", "- =x\n- 'y'\n- !!str 3\n"]
)
def test_scalars_are_what_yaml_says(text: str, tmp_path: Path) -> None:
    import yaml

    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    assert resources.load_yaml(path) == yaml.safe_load(text)


@pytest.mark.parametrize("opening", ["[", "- ", "{a: ", "? "])
def test_a_tree_too_deep_is_refused_before_it_is_built(opening: str, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(opening * 60_000, encoding="utf-8")
    with pytest.raises(RulesError, match=r"étages|trop gros"):
        resources.refuse_hostile_yaml(path)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="pas de /dev/zero ici")
def test_a_device_behind_a_link_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.symlink_to("/dev/zero")
    resources.refuse_hostile_yaml(path)
    with pytest.raises(RulesError, match="lu"):
        resources.load_yaml(path)

"""What is built from the project: the wheel is complete, and an editable install holds no copies."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.meta.package_code import PACKAGE, ROOT

SHIPPED = ("grammars", "ontologies", "rulesets")
BUILD = "import sys; from hatchling.build import build_{kind} as build; print(build(sys.argv[1]))"


def built(kind: str, folder: Path) -> Path:
    """The file that the build backend makes, `wheel` or `editable`."""
    command = [sys.executable, "-c", BUILD.format(kind=kind), str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return folder / done.stdout.split()[-1]


def files_in(wheel: Path) -> set[str]:
    with ZipFile(wheel) as opened:
        return set(opened.namelist())


def source_files(folder: Path) -> set[str]:
    """The files of a folder of the checkout, compiled ones aside."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("wheel", tmp_path_factory.mktemp("wheel"))


def test_the_wheel_carries_every_file_of_the_package(wheel: Path) -> None:
    expected = {f"neurosym/{name}" for name in source_files(PACKAGE)}
    assert {"neurosym/py.typed", "neurosym/text/pages/NS100.md"} <= expected <= files_in(wheel)


@pytest.mark.parametrize("folder", SHIPPED)
def test_the_wheel_carries_the_shipped_folder_inside_the_package(wheel: Path, folder: str) -> None:
    prefix = f"neurosym/_shipped/{folder}/"
    carried = {name.removeprefix(prefix) for name in files_in(wheel) if name.startswith(prefix)}
    assert carried == source_files(ROOT / folder)


def test_the_wheel_puts_nothing_beside_the_package(wheel: Path) -> None:
    assert {name.partition("/")[0].partition("-")[0] for name in files_in(wheel)} == {"neurosym"}


def test_an_editable_install_holds_no_copies(tmp_path: Path) -> None:
    assert not {name for name in files_in(built("editable", tmp_path)) if name.startswith("neurosym/")}


@pytest.mark.slow
def test_the_wheel_runs_the_demo_in_a_clean_environment(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "clean", with_pip=True, clear=True)
    programs = tmp_path / "clean" / ("Scripts" if os.name == "nt" else "bin")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "OPENAI", "VIRTUAL"))}
    install = [str(programs / "python"), "-m", "pip", "install", "--quiet", str(wheel)]
    subprocess.run(install, env=kept, cwd=tmp_path, check=True, capture_output=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    demo = subprocess.run(
        [str(programs / "neurosym"), "demo"], env=kept, cwd=elsewhere, capture_output=True, text=True, check=False
    )
    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert "60 of 60 decisions give the same bytes" in demo.stdout
    assert not list(elsewhere.iterdir())

"""The shipped folders are found wherever the package was put: wheel, sdist, editable install, bare checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from casewright import paths

ROOT = Path(__file__).resolve().parents[2]
PARTS = (
    "framework/casewright",
    "definitions",
    "schemas",
    "cli.py",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
)
ASK = "from casewright import paths; print(paths.definitions()); print(paths.schemas())"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the repository ships, so that building leaves nothing behind in it."""
    copy = tmp_path_factory.mktemp("checkout")
    for part in PARTS:
        source, target = ROOT / part, copy / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    return copy


def build(hook: str, source: Path, into: Path) -> Path:
    """What one PEP 517 hook of the build backend makes of `source`; nothing is fetched."""
    into.mkdir(parents=True, exist_ok=True)
    code = f"import hatchling.build as backend; print(backend.{hook}({str(into)!r}))"
    return into / run([sys.executable, "-c", code], source).splitlines()[-1]


def install(distribution: Path, into: Path) -> None:
    """Unpack `distribution`, a wheel, an sdist or a folder, into `into` as pip does it, without dependencies."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps", "--no-index"]
    run([*pip, "--no-build-isolation", "--target", str(into), str(distribution)], into.parent)


def shipped(at: Path, *path: Path) -> list[Path]:
    """The folders that `casewright.paths` finds when `path` is where to import from and `at` is at hand.

    `-S` keeps the environment's own site-packages, and with it any install of the package under test, out of reach.
    """
    code = f"import sys; sys.path[:0] = {[str(entry) for entry in path]!r}; {ASK}"
    return [Path(line) for line in run([sys.executable, "-S", "-E", "-c", code], at).splitlines()]


def run(command: list[str], at: Path) -> str:
    """The standard output of `command`, which has to succeed."""
    done = subprocess.run(command, cwd=at, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def same_content(found: Path, original: Path) -> bool:
    """Whether both folders hold the same files with the same bytes, and at least one."""
    listed = {file.relative_to(original): file.read_bytes() for file in original.rglob("*") if file.is_file()}
    return bool(listed) and listed == {
        file.relative_to(found): file.read_bytes() for file in found.rglob("*") if file.is_file()
    }


def test_a_wheel_carries_and_finds_them(checkout: Path, tmp_path: Path) -> None:
    install(build("build_wheel", checkout, tmp_path / "dist"), tmp_path / "site")
    definitions, schemas = shipped(tmp_path, tmp_path / "site")
    assert definitions == tmp_path / "site/casewright/_data/definitions"
    assert same_content(definitions, ROOT / "definitions")
    assert same_content(schemas, ROOT / "schemas")


def test_an_sdist_carries_and_finds_them(checkout: Path, tmp_path: Path) -> None:
    install(build("build_sdist", checkout, tmp_path / "dist"), tmp_path / "site")
    definitions, schemas = shipped(tmp_path, tmp_path / "site")
    assert definitions == tmp_path / "site/casewright/_data/definitions"
    assert same_content(definitions, ROOT / "definitions")
    assert same_content(schemas, ROOT / "schemas")


def test_an_editable_install_finds_the_checkout_and_copies_nothing(checkout: Path, tmp_path: Path) -> None:
    wheel = build("build_editable", checkout, tmp_path / "dist")
    shutil.unpack_archive(wheel, tmp_path / "site", "zip")
    assert [pth.read_text().strip() for pth in (tmp_path / "site").glob("*.pth")] == [str(checkout / "framework")]
    assert not (tmp_path / "site/casewright").exists()
    assert shipped(tmp_path, checkout / "framework") == [checkout / "definitions", checkout / "schemas"]


def test_a_checkout_that_is_not_installed_finds_its_own() -> None:
    assert (paths.definitions(), paths.schemas()) == (ROOT / "definitions", ROOT / "schemas")


def test_a_missing_folder_is_named_with_the_places_that_were_looked_at(tmp_path: Path) -> None:
    package = tmp_path / "framework/casewright"
    package.mkdir(parents=True)
    shutil.copy(paths.__file__, package)
    for module in ("__init__.py", "errors.py", "values.py"):
        shutil.copy(Path(paths.__file__).with_name(module), package)
    code = f"import sys; sys.path.insert(0, {str(package.parent)!r}); from casewright import paths; paths.definitions()"
    done = subprocess.run([sys.executable, "-S", "-E", "-c", code], capture_output=True, text=True, check=False)
    said = done.stderr.splitlines()[-1]
    places = f"{package}/_data/definitions and {tmp_path}/definitions"
    assert said.endswith(
        f"the folder 'definitions' that ships with Casewright is missing; looked for {places}: install again"
    )


def test_the_door_of_a_checkout_runs_without_an_install(tmp_path: Path) -> None:
    libraries, door = sysconfig.get_path("purelib"), str(ROOT / "cli.py")
    code = f"import sys, runpy; sys.path.append({libraries!r}); sys.argv[1:] = ['--help']; "
    code += f"runpy.run_path({door!r}, run_name='__main__')"
    assert "validate" in run([sys.executable, "-S", "-E", "-c", code], tmp_path)


def test_the_door_says_in_one_line_what_to_run_where_a_library_is_missing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-E", str(ROOT / "cli.py"), "validate"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("casewright: '")
    assert line.endswith(f"is not installed; run: {sys.executable} -m pip install -r {ROOT / 'requirements.txt'}")


def test_python_dash_m_is_the_same_door() -> None:
    assert "validate" in run([sys.executable, "-m", "casewright", "--help"], ROOT / "framework")

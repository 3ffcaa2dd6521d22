"""The door for a checkout that is not installed: `python cli.py validate extensions/acme_bank`."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def missing(error: ImportError) -> str:
    """One line that says what is missing and what to run, where a library of ours cannot be imported."""
    requirements = ROOT / "requirements.txt"
    return f"casewright: '{error.name}' is not installed; run: {sys.executable} -m pip install -r {requirements}"


def run() -> None:
    """Run the command line on the package of this checkout."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is run, not installed, so nothing else has checked
        sys.exit(f"casewright: Python 3.11 or later is needed; this is {sys.version.split()[0]}")
    sys.path.insert(0, str(ROOT / "framework"))
    try:
        from casewright.cli import main
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "casewright":
            raise
        sys.exit(missing(error))
    main()


if __name__ == "__main__":
    run()

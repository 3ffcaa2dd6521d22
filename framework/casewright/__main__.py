"""`python -m casewright`: the same door as the console script."""

from __future__ import annotations

from casewright.cli import main

if __name__ == "__main__":
    main()

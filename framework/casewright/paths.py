"""Where the folders lie that ship with the package: the base layers and the published schemas."""

from __future__ import annotations

from pathlib import Path

from casewright.errors import ShippedFolderMissing

_PACKAGE = Path(__file__).resolve().parent


def definitions() -> Path:
    """The folder of the base layers: platform, crm, service and their kin. Raises ShippedFolderMissing."""
    return _shipped("definitions", _PACKAGE)


def schemas() -> Path:
    """The folder of the published JSON Schemas, one file a kind. Raises ShippedFolderMissing."""
    return _shipped("schemas", _PACKAGE)


def _shipped(name: str, package: Path) -> Path:
    places = (package / "_data" / name, _checkout(package) / name)  # a wheel's place, then a checkout's
    for place in places:
        if place.is_dir():
            return place
    raise ShippedFolderMissing(name, places)


def _checkout(package: Path) -> Path:
    """The repository root where `package` lies in one: the folder above `framework/`."""
    return package.parents[1]

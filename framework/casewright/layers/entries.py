"""What lies in the folder of a layer: the files that are read, and what their entries hold."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

LAYER_FILE = "layer.yaml"
READ_SUFFIXES = (".yaml", ".csv", ".yml")


def entries_below(folder: Path) -> Iterator[Path]:
    """The YAML and CSV entries of a layer in the order of their paths, without hidden folders and other layers."""
    for root, folders, names in os.walk(folder):
        shown = [one for one in folders if one[:1] != "." and not (Path(root, one) / LAYER_FILE).is_file()]
        odd = [one for one in shown if one.endswith(READ_SUFFIXES)]
        folders[:] = sorted(one for one in shown if one not in odd)
        for name in sorted([*names, *odd]):
            if name.endswith(READ_SUFFIXES) and name[:1] != ".":
                yield Path(root, name)


def content_of(path: Path) -> bytes | str:
    """What a file holds, or in words why it cannot be read. A pipe is never opened: it may wait for ever."""
    try:
        if path.is_file():
            return path.read_bytes()
        if path.is_dir():
            return "this is a folder, and its name is that of a file"
        return "this is a link to nothing" if path.is_symlink() else "this is no ordinary file"
    except OSError as wrong:
        return f"this file cannot be read: {wrong.strerror or wrong}"

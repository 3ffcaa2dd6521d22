"""`layer.lock`: the digests of a shipped layer's files, and what to say when one of them was edited.

Who ships a layer writes its lock; who builds on it may not edit what lies below, because the next release of that layer
would silently undo the edit. So an edited, added or missing file is a problem that names the `extend` to write instead.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from casewright.layers.entries import content_of
from casewright.values import Problem, Related, Span

LOCK_NAME = "layer.lock"
LOCKED_SUFFIXES = frozenset({".yaml", ".csv"})

_HEADER = "# casewright layer.lock 1: sha256, path, rule; written by `casewright layers --write-lock`, not by hand\n"
_HEAD = re.compile(rb"^\{?\s*(?:define|extend|variant|replace|withdraw|block):\s*[\"']?([\w/@.]+)", re.MULTILINE)
_LINE = re.compile(r"([0-9a-f]{64})  ([^\t]+)(?:\t(.+))?")


@dataclass(frozen=True, slots=True)
class LockedFile:
    """One line of a lock: a file's path inside the layer, its digest, the rule it holds (`""` for none), its line."""

    path: str
    digest: str
    rule: str
    line: int


def write_lock(layer_path: Path) -> Path:
    """Writes the `layer.lock` of the layer in `layer_path` from the files that lie there; gives its path."""
    lock = layer_path / LOCK_NAME
    lock.write_text(lock_text(layer_files(layer_path)), encoding="utf-8", newline="\n")
    return lock


def layer_files(layer_path: Path) -> dict[str, bytes]:
    """The content of every file that a lock covers, by its path inside the layer, in the order of the paths."""
    found = {}
    for root, folders, names in os.walk(layer_path):
        folders[:] = [
            one for one in folders if not one.startswith(".") and not (Path(root, one) / "layer.yaml").is_file()
        ]
        paths = (Path(root, name) for name in names)
        found.update({path.relative_to(layer_path).as_posix(): path for path in paths})
    contents = {name: content_of(found[name]) for name in sorted(found) if is_locked(name)}
    return {name: content for name, content in contents.items() if isinstance(content, bytes)}


def is_locked(relative_path: str) -> bool:
    """Says whether a lock covers the file: YAML and CSV, but nothing hidden."""
    path = Path(relative_path)
    return path.suffix in LOCKED_SUFFIXES and not any(part.startswith(".") for part in path.parts)


def lock_text(files: Mapping[str, bytes]) -> str:
    """The text of a lock over `files` (content by path inside the layer); equal files give equal text."""
    lines = []
    for path in sorted(files):
        rule = rule_in(path, files)
        lines.append(f"{file_digest(files[path])}  {path}" + (f"\t{rule}" if rule else "") + "\n")
    return _HEADER + "".join(lines)


def file_digest(content: bytes) -> str:
    """The sha256 of a file, the same whether a checkout ends its lines with LF or CRLF."""
    return sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def rule_in(path: str, files: Mapping[str, bytes]) -> str:
    """The rule (`KIND/ID` or `KIND/ID@VARIANT`) that a file holds; the rows of a rule are its rule's; `""` for none."""
    found = _HEAD.search(files.get(_rule_path(path), b""))
    return found.group(1).decode() if found else ""


def check_lock(layer_path: Path, files: Mapping[str, bytes], *, layer: str = "") -> tuple[Problem, ...]:
    """What differs between a layer's files and its `layer.lock`; nothing where the layer has no lock.

    `files` holds the content of every file read, by its path inside the layer; `layer` (`name@version`) goes into the
    places. Files that a lock does not cover may be among them.
    """
    lock = layer_path / LOCK_NAME
    if not lock.exists():
        return ()
    content = content_of(lock)
    place = Span(lock.as_posix(), 1, 1, layer)
    if isinstance(content, str):
        return (replace(_unreadable(place), message=content),)
    try:
        return compare_lock(content.decode("utf-8"), files, layer_path, layer=layer)
    except UnicodeDecodeError:
        return (replace(_unreadable(place), message="the lock is not UTF-8"),)


def compare_lock(text: str, files: Mapping[str, bytes], layer_path: Path, *, layer: str = "") -> tuple[Problem, ...]:
    """What differs between a lock's text and the files of the layer that it locks."""

    def place(path: str, line: int = 1) -> Span:
        return Span((layer_path / path).as_posix(), line, 1, layer)

    locked, problems = _read_lock(text, lambda line: place(LOCK_NAME, line))
    present = {path: content for path, content in files.items() if is_locked(path)}
    problems += [_edited(file, place) for file in locked.values() if _is_edited(file, present)]
    problems += [_missing(file, place) for file in locked.values() if file.path not in present]
    problems += [_added(path, files, place) for path in present if path not in locked]
    return tuple(sorted(problems))


_Place = Callable[..., Span]


def _read_lock(text: str, place: Callable[[int], Span]) -> tuple[dict[str, LockedFile], list[Problem]]:
    locked, problems = {}, []
    for number, line in _entries(text):
        if found := _LINE.fullmatch(line):
            digest, path, rule = found.groups()
            locked[path] = LockedFile(path, digest, rule or "", number)
        else:
            problems.append(_unreadable(place(number)))
    return locked, problems


def _entries(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, line


def _unreadable(span: Span) -> Problem:
    help = "take the file from the release again, or have the owner of the layer run `casewright layers --write-lock`"
    return Problem(span, "E353", "this line is not of a lock: a sha256, two spaces and a path are", help=help)


def _is_edited(file: LockedFile, present: Mapping[str, bytes]) -> bool:
    return file.path in present and file_digest(present[file.path]) != file.digest


def _edited(file: LockedFile, place: _Place) -> Problem:
    message = f"'{file.path}' was edited, and this layer is locked: its next release would undo the edit"
    related = (Related(place(LOCK_NAME, file.line), "its digest as shipped"),)
    return Problem(place(file.path), "E350", message, related, _advice("take the file back as shipped", file))


def _missing(file: LockedFile, place: _Place) -> Problem:
    message = f"'{file.path}' is missing, and this layer is locked: its next release would bring it back"
    related = (Related(place("layer.yaml"), "the layer that shipped it"),)
    rule = f"; to forbid the rule, write `block: {file.rule}` in a layer of yours"
    help = "put the file back as shipped" + (rule if file.rule else "")
    return Problem(place(LOCK_NAME, file.line), "E352", message, related, help)


def _added(path: str, files: Mapping[str, bytes], place: _Place) -> Problem:
    message = f"'{path}' is not of this layer as shipped, and the layer is locked: its next release may lose the file"
    related = (Related(place(LOCK_NAME), "the files that were shipped"),)
    return Problem(place(path), "E351", message, related, f"move the file to the same path in a layer of yours: {path}")


def _advice(first: str, file: LockedFile) -> str:
    if not file.rule:
        return f"{first}, and write the change into a layer of yours: {file.path}"
    return f"{first}, and write the change into a layer of yours, {_rule_path(file.path)}:\nextend: {file.rule}"


def _rule_path(path: str) -> str:
    """The file of the rule whose rows a CSV file holds; any other file is its own."""
    return path.removesuffix(".csv") + ".yaml" if path.endswith(".csv") else path

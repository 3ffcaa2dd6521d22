"""The release of unchanged layers, remembered between starts: nothing is read, resolved or checked again."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from zlib import crc32

from casewright.compiler.application import Application
from casewright.compiler.assembling import revive
from casewright.compiler.pipeline import compile_layer
from casewright.compiler.release import Release
from casewright.expressions import STANDARD
from casewright.layers.stack import contents_of
from casewright.rules.registry import Vocabulary, vocabulary
from casewright.source import collection_held
from casewright.values import VERSION

MARK = "casewright release 1"
"""How a file of ours begins; the number is that of its form."""


def open_application(
    path: Path,
    *,
    search: Sequence[Path] = (),
    shipped: Path | None = None,
    memory: Path | None = None,
    words: Vocabulary | None = None,
) -> Application:
    """The application of a layer: recalled from the folder `memory` where nothing has changed since, else compiled.

    What is remembered is the release, as text: trees, no code and no plans, which are made of them again. A file that
    is damaged, or cannot be written, only costs the time to compile. Raises errors.RulesRejected.
    """
    words = words or vocabulary()
    if memory is None:
        return compile_layer(path, search=search, shipped=shipped, words=words).usable()
    place, now = memory_of(path, memory), fingerprint(path, search, shipped, words)
    with collection_held():
        release = recalled(place, now)
        if release is not None:
            return revive(release, words)
    application = compile_layer(path, search=search, shipped=shipped, words=words).usable()
    if fingerprint(path, search, shipped, words) == now:  # else somebody wrote to a file while it was compiled
        remember(place, now, application.release)
    return application


def memory_of(path: Path, memory: Path) -> Path:
    """The file in `memory` that keeps the release of the layer in `path`: one for each layer, so that none grow old."""
    folder = path.resolve()
    return memory / f"{folder.name}-{sha256(str(folder).encode()).hexdigest()[:12]}.release"


def fingerprint(path: Path, search: Sequence[Path], shipped: Path | None, words: Vocabulary) -> str:
    """The hash of all that a release comes from: every file of every layer, the vocabulary, and our version."""
    found = sha256(VERSION.encode())
    for name, content in (*_vocabulary_files(words), *contents_of(path, search=search, shipped=shipped)):
        found.update(f"\0{name}\0{len(content)}\0".encode())
        found.update(content)
    return found.hexdigest()


def _vocabulary_files(words: Vocabulary) -> Iterator[tuple[str, bytes]]:
    """The schemas and sources of kinds and steps, and the functions: those of other packages change without us."""
    folders = {f"kind/{name}": kind.folder for name, kind in words.kinds.items()}
    folders |= {f"step/{name}": step.folder for name, step in words.steps.items()}
    for name, folder in sorted(folders.items()):
        for file in sorted((*folder.glob("*.json"), *folder.glob("*.py"))):
            yield f"{name}/{file.name}", file.read_bytes()
    for name, function in sorted(words.functions.items()):
        if name not in STANDARD:
            yield f"function/{name}", function.signature.encode()


def recalled(place: Path, wanted: str) -> Release | None:
    """The release at a place; None where there is none, it comes from other files, or it is not whole."""
    try:
        head, _, body = place.read_bytes().partition(b"\n")
        if head.decode() != _head(wanted, body):
            return None
        about, *trees = body.decode().split("\n")
        said = json.loads(about)
        by_digest = dict(zip(said["digests"], trees, strict=True))
        return Release(said["id"], said["application"], said["rules"], by_digest)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(place: Path, now: str, release: Release) -> None:
    """Write the release beside its place and move it there, so that nobody reads half of it.

    The first line says what it comes from and its checksum, the second what it is; then each tree has a line, for JSON
    text has no line breaks. A folder that cannot be written to, or has no room, is left as it was.
    """
    about = {"id": release.id, "application": release.application, "rules": dict(release.rules)}
    lines = (json.dumps({**about, "digests": list(release.trees)}), *release.trees.values())
    body = "\n".join(lines).encode()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _put(place, _head(now, body).encode() + b"\n" + body)
    except OSError:
        return


def _head(now: str, body: bytes) -> str:
    return f"{MARK} {now} {crc32(body):08x}"


def _put(place: Path, content: bytes) -> None:
    handle, beside = tempfile.mkstemp(dir=place.parent, prefix=f"{place.stem}-", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(beside, place)
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise

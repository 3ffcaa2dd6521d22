"""The stack of layers that an application is built on: `layer.yaml`, where layers are found, and their order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from casewright.layers.entries import LAYER_FILE, content_of
from casewright.layers.files import LANGUAGE, Layer
from casewright.layers.scalars import shown
from casewright.layers.shapes import Shape, shape_of
from casewright.layers.typing import typed
from casewright.source import Node, SourceFile, read
from casewright.values import Problem, Related, Span, did_you_mean

_REQUIREMENT = re.compile(r"(?P<name>[a-z][a-z0-9_]*)\s*(?P<bounds>(?:(?:>=|<=|==|<|>)\s*[0-9][\w.]{0,39}\s*,?\s*)*)")
_SAYS = re.compile(rb"^layer:\s*[\"']?([a-z][a-z0-9_]*)", re.MULTILINE)
_BOUND = re.compile(r"(>=|<=|==|<|>)\s*([0-9][\w.]*)")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One entry of `built_on`: the layer's name, and bounds of its version."""

    name: str
    bounds: tuple[tuple[str, str], ...]
    node: Node

    def allows(self, version: str) -> bool:
        """Whether a version keeps all bounds."""
        return all(_compares(version, operator, bound) for operator, bound in self.bounds)


@dataclass(frozen=True, slots=True, eq=False)
class Manifest:
    """What a `layer.yaml` says."""

    name: str
    version: str
    language: str
    built_on: tuple[Requirement, ...]
    modules: Mapping[str, bool]
    path: Path
    span: Span
    node: Node


def stack_of(
    path: Path, search: Sequence[Path] = (), shipped: Path | None = None
) -> tuple[tuple[Layer, ...], tuple[Problem, ...]]:
    """The layers that the one in `path` is built on, lowest first, and itself as the last.

    The names in `built_on` are looked for beside the layer, then in `search`, then in `shipped`. Empty where the layer
    itself cannot be understood.
    """
    manifest, problems = manifest_of(path)
    if manifest is None:
        return (), problems
    beside = path.parent if path.name not in ("", "..") else path / ".."
    finding = _Finding((*dict.fromkeys((beside, *search)), *((shipped,) if shipped else ())), list(problems))
    finding.visit(manifest, ())
    return _layers(finding.order), tuple(finding.problems)


def manifest_of(folder: Path) -> tuple[Manifest | None, tuple[Problem, ...]]:
    """What the `layer.yaml` in a folder says, and what is wrong with it."""
    file = folder / LAYER_FILE
    content = content_of(file)
    if isinstance(content, str):
        span, help_ = (
            Span(file.as_posix()),
            "write\nlayer: NAME\nversion: 1.0.0\nlanguage: en\nbuilt_on: [service >= 1.0]",
        )
        return None, (Problem(span, "E120", f"there is no {LAYER_FILE} here, so this folder is no layer", help=help_),)
    node, problems = read(content, SourceFile(file.as_posix()))
    if node is None:
        return None, problems
    body, wrong = typed(node, _shape())
    problems = (*problems, *wrong)
    name, version = body.get("layer"), body.get("version")
    if name is None or version is None or not isinstance(name.value, str) or not isinstance(version.value, str):
        return None, problems
    return _manifest(body, name, version.value, folder, list(problems))


def _manifest(
    body: Node, name: Node, version: str, folder: Path, problems: list[Problem]
) -> tuple[Manifest, tuple[Problem, ...]]:
    requirements = []
    built_on = body.get("built_on")
    for entry in built_on.value if built_on is not None and built_on.is_list else ():
        match = _REQUIREMENT.fullmatch(entry.value) if isinstance(entry.value, str) else None
        if match is None:
            help_ = "write the name of a layer, or `service >= 1.0`"
            problems.append(Problem(entry.span, "E120", f"'{shown(entry.plain())}' names no layer", help=help_))
        else:
            requirements.append(Requirement(match["name"], tuple(_BOUND.findall(match["bounds"])), entry))
    language, modules = body.get("language"), body.get("modules")
    on = {key: bool(one.value) for key, one in modules.value.items()} if modules is not None and modules.is_map else {}
    text = language.value if language is not None and isinstance(language.value, str) else "en"
    made = Manifest(name.value, version, text, tuple(requirements), MappingProxyType(on), folder, name.span, body)
    return made, tuple(problems)


@dataclass(slots=True)
class _Finding:
    """The search for the layers below one layer; `order` grows from the lowest up.

    `doubled` gives for a name that two folders beside each other claim the second of them.
    """

    folders: tuple[Path, ...]
    problems: list[Problem]
    order: list[Manifest] = field(default_factory=list)
    catalogue: dict[str, Manifest] | None = None
    broken: dict[str, tuple[Problem, ...]] = field(default_factory=dict)
    doubled: dict[str, Manifest] = field(default_factory=dict)

    def visit(self, manifest: Manifest, above: tuple[Manifest, ...]) -> None:
        for need in manifest.built_on:
            if self._is_cycle(need, (*above, manifest)):
                continue
            below = self._found(need, manifest)
            if below is None:
                continue
            if not need.allows(below.version):
                self._wrong_version(need, manifest, below)
            if all(known.name != below.name for known in self.order):
                self.visit(below, (*above, manifest))
        if all(known.name != manifest.name for known in self.order):
            self.order.append(manifest)

    def _is_cycle(self, need: Requirement, path: tuple[Manifest, ...]) -> bool:
        start = next((number for number, one in enumerate(path) if one.name == need.name), None)
        if start is None:
            return False
        names = [one.name for one in path[start:]]
        message = f"layer cycle: {' -> '.join((*names, need.name))}"
        related = tuple(Related(one.span, f"layer {one.name}") for one in path[start:])
        self.problems.append(Problem(need.node.span, "E122", message, related, "take one `built_on` out"))
        return True

    def _found(self, need: Requirement, asking: Manifest) -> Manifest | None:
        known = next((one for one in self.order if one.name == need.name), None)
        if known is not None:
            return known
        found = self._known_layers().get(need.name)
        if found is None and need.name in self.broken:
            self.problems += self.broken[need.name]
            return None
        if found is None:
            self._unknown(need, asking)
            return None
        if found.name in self.doubled:
            self._doubled(need, found, self.doubled[found.name])
        manifest, problems = manifest_of(found.path)
        self.problems += problems
        return manifest

    def _known_layers(self) -> dict[str, Manifest]:
        """Every layer that can be found; the first of the folders in which a name is found holds."""
        if self.catalogue is None:
            self.catalogue = {}
            for folder in self.folders:
                self._look_in(folder, self.catalogue)
        return self.catalogue

    def _look_in(self, folder: Path, known: dict[str, Manifest]) -> None:
        here: dict[str, Manifest] = {}
        for file in sorted(folder.glob(f"*/{LAYER_FILE}")):
            manifest, problems = manifest_of(file.parent)
            if manifest is None:
                self.broken.setdefault(_guessed_name(file), problems)
                continue
            if manifest.name in known:
                continue
            first = here.setdefault(manifest.name, manifest)
            if first is not manifest:
                self.doubled.setdefault(manifest.name, manifest)
        known |= here

    def _doubled(self, need: Requirement, first: Manifest, second: Manifest) -> None:
        folders = " and ".join(one.path.as_posix() for one in (first, second))
        message = f"two folders beside each other are layer '{need.name}': {folders}"
        related = tuple(Related(one.span, f"layer '{one.name}'") for one in (first, second))
        help_ = "give one of them another name, or move it away"
        self.problems.append(Problem(need.node.span, "E124", message, related, help_))

    def _unknown(self, need: Requirement, asking: Manifest) -> None:
        known = self._known_layers()
        message = f"layer '{asking.name}' is built on '{need.name}', which is not found{did_you_mean(need.name, known)}"
        places = ", ".join(folder.as_posix() for folder in self.folders)
        help_ = f"looked in {places}; layers there: {', '.join(sorted(known)) or 'none'}"
        self.problems.append(Problem(need.node.span, "E121", message, help=help_))

    def _wrong_version(self, need: Requirement, asking: Manifest, below: Manifest) -> None:
        bounds = ", ".join(f"{operator} {bound}" for operator, bound in need.bounds)
        message = f"layer '{asking.name}' needs {need.name} {bounds}, and {need.name} {below.version} is here"
        related = (Related(below.span, f"{below.name} {below.version}"),)
        help_ = f"install another {need.name}, or change the bound"
        self.problems.append(Problem(need.node.span, "E123", message, related, help_))


def _guessed_name(file: Path) -> str:
    """The name of the layer whose `layer.yaml` cannot be understood: the one that it seems to say, or its folder's."""
    content = content_of(file)
    found = _SAYS.search(content) if isinstance(content, bytes) else None
    return found[1].decode() if found else file.parent.name


def _layers(order: Sequence[Manifest]) -> tuple[Layer, ...]:
    below: dict[str, frozenset[str]] = {}
    ranks: dict[str, int] = {}
    layers = []
    for one in order:
        direct = [need.name for need in one.built_on if need.name in below]
        below[one.name] = frozenset(direct).union(*(below[name] for name in direct))
        ranks[one.name] = 1 + max((ranks[name] for name in direct), default=-1)
        layers.append(
            Layer(
                one.name, one.version, one.path, one.language, ranks[one.name], one.modules, one.span, below[one.name]
            )
        )
    return tuple(layers)


def _compares(version: str, operator: str, bound: str) -> bool:
    ours, theirs = _numbers(version), _numbers(bound)
    width = max(len(ours), len(theirs))
    ours, theirs = ours + (0,) * (width - len(ours)), theirs + (0,) * (width - len(theirs))
    order = (ours > theirs) - (ours < theirs)
    return {">=": order >= 0, "<=": order <= 0, "==": order == 0, "<": order < 0, ">": order > 0}[operator]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("-")[0]))


def _shape() -> Shape:
    text = {"type": "string", "x-type": "text"}
    return shape_of(
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["layer", "version"],
            "properties": {
                "layer": {"type": "string", "x-type": "id"},
                "version": {**text, "maxLength": 40, "pattern": r"^[0-9]+(\.[0-9]+)*([-+][0-9A-Za-z.-]+)?$"},
                "language": {**text, "pattern": f"^{LANGUAGE}$", "x-expects": "the code of a language, as de or de-AT"},
                "label": text,
                "description": text,
                "built_on": {"type": "array", "items": text},
                "modules": {"type": "object", "additionalProperties": {"type": "boolean"}},
            },
        }
    )

"""Loading: every rule file of every layer of a stack, read and indexed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from casewright.layers.entries import LAYER_FILE, content_of, entries_below
from casewright.layers.files import Layer, RuleFile, is_language, rule_file
from casewright.layers.index import Layers, Skipped
from casewright.layers.lockfile import LOCK_NAME, check_lock
from casewright.layers.manifests import stack_of
from casewright.layers.shapes import Shape
from casewright.source import Node, SourceFile, collection_held, decoded, read
from casewright.values import Problem, Related, Span, did_you_mean

Reader = Callable[[bytes, SourceFile], tuple[Node | None, tuple[Problem, ...]]]
"""Reads one file; a cache of read files by their digest stands here."""

__all__ = ["Layer", "Layers", "Reader", "Skipped", "contents_of", "load"]

TEXTS_FOLDER = "texts"
SCENARIO_WORD = "scenario"


def load(
    path: Path,
    *,
    search: Sequence[Path] = (),
    shipped: Path | None = None,
    shapes: Mapping[str, Shape],
    reader: Reader = read,
) -> tuple[Layers, tuple[Problem, ...]]:
    """The layer in `path` with all that it is built on, and what is wrong with files and heads.

    `shapes` gives the shape of each kind. Nothing is resolved yet: `Layers.problems()` finds the rest. Drafts and rules
    of modules that are off are left out and named in `Layers.skipped`. Where a `layer.yaml` is wrong no rule is read,
    for what would be found then follows from that.
    """
    stack, problems = stack_of(path, search, shipped)
    loading = _Loading(stack, shapes, reader, list(problems))
    if any(problem.is_error for problem in problems):
        loading.manifests(problems)
    else:
        with collection_held():
            for number, layer in enumerate(stack):
                loading.layer(layer, is_top=number == len(stack) - 1)
    layers = Layers(
        stack=stack, files=tuple(loading.files), skipped=tuple(loading.skipped), shapes=shapes,
        texts=loading.texts, scenarios=tuple(loading.scenarios), problems=tuple(loading.problems),
        unread=frozenset(loading.unread),
    )  # fmt: skip
    return layers, layers.load_problems


def contents_of(path: Path, *, search: Sequence[Path] = (), shipped: Path | None = None) -> Iterator[tuple[str, bytes]]:
    """Every file that `load` takes into account: its name, which begins with its layer's, and its content.

    Layers come in the order of the stack. Equal names and contents load as equal rules, wherever the layers lie.
    """
    for layer in stack_of(path, search, shipped)[0]:
        for file in (*entries_below(layer.path), layer.path / LOCK_NAME):
            if file.name != LOCK_NAME or file.exists():
                content = content_of(file)
                name = f"{layer.name}/{file.relative_to(layer.path).as_posix()}"
                yield name, content if isinstance(content, bytes) else content.encode()


@dataclass(slots=True)
class _Loading:
    """What is read so far."""

    stack: Sequence[Layer]
    shapes: Mapping[str, Shape]
    reader: Reader
    problems: list[Problem]
    files: list[RuleFile] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    scenarios: list[Path] = field(default_factory=list)
    texts: dict[str, bytes] = field(default_factory=dict)
    unread: set[tuple[str, str]] = field(default_factory=set)

    def manifests(self, problems: Sequence[Problem]) -> None:
        """Takes the `layer.yaml` files that problems speak of, so that these can be shown."""
        for place in {span.path for each in problems for span in (each.span, *(o.span for o in each.related))}:
            content = content_of(Path(place))
            if isinstance(content, bytes):
                self.texts[place] = content

    def layer(self, layer: Layer, is_top: bool) -> None:
        """Takes every file of one layer."""
        contents: dict[str, bytes] = {}
        for path in entries_below(layer.path):
            name, content = path.relative_to(layer.path).as_posix(), content_of(path)
            if isinstance(content, str):
                self._report(layer, name, "E125", content, "put the file there, or take the entry away")
                self.unread.add(_guessed(name, b""))
                continue
            contents[name] = self.texts[path.as_posix()] = content
        rows = {name.removesuffix(".csv"): name for name in contents if name.endswith(".csv")}
        for name, content in contents.items():
            if _is_rule(name):
                self._rule(layer, name, content, rows, contents)
            elif name.startswith(f"{TEXTS_FOLDER}/") and name.endswith(".yaml"):
                self._texts(layer, name)
            elif name.endswith(".yml"):
                self._report(layer, name, "W131", "this file is not read: rules end in .yaml", "rename it")
        for name in rows.values():
            self._report(
                layer, name, "W130", f"there is no rule {Path(name).stem}.yaml beside these rows", "name both alike"
            )
        if not is_top:
            self.problems += check_lock(layer.path, contents, layer=layer.label)

    def _rule(
        self, layer: Layer, name: str, content: bytes, rows: dict[str, str], contents: Mapping[str, bytes]
    ) -> None:
        source = SourceFile((layer.path / name).as_posix(), layer.label)
        node, problems = self.reader(content, source)
        self.problems += problems
        if node is None:
            self.unread.add(_guessed(name, content))
            return
        if node.is_map and next(iter(node.value), "") == SCENARIO_WORD:
            self.scenarios.append(layer.path / name)
            return
        file, wrong = rule_file(node, layer, self.shapes, b"$" in content)
        self.problems += wrong
        beside = rows.pop(name.removesuffix(".yaml"), None)
        if file is None:
            self.unread.add(_guessed(name, content))
            return
        self._take(file if beside is None else self._with_rows(file, beside, contents[beside]))

    def _texts(self, layer: Layer, name: str) -> None:
        """Refuses a file of texts whose name is no language; the others are read where texts are looked for."""
        said = name.removeprefix(f"{TEXTS_FOLDER}/").removesuffix(".yaml")
        if not is_language(said):
            help_ = f"name it by the code of its language: {TEXTS_FOLDER}/de.yaml, or {TEXTS_FOLDER}/de-AT.yaml"
            self._report(layer, name, "E345", f"'{said}' names no language", help_)

    def _take(self, file: RuleFile) -> None:
        reason = "draft" if file.is_draft else self._module_off(file)
        if reason:
            self.skipped.append(Skipped(file, reason))
        else:
            self.files.append(file)

    def _module_off(self, file: RuleFile) -> str:
        """Why the file's module leaves it out, or nothing; the highest layer that names the module decides."""
        module = file.says("module")
        if not module:
            return ""
        said = [layer.modules[module] for layer in self.stack if module in layer.modules]
        if not said:
            known = {name for layer in self.stack for name in layer.modules}
            message = f"no layer names module '{module}'{did_you_mean(module, known)}"
            help_ = f"write `modules: {{{module}: true}}` in {LAYER_FILE}"
            self.problems.append(Problem(file.head["module"].span, "E105", message, help=help_))
        return "" if said and said[-1] else f"module {module} is off"

    def _with_rows(self, file: RuleFile, name: str, content: bytes) -> RuleFile:
        """The rule with the text of the file beside it as its `rows`."""
        path = (file.layer.path / name).as_posix()
        if self.shapes[file.name.kind].child("rows") is None:
            message = f"a {file.name.kind} has no rows; the file {Path(name).name} beside it is not read"
            help_ = "give the file the name of a decision table, or delete it"
            self._report(file.layer, name, "W130", message, help_)
            return file
        if own := file.body.get("rows"):
            related = (Related(Span(path, 1, 1, file.layer.label), "the rows beside the rule"),)
            message = f"the rule has rows here and in {path}"
            self.problems.append(Problem(own.key, "E105", message, related, "keep one of the two"))
            return file
        source = file.body.file.beside(path)
        text = decoded(content, source)
        if isinstance(text, Problem):
            self.problems.append(text)
            return file
        return replace(file, body=file.body.with_value({**file.body.value, "rows": Node(text, source, quoted=True)}))

    def _report(self, layer: Layer, name: str, code: str, message: str, help: str) -> None:
        span = Span((layer.path / name).as_posix(), 1, 1, layer.label)
        self.problems.append(Problem(span, code, message, help=help))


_SAYS = re.compile(rb"^['\"]?(?:define|extend|variant|replace|withdraw|block)['\"]?\s*:\s*['\"]?(\w+)/(\w+)", re.M)


def _guessed(name: str, content: bytes) -> tuple[str, str]:
    """The kind and id that a file which could not be read seems to speak of; the kind is `""` where only it knows."""
    found = _SAYS.search(content)
    return (found[1].decode(), found[2].decode()) if found else ("", Path(name).stem)


def _is_rule(name: str) -> bool:
    return name.endswith(".yaml") and name != LAYER_FILE and not name.startswith(f"{TEXTS_FOLDER}/")

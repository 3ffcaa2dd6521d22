"""Where a rule is compiled: the names it may read, the fields it may fill, and the list of what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from casewright import expressions
from casewright.expressions import Readings, Type
from casewright.machine.plan import Condition, Constant, Field, Value
from casewright.source.node import Formula, Node
from casewright.steps.outline import Outline, Outlines
from casewright.steps.written import Written
from casewright.values import Problem, Related, Span, did_you_mean, nearest

CASE_TYPES: Mapping[str, Type] = {
    name: expressions.declared_as(type_, expressions.Declared(certain=True))
    for name, type_ in {
        "id": expressions.TEXT,
        "status": expressions.TEXT,
        "type": expressions.TEXT,
        "created_at": expressions.DATETIME,
        "created_by": expressions.TEXT,
        "urgency": expressions.INTEGER,
    }.items()
}
"""What every case knows of itself, beside its declared fields."""


@dataclass(slots=True)
class Findings:
    """What compiling a rule brings to light: problems, and the dotted paths that it reads, with places.

    `own` are the names of fields of passes that it reads: no case type has to offer them. `loose` counts the operators
    whose operands have no known type.
    """

    problems: list[Problem] = field(default_factory=list)
    reads: dict[str, Span] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    loose: int = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """Compiles what an author wrote, and collects what is wrong.

    A mistake never stops the compiling: the value that could not be compiled becomes a constant null, so that all
    mistakes of a rule are found at once; whoever asked looks at `findings.problems` before using the result.
    `items` are those of the sequence that is compiled, `own` the fields of a pass's own among `fields`, `functions`
    what expressions may call.
    """

    roots: Mapping[str, Type]
    outlines: Outlines
    fields: Mapping[str, Field] = field(default_factory=dict)
    types: Mapping[str, Type] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)
    readings: Readings = field(default_factory=Readings, repr=False)
    items: Written = field(default_factory=Written, repr=False)
    own: frozenset[str] = frozenset()
    functions: Mapping[str, expressions.Function] = field(default_factory=lambda: expressions.STANDARD, repr=False)
    names: expressions.Scope = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", expressions.Scope(self.roots, self.functions, self.readings))

    def with_roots(self, **roots: Type) -> Scope:
        """The same scope with more names to read."""
        return replace(self, roots={**self.roots, **roots})

    def only_roots(self, **roots: Type) -> Scope:
        """The same scope with nothing but these names to read."""
        return replace(self, roots=roots)

    def of_case(self, fields: Mapping[str, Field], types: Mapping[str, Type], context: Mapping[str, Type]) -> Scope:
        """The scope of a case with these fields, and these names beside it."""
        case = expressions.record("case", {**types, **CASE_TYPES})
        kept = {name: self.roots[name] for name in ("actor", "interaction")}
        return replace(self, roots={**kept, **context, "case": case}, fields=fields, types=types)

    def of_pass(self, fields: Mapping[str, Field], types: Mapping[str, Type], element: Type) -> Scope:
        """The scope of a pass over an element: the case's fields, and above them the pass's own."""
        every = {**self.types, **types}
        case = expressions.record("case", {**every, **CASE_TYPES})
        roots = {**self.roots, "case": case, "item": element}
        own = self.own | frozenset(fields)
        return replace(self, roots=roots, fields={**self.fields, **fields}, types=every, own=own)

    def over(self, items: Written) -> Scope:
        """The same scope with these items to refer to."""
        return replace(self, items=items)

    # -- compiling ---------------------------------------------------------------------------------------------

    def expression(self, node: Node, expect: Type | None = None) -> Value:
        """The value of an expression written whole."""
        text = str(node.value)
        compiled, problems = expressions.compile_expression(text, self.names, at=node.text_start(), expect=expect)
        return self._noted(compiled, problems, node)

    def condition(self, node: Node | None) -> Condition | None:
        """A condition, or None where none is written."""
        if node is None:
            return None
        compiled, problems = expressions.compile_condition(str(node.value), self.names, at=node.text_start())
        self._noted(compiled, problems, node)
        return compiled

    def text(self, node: Node) -> Value:
        """A text with expressions in `{{ }}`."""
        compiled, problems = expressions.compile_text(str(node.value), self.names, at=node.text_start())
        return self._noted(compiled, problems, node)

    def value(self, node: Node, expect: Type | None = None) -> Value:
        """A literal, or an expression where it began with `=`; maps and lists hold values of their own."""
        if isinstance(node.value, Formula):
            return self.expression(node, expect)
        if node.is_map:
            return MapValue({name: self.value(inner) for name, inner in node.value.items()})
        if node.is_list:
            return ListValue(tuple(self.value(inner) for inner in node.value))
        constant, problems = expressions.compile_value(
            node.value, self.names, at=node.span, expect=expect, quoted=node.quoted
        )
        self.findings.problems.extend(problems)
        return constant or Constant(None)

    def values(self, entries: Mapping[str, Node], types: Mapping[str, Type] | None = None) -> dict[str, Value]:
        """The values of a map, each expected to be of its type where one is known."""
        known = types or {}
        return {name: self.value(node, known.get(name)) for name, node in entries.items()}

    def gathered(self, values: Mapping[str, Value]) -> Value:
        """The values as one map."""
        return MapValue(values)

    # -- names ---------------------------------------------------------------------------------------------------

    def field(self, node: Node) -> Field | None:
        """The case field that a node names; a problem where it is not declared."""
        name = str(node.value)
        found = self.fields.get(name)
        if found is None:
            self.report_unknown_field(name, node.span)
        return found

    def report_unknown_field(self, name: str, at: Span) -> None:
        """Report that the case has no such field."""
        near, declare = nearest(name, self.fields), f"data: {name}: {{type: text}}"
        help_ = f"write '{near}'; or declare {declare}" if near else f"declare it under {declare}"
        bare = name.removeprefix("case.")
        if bare != name and bare in self.fields:
            help_ = f"a field stands here by its name alone: write {bare}"
        self.report("E503", at, f"the case has no field '{name}'{did_you_mean(name, self.fields)}", help=help_)

    def saves(self, entries: Mapping[str, Node], result: Type) -> dict[str, Value]:
        """The values saved into case fields, with the root `result`."""
        if not entries:
            return {}
        inner = self.with_roots(result=result)
        saved = {}
        for name, node in entries.items():
            if name not in self.fields:
                self.report_unknown_field(name, node.key)
            saved[name] = inner.value(node, self.types.get(name))
        return saved

    def outline(self, kind: str, node: Node) -> Outline | None:
        """The outline of the rule that a node names; None where there is none (the linker reports it)."""
        return self.outlines.find(kind, str(node.value))

    def arguments(
        self, written: Node | None, at: Node, outline: Outline, what: str, *, may_lack: bool = False
    ) -> dict[str, Value]:
        """The arguments of a call: each a known parameter, all required ones present unless more may come later."""
        entries: Mapping[str, Node] = written.value if written is not None and written.is_map else {}
        for name, node in entries.items():
            if name not in outline.fields:
                self.report(
                    "E504",
                    node.key,
                    f"{what} takes no '{name}'{did_you_mean(name, outline.fields)}",
                    related=(Related(outline.span, f"{what} takes {listed(outline.fields)}"),),
                )
        required = [name for name, each in outline.fields.items() if each.required and not each.default]
        missing = [name for name in required if name not in entries]
        if missing and not may_lack:
            self.report(
                "E505",
                (written or at).span,
                f"{what} needs {listed(missing)}",
                related=(Related(outline.span, "declared here"),),
                help=f"add with: {{{missing[0]}: =...}}",
            )
        return self.values(entries, outline.types)

    # -- problems --------------------------------------------------------------------------------------------------

    def report(self, code: str, at: Span, message: str, *, help: str = "", related: tuple[Related, ...] = ()) -> None:
        """Collect a mistake."""
        self.findings.problems.append(Problem(at, code, message, related, help))

    def look_over(self, compiled: Any) -> None:
        """Collect what is to be said of something compiled, and how much of it has no known type."""
        problems, loose = expressions.looked_over(compiled)
        self.findings.problems.extend(problems)
        self.findings.loose += loose

    def _noted(self, compiled: Any, problems: Iterable[Problem], node: Node) -> Value:
        self.findings.problems.extend(problems)
        if compiled is None:
            return Constant(None)
        self.look_over(compiled)
        reads = self.findings.reads
        for path in compiled.paths:
            if self.own and (name := _case_field(path)) in self.own:
                self.findings.own.add(name)
            elif path not in reads:
                reads[path] = node.span
        value: Value = compiled
        return value


def _case_field(path: str) -> str:
    """The field of the case that a dotted path reads; `""` where it reads something else."""
    root, _, rest = path.partition(".")
    return rest.partition(".")[0] if root == "case" else ""


@dataclass(frozen=True, slots=True)
class MapValue:
    """A map whose entries are worked out one by one."""

    entries: Mapping[str, Value]

    @property
    def roots(self) -> frozenset[str]:
        return frozenset().union(*(each.roots for each in self.entries.values()))

    def evaluate(self, roots: Mapping[str, Any]) -> dict[str, Any]:
        return {name: each.evaluate(roots) for name, each in self.entries.items()}


@dataclass(frozen=True, slots=True)
class ListValue:
    """A list whose items are worked out one by one."""

    items: tuple[Value, ...]

    @property
    def roots(self) -> frozenset[str]:
        return frozenset().union(*(each.roots for each in self.items))

    def evaluate(self, roots: Mapping[str, Any]) -> list[Any]:
        return [each.evaluate(roots) for each in self.items]


def listed(names: Iterable[str]) -> str:
    """`'a', 'b' and 'c'`, or `nothing`."""
    quoted = [f"'{name}'" for name in names]
    if not quoted:
        return "nothing"
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + f" and {quoted[-1]}"

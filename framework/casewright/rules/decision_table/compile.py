"""The rows of a table, from the block in the rule or the file beside it, compiled and indexed."""

from __future__ import annotations

from collections.abc import Mapping

from casewright.expressions import Expression, Row, Table, Type, compile_table, given_types, read_csv_rows, read_rows
from casewright.machine.plan import Value
from casewright.source.node import Node
from casewright.steps.scope import Scope, listed
from casewright.values import Span, did_you_mean


def compile_rows(body: Node, outputs: Mapping[str, Type], scope: Scope, at: Span) -> Table | None:
    """The table of a rule; None, with problems reported, where it could not be compiled."""
    inputs = {name: _input(node, scope) for name, node in body.entries("inputs").items()}
    rows = _rows(body, tuple(inputs), tuple(outputs), scope, at)
    columns = [(name, each) for name, each in inputs.items() if each is not None]
    if rows is None or len(columns) < len(inputs):
        return None
    table, problems = compile_table(
        columns,
        list(outputs.items()),
        rows,
        body.word("hit"),
        scope.names,
        at=at,
        otherwise=_otherwise(body, outputs, scope),
        places=_places(body),
    )
    scope.findings.problems.extend(problems)
    if table is not None:
        scope.look_over(table)
    for path in table.paths if table else ():
        scope.findings.reads.setdefault(path, at)
    return table


def _places(body: Node) -> dict[str, Span]:
    """Where the outputs stand, the rows, and the hit policy."""
    places = {name: node.key for name, node in body.entries("outputs").items()}
    rows, hit = body.get("rows"), body.get("hit")
    places |= {"rows": rows.key} if rows is not None else {}
    return places | ({"hit": hit.span} if hit is not None else {})


def _input(node: Node, scope: Scope) -> Expression | None:
    compiled = scope.expression(node)
    return compiled if isinstance(compiled, Expression) else None


def _rows(
    body: Node, inputs: tuple[str, ...], outputs: tuple[str, ...], scope: Scope, at: Span
) -> tuple[Row, ...] | None:
    """The rows as they were written; None where they could not be read."""
    node = body.get("rows")
    if node is None:
        scope.report(
            "E408", at, "the table has no rows", help="add rows: |, or a .csv of the same name beside the rule"
        )
        return None
    text = str(node.value)
    places = {name: each.key for side in ("inputs", "outputs") for name, each in body.entries(side).items()}
    if _is_csv(node):
        rows, problems = read_csv_rows(text, inputs, outputs, node.span, places)
    else:
        rows, problems = read_rows(text, inputs, outputs, node.text_start(), places)
    scope.findings.problems.extend(problems)
    return None if problems else rows


def _is_csv(node: Node) -> bool:
    """Whether the rows lie in a .csv beside the rule; a stored tree knows no files, there the header tells."""
    if node.file.path.endswith((".csv", ".yaml")):
        return node.file.path.endswith(".csv")
    said = (line for line in str(node.value).splitlines() if line.strip() and not line.strip().startswith("#"))
    return "||" not in next(said, "||")


def _otherwise(body: Node, outputs: Mapping[str, Type], scope: Scope) -> dict[str, Value]:
    """The outputs where no row matches."""
    found = {}
    types = given_types(body.word("hit"), tuple(outputs.items()))
    written = body.get("otherwise")
    for name, node in body.entries("otherwise").items():
        if name not in outputs:
            near = did_you_mean(name, outputs)
            help_ = f"the outputs are {listed(outputs)}"
            scope.report("E534", node.key, f"the table has no output '{name}'{near}", help=help_)
        else:
            found[name] = scope.value(node, types[name])
    lacking = [name for name in outputs if name not in found and outputs[name].declared.certain]
    if written is not None and lacking:
        message = f"otherwise gives no {listed(lacking)}, which {'is' if len(lacking) == 1 else 'are'} required"
        scope.report("E408", written.key, message, help=f"add {lacking[0]}: ...")
    return found

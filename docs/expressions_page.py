"""The page of the expression language: its functions and operators as the language has them, with tried examples."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, product
from pathlib import Path
from typing import Any

from casewright.expressions import DYNAMIC, STANDARD, Overload, Type, list_of, map_of, named

SOURCE = Path(__file__).with_name("expressions.toml")
ITEM = Type("item", "item")


def expressions_page() -> str:
    """The page as Markdown."""
    told = read()
    words = told["words"]
    parts = (
        "# Expressions\n\n" + words["lead"].format(now=told["now"]) + "\n" + world_table(told["world"]),
        "## Literals\n\n" + literals_table(told["literals"]),
        "## Operators\n\nThe loosest first; those of one line bind alike.\n\n" + operators_table(told["operators"]),
        "## Null\n\n" + words["nulls"] + "\n" + examples_table(told["nulls"]),
        "## Before it runs\n\n" + words["review"] + "\n" + reviews_table(told["reviewed"]),
        "## Functions\n\n" + words["functions"] + "\n" + functions_section(told["functions"]),
        "### Forms\n\n" + forms_table(told["forms"]),
        "## Unary tests\n\n" + words["tests"] + "\n" + tests_table(told["tests"]),
        "## Texts\n\n" + words["texts"] + "\n" + texts_table(told["texts"]),
    )
    return "\n".join(parts)


def read() -> dict[str, Any]:
    """What the source file tells."""
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))


def table(heads: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    """Rows as a Markdown table."""
    lines = [heads, ["---"] * len(heads), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def world_table(world: Mapping[str, Mapping[str, Mapping[str, str]]]) -> str:
    fields = ((f"{root}.{name}", each) for root, record in world.items() for name, each in record.items())
    return table(("name", "type", "value"), ((code(name), each["type"], code(each["value"])) for name, each in fields))


def literals_table(literals: Sequence[Mapping[str, str]]) -> str:
    return table(("type", "example", ""), ((each["type"], code(each["example"]), each["says"]) for each in literals))


def operators_table(operators: Sequence[Mapping[str, Any]]) -> str:
    rows = (
        (
            " ".join(code(sign) for sign in each["signs"]),
            each["says"],
            "<br>".join(given(example, value) for example, value in each["examples"]),
            "<br>".join(form for sign in each["signs"] for form in operator_forms(sign)),
        )
        for each in operators
    )
    return table(("operator", "", "examples", "takes"), rows)


def operator_forms(sign: str) -> Iterator[str]:
    """The types that an operator takes and gives, where it is one with forms."""
    function = STANDARD.get(sign)
    if function is not None and not sign.startswith(("<", ">")):
        for overload in function.overloads:
            names = [parameter.name for parameter in overload.parameters]
            shown = f"{sign}{names[0]}" if len(names) == 1 else f" {sign} ".join(names)
            yield code(f"{shown} → {result_of(overload)}")


def functions_section(functions: Mapping[str, Mapping[str, str]]) -> str:
    parts = [
        f"### {group}\n\n" + table(("function", "gives", "example"), (function_row(*entry) for entry in entries))
        for group, entries in groupby(functions.items(), key=lambda entry: entry[1]["group"])
    ]
    return "\n".join(parts)


def function_row(name: str, told: Mapping[str, str]) -> tuple[str, str, str]:
    forms = "<br>".join(code(f"{name}{form}") for form in forms_of(STANDARD[name].overloads))
    return forms, told["gives"], given(told["example"], told["value"])


def forms_of(overloads: Sequence[Overload]) -> Iterator[str]:
    """The parameters and results of a function; forms that differ in a type alone stand together."""
    for result, group in groupby(overloads, key=lambda each: (len(each.parameters), each.repeats, result_of(each))):
        ways = list(group)
        places = zip(*([parameter.name for parameter in way.parameters] for way in ways), strict=True)
        names = [" or ".join(dict.fromkeys(place)) for place in places]
        yield f"({', '.join(names)}{', ...' if ways[0].repeats else ''}) → {result[2]}"


def result_of(overload: Overload) -> str:
    """The type that a form gives, as far as it is known without its arguments."""
    if isinstance(overload.result, Type):
        return overload.result.name
    taken = list(product(*([sample(kind) for kind in each.kinds] or [DYNAMIC] for each in overload.parameters)))
    results = {overload.gives(types).name for types in taken}
    if all(overload.gives(types) == types[0] for types in taken) and len(results) > 1:
        return "the same type"
    return " or ".join(sorted(results))


def sample(kind: str) -> Type:
    """A type of this kind."""
    return {"list": list_of(ITEM), "map": map_of(ITEM)}.get(kind) or named(kind) or Type(kind, kind)


def forms_table(forms: Mapping[str, Mapping[str, str]]) -> str:
    rows = ((code(each["form"]), each["gives"], given(each["example"], each["value"])) for each in forms.values())
    return table(("form", "gives", "example"), rows)


def examples_table(examples: Sequence[Mapping[str, str]]) -> str:
    return table(("expression", "gives"), ((code(each["example"]), code(each["value"])) for each in examples))


def reviews_table(reviewed: Sequence[Mapping[str, str]]) -> str:
    rows = ((code(each["example"]), said_of(each["code"])) for each in reviewed)
    return table(("expression", "is told of"), rows)


def said_of(code_: str) -> str:
    return f"[{code_}](problems.md#{code_.lower()})" if code_ else "nothing"


def tests_table(tests: Sequence[Mapping[str, Any]]) -> str:
    rows = (
        (code(each["test"]), each["says"], each["type"], listed(each["passes"]), listed(each["fails"]))
        for each in tests
    )
    return table(("test", "", "tried on", "passes", "does not"), rows)


def texts_table(texts: Sequence[Mapping[str, str]]) -> str:
    return table(("text", "reads"), ((code(each["text"]), each["value"]) for each in texts))


def given(example: str, value: str) -> str:
    return f"{code(example)} is {code(value)}"


def listed(values: Sequence[str]) -> str:
    return ", ".join(code(value) for value in values)


def code(text: str) -> str:
    return f"`` {text} ``" if "`" in text else f"`{text}`"

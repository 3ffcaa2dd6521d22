"""Writes docs/language/ from what kinds, step types, expressions and the table of problem codes say of themselves.

It writes the examples of the codes into the package too, where `casewright explain` finds them.

`python docs/generate.py` writes the pages; with `--check` it writes nothing, names each page that is not as it would be
written, and exits 1.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
LANGUAGE = ROOT / "docs" / "language"
SHIPPED = ROOT / "framework" / "casewright" / "problem_examples.json"
Schema = Mapping[str, Any]

if (ROOT / "framework").is_dir():
    sys.path[:0] = [str(ROOT / "framework"), str(ROOT / "docs")]

from expressions_page import expressions_page  # noqa: E402
from merging_page import fenced, merging_page  # noqa: E402
from problems_page import examples_text, problems_page  # noqa: E402

from casewright.rules.editors import heads  # noqa: E402
from casewright.rules.registry import Vocabulary, vocabulary  # noqa: E402
from casewright.rules.schemas import body_schema, definitions, layer_schema  # noqa: E402

NOTE = "<!-- Written by docs/generate.py; change the README or the schema that it comes from. -->\n\n"


@dataclass(frozen=True, slots=True)
class Row:
    """One property as a line of a table."""

    path: str
    type: str
    holds: str
    default: str
    description: str

    def __str__(self) -> str:
        cells = (f"`{self.path}`", self.type, self.holds, self.default, self.description)
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def pages() -> dict[str, str]:
    """Every page of the reference: its path under docs/language/, and its text."""
    words = vocabulary()
    parts = {name: as_map(schema) for name, schema in definitions(words.steps).items()}
    shared = {name: described(each, parts) for name, each in parts.items()}
    kinds = {name: readme(kind.folder) for name, kind in sorted(words.kinds.items())}
    steps = {name: readme(step.folder) for name, step in sorted(words.steps.items())}
    found = {"index.md": index_page(kinds, steps), "shared.md": shared_page(shared), "problems.md": problems_page()}
    found["expressions.md"] = expressions_page()
    found["merging.md"] = merging_page()
    found["every_rule.md"] = every_rule_page(words)
    found["every_step.md"] = every_step_page(shared["step"])
    for name, text in kinds.items():
        found[f"kinds/{name}.md"] = text + properties(of_kind(words.kinds[name].schema, shared), OF_EVERY_RULE)
    for name, text in steps.items():
        found[f"steps/{name}.md"] = text + properties(described(words.steps[name].schema, shared), OF_EVERY_STEP)
    return {path: (NOTE + text).rstrip() + "\n" for path, text in found.items()}


OF_EVERY_RULE = "It also has the properties of [every rule](../every_rule.md).\n\n"
OF_EVERY_STEP = "It also has the properties of [every step](../every_step.md).\n\n"


def readme(folder: Path) -> str:
    """The page that a kind or step type brings along, and the example of it that shows most at once."""
    return (folder / "README.md").read_text(encoding="utf-8").rstrip() + "\n\n" + example_section(folder)


def example_section(folder: Path) -> str:
    """Rules without a problem, and what happens to a case of them: those `shown`, else the shortest that is played."""
    specs = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("spec/*.yaml"))]
    sound = [spec for spec in specs if "problems" not in spec]
    if not sound:
        return ""
    spec = min(
        sound, key=lambda each: ("shown" not in each, "base" in each, "play" not in each, len("".join(each["rules"])))
    )
    below = "".join(fenced("yaml", rule) for rule in spec.get("base", ()))
    text = f"## Example\n\n{spec['title']}. A test carries it out.\n\n"
    text += f"{below}In a layer above:\n\n" if below else ""
    text += "".join(fenced("yaml", rule) for rule in spec["rules"])
    return text + (f"As a [scenario](../../scenarios.md):\n\n{fenced('yaml', spec['play'])}" if "play" in spec else "")


def index_page(kinds: Mapping[str, str], steps: Mapping[str, str]) -> str:
    """Which kinds and step types there are, and what each gives."""
    lines = [
        "# The language",
        "",
        "What may be written, page by page; [concepts](../concepts.md) says how it fits together.",
        "",
    ]
    lines += ["- [Every rule](every_rule.md): first lines, heads and `layer.yaml`", "- [Every step](every_step.md)"]
    lines += [
        "- [Merging](merging.md): first lines, heads, directives and locks, each with an example",
        "- [Expressions](expressions.md): operators, functions, tests, texts, and what null does",
        "- [Shared parts](shared.md): fields, assignments, clocks and their kin",
        "- [Problems](problems.md): every code",
        "",
    ]
    for title, folder, found in (("Kinds", "kinds", kinds), ("Step types", "steps", steps)):
        lines += [f"## {title}", "", "| | |", "|---|---|"]
        lines += [f"| [{name}]({folder}/{name}.md) | {summary(text)} |" for name, text in found.items()]
        lines.append("")
    return "\n".join(lines)


def summary(text: str) -> str:
    """The first paragraph after the title, on one line."""
    paragraphs = [part for part in text.split("\n\n") if part.strip() and not part.startswith(("#", "<!--"))]
    return " ".join(paragraphs[0].split()).replace("|", "\\|") if paragraphs else ""


def every_rule_page(words: Vocabulary) -> str:
    """The heads, the properties that each rule may have, and the file that makes a folder a layer."""
    kind = next(kind for _, kind in sorted(words.kinds.items()) if kind.is_class)
    body = body_schema(kind)["properties"]
    common = {name: each for name, each in body.items() if name not in kind.schema["properties"]}
    text = "# Every rule\n\nThe first key says what the file does to which rule. Heads are never merged.\n\n"
    text += table(row for row in rows({"properties": heads(kind)}, "") if "." not in row.path)
    text += "\n## Properties of every rule\n\n" + table(rows({"properties": common}, ""))
    return text + "\n## layer.yaml\n\n" + table(rows(layer_schema(), ""))


def every_step_page(step: Schema) -> str:
    """The properties that each step may have."""
    text = "# Every step\n\n`do:` names the type; each type has a page with what is its own.\n\n"
    text += table(rows({"properties": step["properties"], "required": step.get("required", ())}, "")) + "\n"
    return text + "Types: " + ", ".join(f"[{name}](steps/{name}.md)" for name in sorted(step["x-choices"])) + ".\n"


def shared_page(shared: Mapping[str, Schema]) -> str:
    """The parts that several kinds and step types refer to."""
    text = "# Shared parts\n\nForms that several kinds and step types use.\n\n"
    for name, schema in sorted(shared.items()):
        if "x-choices" not in schema:
            text += f"## {name}\n\n{schema.get('description', '')}\n\n"
            text += table(rows(schema, "")) + "\n" if has_properties(schema) else f"{type_of(schema, '')}\n\n"
    return text


def has_properties(schema: Schema) -> bool:
    return any(True for _ in rows(schema, ""))


def properties(schema: Schema, also: str) -> str:
    """The section that lists a schema's properties, on a page one folder down."""
    found = tuple(rows(schema, "../"))
    text = "## Properties\n\n" + also + (table(found) if found else "It has none of its own.\n")
    for name, own in schema.get("definitions", {}).items():
        text += f"\n### {name}\n\n{own.get('description', '')}\n\n"
        text += table(rows(own, "../")) if has_properties(own) else f"{type_of(own, '../')}\n"
    return text


def table(found: Iterable[Row]) -> str:
    """Rows as a Markdown table."""
    head = "| property | type | holds | default | |\n|---|---|---|---|---|\n"
    return head + "".join(f"{row}\n" for row in found)


def as_map(schema: Schema | bool) -> Schema:
    """A schema as a map; `true`, which allows everything, says so in words."""
    return {"description": "Anything."} if isinstance(schema, bool) else schema


def of_kind(schema: Schema, shared: Mapping[str, Schema]) -> Schema:
    """The schema of a kind, with the words of the parts that it refers to: shared ones, and its own."""
    own = {name: {**part, OWN: True} for name, part in schema.get("definitions", {}).items()}
    found: Schema = described(schema, {**shared, **own})
    return found


OWN = "x-own"
"""Marks a part that stands on the page of the only kind that has it."""


def described(schema: Any, shared: Mapping[str, Schema]) -> Any:
    """The schema with the words of a shared part wherever it is referred to without words."""
    if isinstance(schema, list | tuple):
        return [described(each, shared) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    if "$ref" in schema:
        part = shared[schema["$ref"].rpartition("/")[2]]
        return {"description": part.get("description", ""), OWN: part.get(OWN, False), **schema}
    return {name: described(each, shared) for name, each in schema.items()}


def rows(schema: Schema, up: str, path: str = "") -> Iterator[Row]:
    """The properties of a schema, then those of its inner maps, each under its dotted path."""
    for name, each in schema.get("properties", {}).items():
        if "x-forbidden" not in each:
            yield row_of(f"{path}{name}", each, up, required=name in schema.get("required", ()))
            yield from rows(each, up, f"{path}{name}.")
    for inner, mark in inner_schemas(schema):
        yield from rows(inner, up, f"{path}{mark}")
    for choice, each in schema.get("x-choices", {}).items():
        yield from rows(each, up, f"{path}({schema['x-discriminator']}: {choice}) ")


def inner_schemas(schema: Schema) -> Iterator[tuple[Schema, str]]:
    """The schemas inside that may have properties of their own, with what stands for one of them in a path."""
    if isinstance(schema.get("additionalProperties"), dict):
        yield schema["additionalProperties"], "NAME."
    if isinstance(schema.get("items"), dict):
        yield schema["items"], f"{schema.get('x-merge', {}).get('key', 'item').upper()}." if is_keyed(schema) else "*."
    for form in schema.get("oneOf", ()):
        yield form, ""


def is_keyed(schema: Schema) -> bool:
    return isinstance(schema.get("x-merge"), dict)


def row_of(path: str, schema: Schema, up: str, *, required: bool) -> Row:
    """One property; what its description says of the default stands in a column of its own."""
    words, default = split_default(schema.get("description", ""))
    if required:
        default = "required"
    elif "default" in schema:
        default = f"`{schema['default']}`"
    return Row(path, type_of(schema, up), holds_of(schema), default, words)


def split_default(description: str) -> tuple[str, str]:
    """The description without its `Default: X.`, and X."""
    found = re.search(r"\s*Default: (.+?)\.(?=\s|$)", description)
    if not found:
        return description, ""
    return (description[: found.start()] + description[found.end() :]).strip(), found[1]


def holds_of(schema: Schema) -> str:
    """What the property, or each entry of its map or list, holds, where it is no literal."""
    inner = [each for each in (schema.get("additionalProperties"), schema.get("items")) if isinstance(each, dict)]
    holds = schema.get("x-holds") or next((each["x-holds"] for each in inner if "x-holds" in each), "")
    return "" if holds == "literal" else str(holds)


def type_of(schema: Schema, up: str) -> str:
    """The type of a property, in words, with a link where it has a page or a section."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name})" if schema.get(OWN) else reference(name, up)
    if "oneOf" in schema:
        return " or ".join(dict.fromkeys(type_of(form, up) for form in schema["oneOf"]))
    if "enum" in schema:
        return "one of " + ", ".join(f"`{word}`" for word in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {plural(type_of(schema.get('items', {}), up))}{merge_of(schema)}"
    if schema.get("type") == "object" or "properties" in schema:
        return map_of(schema, up)
    return scalar(schema, up)


def reference(name: str, up: str) -> str:
    """A link to a shared part; steps have their own page."""
    page = f"{up}every_step.md" if name in ("step", "steps", "handler") else f"{up}shared.md#{name}"
    return f"[{name}]({page})"


def plural(words: str) -> str:
    return {"map": "maps", "any": "values"}.get(words, words)


def merge_of(schema: Schema) -> str:
    """How layers merge the list, where it is not simply replaced."""
    merge = schema.get("x-merge", "replace")
    if isinstance(merge, dict):
        return f", merged by `{merge['key']}`"
    return {"set": ", a set", "append": ", appended to"}.get(merge, "")


def map_of(schema: Schema, up: str) -> str:
    inner = schema.get("additionalProperties")
    if isinstance(inner, dict):
        return f"map of name to {type_of(inner, up)}"
    return "map"


def scalar(schema: Schema, up: str) -> str:
    """A scalar's type: a reference, a field, or the language's own, with its bounds."""
    if kind := schema.get("x-reference"):
        return f"[{kind}]({up}kinds/{kind}.md)"
    if schema.get("x-field"):
        return "name of a field"
    named = schema.get("x-type", schema.get("type", "any"))
    words = " or ".join(named) if isinstance(named, list) else str(named)
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{words}, {low} to {high}"
    return f"{words}, {low} or more" if low is not None else words


def drift(wanted: Mapping[str, str], folder: Path = LANGUAGE) -> list[str]:
    """The pages under `folder` that are missing, changed, or no longer wanted."""
    there = {file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8") for file in folder.rglob("*.md")}
    return sorted(path for path in {*wanted, *there} if wanted.get(path) != there.get(path))


def write(wanted: Mapping[str, str], folder: Path = LANGUAGE) -> None:
    """Make the pages under `folder` exactly the wanted ones."""
    for path in drift(wanted, folder):
        file = folder / path
        if path in wanted:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(wanted[path], encoding="utf-8")
        else:
            file.unlink()


def main(arguments: list[str]) -> int:
    wanted, shown = pages(), examples_text()
    if arguments == ["--check"]:
        changed = [f"docs/language/{path}" for path in drift(wanted)]
        changed += [SHIPPED.relative_to(ROOT).as_posix()] if shown != read_shipped() else []
        for path in changed:
            print(f"{path} is not as its sources say; run: make docs")
        return 1 if changed else 0
    if arguments:
        print("usage: python docs/generate.py [--check]", file=sys.stderr)
        return 2
    write(wanted)
    SHIPPED.write_text(shown, encoding="utf-8")
    return 0


def read_shipped() -> str:
    """The examples as they lie in the package; empty where they do not."""
    return SHIPPED.read_text(encoding="utf-8") if SHIPPED.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

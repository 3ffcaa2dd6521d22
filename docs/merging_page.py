"""The page on merging: each word of a head, each directive and each lock, in two layers and with what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

SOURCE = Path(__file__).with_name("merging.yaml")

LEAD = """# Merging

How the files of several layers become one rule, word by word; [concepts](../concepts.md#merging) gives the whole
picture. In the examples the layer `bank` is built on the layer `base`, where these rules are, if nothing else is shown:

"""


def merging_page() -> str:
    """The page as Markdown."""
    told = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return LEAD + files_of(told["base"], "base") + "".join(group_of(each) for each in told["groups"])


def group_of(group: Mapping[str, Any]) -> str:
    """A section with its examples."""
    return f"## {group['title']}\n\n{group['says']}\n" + "".join(example_of(each) for each in group["examples"])


def example_of(told: Mapping[str, Any]) -> str:
    """A word: what it does, the files that show it, and what comes out."""
    text = f"### {told['word']}\n\n{told['says']}\n\n" + files_of(told.get("base", {}), "base")
    if "manifest" in told:
        text += fenced("yaml", f"# bank/layer.yaml\nlayer: bank\nversion: 2.0.0\nbuilt_on: [base]\n{told['manifest']}")
    return text + files_of(told["files"], "bank") + outcome_of(told)


def files_of(files: Mapping[str, str], layer: str) -> str:
    """Each file with its path above it."""
    return "".join(
        fenced("text" if path.endswith(".csv") else "yaml", f"# {layer}/{path}\n{text}") for path, text in files.items()
    )


def outcome_of(told: Mapping[str, Any]) -> str:
    """What the rule then says, or what is said instead."""
    if "problem" in told:
        return "What is said:\n\n" + fenced("text", told["problem"])
    seen = f"`{told.get('of', 'dialog/greeting')}`"
    seen += f" for `{told['for']}`" if "for" in told else ""
    seen += f" in `{told['language']}`" if "language" in told else ""
    return f"What {seen} then says:\n\n" + fenced("yaml", written(told["gives"]))


def written(gives: Mapping[str, Any]) -> str:
    """The keys of a rule, items one a line."""
    lines = []
    for name, value in gives.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines += [f"{name}:", *(f"  - {flow(item)}" for item in value)]
        else:
            lines.append(f"{name}: {flow(value)}")
    return "\n".join(lines)


def flow(value: Any) -> str:
    """A value on one line."""
    shown: str = yaml.safe_dump(value, default_flow_style=True, width=1_000, allow_unicode=True, sort_keys=False)
    return shown.removesuffix("\n").removesuffix("...").rstrip()


def fenced(language: str, text: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```\n\n"

"""Problems on the terminal: the rendered text, with the place and the caret in colour."""

from __future__ import annotations

from rich.text import Text

from casewright.cli.console import console
from casewright.source import render
from casewright.source.rendering import Sources
from casewright.values import Problem


def print_problem(problem: Problem, sources: Sources) -> None:
    """Prints one problem: place, code and message, the line with a caret, the other places, the help."""
    console().print(styled(render(problem, sources), problem))


def styled(rendered: str, problem: Problem) -> Text:
    """The rendered problem in colour: the code by its weight, carets, and the help quiet."""
    text = Text(rendered)
    colour = "bold red" if problem.is_error else "bold yellow"
    first = rendered.split("\n", 1)[0]
    start = first.find(f" {problem.code} ") + 1
    text.stylize("dim", 0, start)
    text.stylize(colour, start, start + len(problem.code))
    text.stylize("bold", start + len(problem.code), len(first))
    text.highlight_regex(r"(?m)^ {6}\|\s*\^$", colour)
    text.highlight_regex(r"(?m)^ {2}help:.*(?:\n {8}.*)*", "cyan")
    return text

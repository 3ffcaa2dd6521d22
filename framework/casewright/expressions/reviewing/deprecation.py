"""Reads of fields that their declaration says not to read any more."""

from __future__ import annotations

from collections.abc import Iterator

from casewright.expressions.meaning import Checked
from casewright.expressions.reviewing.remarks import Remark
from casewright.expressions.syntax import Select

DEPRECATED = "W432"


def deprecated_fields(checked: Checked) -> Iterator[Remark]:
    """A remark for each read of a deprecated field, with what its declaration says to read instead."""
    for node, type_ in checked.types.items():
        if type_.declared.deprecated and isinstance(node, Select):
            reference = checked.text[node.start : node.end]
            yield Remark(
                node.end - len(node.field), DEPRECATED, f"{reference} is deprecated", type_.declared.deprecated
            )

"""Layers of rules: the stack, the index, merging with provenance and locks, and the shapes that they are handed."""

from casewright.layers.cells import Entry, History
from casewright.layers.classes import ClassTree
from casewright.layers.files import CLASS_KINDS, Layer, RuleFile
from casewright.layers.index import Layers, Skipped
from casewright.layers.resolved import Head, Resolved
from casewright.layers.shapes import ANY, Shape, shape_of
from casewright.layers.stack import load
from casewright.layers.typing import typed

__all__ = [
    "ANY", "CLASS_KINDS", "ClassTree", "Entry", "Head", "History", "Layer", "Layers", "Resolved", "RuleFile", "Shape",
    "Skipped", "load", "shape_of", "typed",
]  # fmt: skip

"""YAML text to nodes that know their place, and problems to text that shows it."""

from casewright.source.collection import collection_held
from casewright.source.node import Formula, Node, SourceFile
from casewright.source.reading import decoded, read
from casewright.source.rendering import render, render_all, to_json

__all__ = ["Formula", "Node", "SourceFile", "collection_held", "decoded", "read", "render", "render_all", "to_json"]

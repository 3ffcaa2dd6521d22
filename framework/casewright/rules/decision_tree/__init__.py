"""Nested conditions, and what is given where they hold."""

from casewright.rules.contract import rule_kind
from casewright.rules.decision_tree.lower import lower, outline

KIND = rule_kind("decision_tree", __file__, lower, outline=outline, reads_case=True)

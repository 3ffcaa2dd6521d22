"""Rows of tests and what they give."""

from casewright.rules.contract import rule_kind
from casewright.rules.decision_table.lower import lower, outline

KIND = rule_kind("decision_table", __file__, lower, outline=outline, reads_case=True)

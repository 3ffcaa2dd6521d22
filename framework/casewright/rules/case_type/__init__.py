"""A kind of work: its data, its stages and steps, who may begin it, and its clocks."""

from casewright.rules.case_type.lower import lower
from casewright.rules.case_type.outline import outline
from casewright.rules.contract import rule_kind

KIND = rule_kind("case_type", __file__, lower, outline=outline)

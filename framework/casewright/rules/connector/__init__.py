"""An outside system and what it can do."""

from casewright.rules.connector.lower import lower, outline
from casewright.rules.contract import rule_kind

KIND = rule_kind("connector", __file__, lower, outline=outline, is_bound=False)

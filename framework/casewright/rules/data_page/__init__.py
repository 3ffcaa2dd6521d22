"""A named load of data, with its parameters, its source, and how long it may be served."""

from casewright.rules.contract import rule_kind
from casewright.rules.data_page.lower import lower, outline

KIND = rule_kind("data_page", __file__, lower, outline=outline, is_bound=False)

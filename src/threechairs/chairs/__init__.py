"""Who decides: duties, decision rights, RACI rules and segregation of duties.

The facts lie in `datasets/tables/`; this package reads them and holds the rules that work on them.
"""

from threechairs.chairs.decision_models import check_daci, check_rapid
from threechairs.chairs.duties import DecidingFact, Duty, deciding_facts, duties, duty
from threechairs.chairs.raci import Finding, check_raci, valid_rows
from threechairs.chairs.rights import (
    DecisionRight,
    Holding,
    RightsProblem,
    Role,
    accountable_for_acceptance,
    check_rights,
    decision_right,
    decision_rights,
    holds_right,
    roles,
)
from threechairs.chairs.segregation import Conflict, conflict_pairs, count_violations, violations

__all__ = [
    "Conflict",
    "DecidingFact",
    "DecisionRight",
    "Duty",
    "Finding",
    "Holding",
    "RightsProblem",
    "Role",
    "accountable_for_acceptance",
    "check_daci",
    "check_raci",
    "check_rapid",
    "check_rights",
    "conflict_pairs",
    "count_violations",
    "deciding_facts",
    "decision_right",
    "decision_rights",
    "duties",
    "duty",
    "holds_right",
    "roles",
    "valid_rows",
    "violations",
]

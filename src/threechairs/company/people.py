"""Who works for the firm: user accounts, training against phishing, and checks of the programme."""

from __future__ import annotations

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Any, TypeVar

from threechairs.company.draws import Draws
from threechairs.company.made import Made, Maker
from threechairs.company.sites import HEADCOUNT, TODAY, half_up
from threechairs.errors import ContentError

if TYPE_CHECKING:
    from threechairs.company.firm import Firm

TRIES = 1000
T = TypeVar("T")

IT = "information technology"
# Of a thousand: staff, and the smaller number of people with an account in business systems.
STAFF = {
    "ports": 300,
    "freight": 220,
    "clinics": 200,
    "facilities": 60,
    IT: 60,
    "security": 40,
    "information security": 10,
    "finance": 40,
    "procurement": 20,
    "human resources": 20,
    "legal": 10,
    "sales": 20,
}
_ACCOUNTS = {**STAFF, "ports": 140, "freight": 190, "clinics": 210, IT: 160, "finance": 90, "information security": 40}
_KIND_OF_SITE = {"ports": "port", "freight": "freight", "clinics": "clinic"}
_PEOPLE_PER_MANAGER = 12
_MEAN_DAYS_SINCE_LEAVING = 60
# Share of staff, and how often they click compared with everybody; the mean of the second is 1.
_ROLE_RISK = {"low": (0.5, 0.75), "medium": (0.3, 1.0), "high": (0.2, 1.625)}
_CLICK_BEFORE = 0.12
_CLICK_AFTER = {True: 0.05, False: 0.11}
# Bounds of a training table with one clear lesson: trained people click less, and each wrong sum gives another number.
_RELATIVE_RISK = (0.28, 0.7)
_RISKS_APART = 0.01
_MEAN_OF_RATES_APART = 0.01
# Part of the programme, function of the NIST Cybersecurity Framework 2.0, who answers for it.
_PARTS = (
    ("policies", "govern", "ciso"),
    ("suppliers", "govern", "third-party-risk"),
    ("list of assets", "identify", "it-ops"),
    ("risk assessment", "identify", "system-owner"),
    ("access", "protect", "iam-team"),
    ("training", "protect", "ciso"),
    ("patches", "protect", "it-ops"),
    ("badges and cameras", "protect", "facilities"),
    ("monitoring", "detect", "soc"),
    ("log keeping", "detect", "it-ops"),
    ("exercises", "respond", "incident-lead"),
    ("restoring from backup", "recover", "it-ops"),
)
_CHECKERS = {"internal-audit": 5, "ciso": 3, "cso": 1, "cio": 1}
_RESULTS = {"met": 70, "partly": 20, "not met": 10}


def users(firm: Firm, draws: Draws, *, accounts: int = 1200, left: Sequence[int] = (36, 60)) -> Made:
    """People with an account in business systems, one row per person.

    Parameters
    ----------
    firm : Firm
        For its sites.
    draws : Draws
        The firm's stream for this table.
    accounts : int, default 1200
        Number of people.
    left : pair of int, default (36, 60)
        Smallest and largest number of those who have left the firm; nobody's manager is among them.

    Returns
    -------
    Made
        Columns `user_id` (`"U0001"`), `department`, `site_id`, `manager_id` (of the same department; `None` for its
        head) and `left_on` (a day before 2 March 2026, or `None`). The key counts who has `left`.

    Examples
    --------
    >>> from threechairs.company.firm import Firm
    >>> len(Firm("alice", "demo").rows("users"))
    1200
    """
    share, sites = draws.share, firm.rows("sites")
    everywhere = [(site["site_id"], site["headcount"]) for site in sites]
    pick_site = {
        department: _picker([(site["site_id"], site["headcount"]) for site in sites if site["kind"] == kind])
        for department, kind in _KIND_OF_SITE.items()
    }
    pick_department, pick_any_site = _picker(_ACCOUNTS.items()), _picker(everywhere)
    rows = []
    members = defaultdict(list)
    for number in range(1, accounts + 1):
        department, user = pick_department(share()), f"U{number:04}"
        site = pick_site.get(department, pick_any_site)(share())
        members[department].append(user)
        rows.append({"user_id": user, "department": department, "site_id": site, "manager_id": None, "left_on": None})
    managers = {department: own[1 : 1 + len(own) // _PEOPLE_PER_MANAGER] for department, own in members.items()}
    heads = {own[0] for own in members.values()}
    busy = heads.union(*managers.values())
    for row in rows:
        own = managers[row["department"]]
        if row["user_id"] not in heads:
            is_manager = row["user_id"] in busy
            row["manager_id"] = members[row["department"]][0] if is_manager or not own else draws.pick(own)
    gone = draws.sample([row for row in rows if row["user_id"] not in busy], draws.whole(*left))
    for row in gone:
        days = min(1 + int(draws.exponential(_MEAN_DAYS_SINCE_LEAVING)), 360)
        row["left_on"] = (TODAY - timedelta(days=days)).isoformat()
    return Made(tuple(rows), {"left": len(gone)})


def training(_firm: Firm, draws: Draws, *, people: int = HEADCOUNT) -> Made:
    """Training against phishing and two tests of it, one row per person.

    Parameters
    ----------
    draws : Draws
        The firm's stream for this table.
    people : int, default 4200
        Number of people.

    Returns
    -------
    Made
        Columns `employee_id` (`"E0001"`), `department`, `role_risk` (`"low"`, `"medium"`, `"high"`), `completed`,
        `click_before` (true for 12 %) and `click_after` (true for 5 % of those who completed the training, 11 % of
        the others). High-risk roles click about twice as often as low-risk ones. The key counts `completed`,
        `high_risk_open` (high-risk roles that did not complete it), `clicked_trained` and `clicked_untrained`.

    Raises
    ------
    ContentError
        If no table of that many people shows what the training did.

    Examples
    --------
    >>> from threechairs.company.firm import Firm
    >>> training_faults(Firm("alice", "demo").rows("training"))
    []
    """
    share = draws.share
    pick_department = _picker(STAFF.items())
    pick_risk = _picker([(risk, weight) for risk, (weight, _) in _ROLE_RISK.items()])
    before = {risk: _CLICK_BEFORE * times for risk, (_, times) in _ROLE_RISK.items()}
    after = {(risk, done): p * times for risk, (_, times) in _ROLE_RISK.items() for done, p in _CLICK_AFTER.items()}
    for _ in range(TRIES):
        rates = _completion_rates(draws)
        rows = []
        for number in range(1, people + 1):
            department, risk = pick_department(share()), pick_risk(share())
            done = share() < rates[department]
            rows.append(
                {
                    "employee_id": f"E{number:04}",
                    "department": department,
                    "role_risk": risk,
                    "completed": done,
                    "click_before": share() < before[risk],
                    "click_after": share() < after[risk, done],
                }
            )
        if not training_faults(rows):
            return Made(tuple(rows), _training_key(rows))
    raise ContentError(
        "training",
        f"none of {TRIES} tables of {people} people shows what the training did",
        next_step="Give the table more people.",
    )


def training_faults(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What makes a training table a poor exercise; empty for a good one.

    Examples
    --------
    >>> training_faults([{"department": "sales", "completed": True, "click_before": False, "click_after": True}])
    ['a group is empty']
    """
    people = Counter(row["completed"] for row in rows)
    clicks = Counter(row["completed"] for row in rows if row["click_after"])
    earlier = Counter(row["completed"] for row in rows if row["click_before"])
    if min(people[True], people[False], clicks[False], clicks[True], earlier[True]) == 0:
        return ["a group is empty"]
    risk = clicks[True] / people[True] / (clicks[False] / people[False])
    misread = {
        "the fall from before to after": clicks[True] / earlier[True],
        "the fall of all": clicks.total() / earlier.total(),
        "the share of clicks": clicks[False] / clicks.total(),
        "the reduction": 1 - risk,
    }
    found = [f"{way} is close to the relative risk" for way, o in misread.items() if abs(o - risk) < _RISKS_APART]
    if not _RELATIVE_RISK[0] <= risk <= _RELATIVE_RISK[1]:
        found.append("the training does not show")
    done = Counter(row["department"] for row in rows if row["completed"])
    staff = Counter(row["department"] for row in rows)
    mean = sum(done[department] / number for department, number in staff.items()) / len(staff)
    if abs(mean - people[True] / len(rows)) < _MEAN_OF_RATES_APART:
        found.append("the mean of the departments is close to the share of all")
    return found


def checks(
    _firm: Firm,
    draws: Draws,
    *,
    rows: int = 300,
    overdue: Sequence[int] = (10, 24),
    own_work: Sequence[int] = (8, 16),
    without_owner: Sequence[int] = (5, 9),
) -> Made:
    """Checks of the security programme, done and to be done, one row per check.

    Parameters
    ----------
    draws : Draws
        The firm's stream for this table.
    rows : int, default 300
        Number of checks, at least 120.
    overdue, own_work, without_owner : pair of int
        Smallest and largest number of checks that should have been done and are not, whose checker answers for the
        work, and for whose part of the programme nobody answers. No check has two of these faults.

    Returns
    -------
    Made
        Columns `check_id` (`"C001"`), `part`, `function` (of the NIST Cybersecurity Framework 2.0), `owner` and
        `checked_by` (roles; `owner` may be `None`), `due_on`, `done_on` (`None` if not done) and `result` (`"met"`,
        `"partly"`, `"not met"`; `None` if not done). The key counts the three faults, and `not_yet_due`.

    Examples
    --------
    >>> from threechairs.company.firm import Firm
    >>> sorted(Firm("alice", "demo").key("checks"))
    ['not_yet_due', 'overdue', 'own_work', 'without_owner']
    """
    counts = {
        "overdue": draws.whole(*overdue),
        "not_yet_due": rows // 10 + draws.whole(0, rows // 15),
        "own_work": draws.whole(*own_work),
        "without_owner": draws.whole(*without_owner),
    }
    marks = [mark for mark, number in counts.items() for _ in range(number)]
    found = []
    for number, mark in enumerate(draws.sample(marks + [""] * (rows - len(marks)), rows), start=1):
        part, function, owner = draws.pick(_PARTS)
        checker = draws.weighted({role: weight for role, weight in _CHECKERS.items() if role != owner})
        due = TODAY + timedelta(days=draws.whole(5, 120) if mark == "not_yet_due" else -draws.whole(5, 365))
        done = None
        if mark not in {"overdue", "not_yet_due"}:
            done = min(due + timedelta(days=half_up(draws.between(0, 35)) - 25), TODAY - timedelta(days=1))
        found.append(
            {
                "check_id": f"C{number:03}",
                "part": part,
                "function": function,
                "owner": None if mark == "without_owner" else owner,
                "checked_by": owner if mark == "own_work" else checker,
                "due_on": due.isoformat(),
                "done_on": done and done.isoformat(),
                "result": done and draws.weighted(_RESULTS),
            }
        )
    return Made(tuple(found), counts)


def _completion_rates(draws: Draws) -> dict[str, float]:
    """Share of each department that completes the training: small departments are expected to be unlike large ones."""
    whole = sum(STAFF.values())
    for _ in range(TRIES):
        overall = draws.between(0.72, 0.88)
        rates = {department: min(overall + draws.between(-0.15, 0.12), 0.97) for department in STAFF}
        weighted = sum(rates[department] * staff for department, staff in STAFF.items()) / whole
        if abs(sum(rates.values()) / len(rates) - weighted) >= 2 * _MEAN_OF_RATES_APART:
            break
    return rates


def _training_key(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return {
        "completed": sum(row["completed"] for row in rows),
        "high_risk_open": sum(row["role_risk"] == "high" and not row["completed"] for row in rows),
        "clicked_trained": sum(row["completed"] and row["click_after"] for row in rows),
        "clicked_untrained": sum(row["click_after"] and not row["completed"] for row in rows),
    }


def _picker(weights: Iterable[tuple[T, float]]) -> Callable[[float], T]:
    """Turns a share of 0 to 1 into one of the options, each as likely as its weight says.

    Quicker than `Draws.weighted` where the same options are drawn thousands of times.
    """
    options, sizes = zip(*weights, strict=True)
    *ends, whole = accumulate(sizes)
    return lambda share: options[bisect(ends, share * whole)]


MAKERS: dict[str, Maker] = {
    "users": users,
    "training": training,
    "checks": checks,
}

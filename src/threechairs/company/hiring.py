"""Posts that stood empty, and how many people got how far on the way to them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from threechairs.company.draws import Draws
from threechairs.company.made import Made, Maker
from threechairs.company.sites import half_up
from threechairs.errors import ContentError

if TYPE_CHECKING:
    from threechairs.company.firm import Firm

TRIES = 1000
# Post, chair it reports to, main skill, usual salary a year.
_JOBS = (
    ("regional security manager", "cso", "sites", 78_000),
    ("investigator", "cso", "investigation", 66_000),
    ("crisis planner", "cso", "crisis planning", 64_000),
    ("shift analyst", "ciso", "detection", 58_000),
    ("incident lead", "ciso", "detection", 88_000),
    ("security architect", "ciso", "architecture", 98_000),
    ("supplier risk analyst", "ciso", "supplier risk", 62_000),
    ("platform engineer", "cio", "cloud", 82_000),
    ("integration developer", "cio", "software", 74_000),
    ("enterprise architect", "cio", "architecture", 102_000),
)
_STEPS = ("applied", "screened", "interviewed", "offered", "accepted")
_PASS, _PASS_AT_LEAK = (0.5, 0.75), (0.25, 0.32)
_LEAK_AHEAD = 0.8
_RATIOS_APART = 1.05


def open_roles(_firm: Firm, draws: Draws, *, rows: int = 60) -> Made:
    """Posts that were filled in 2025, and how long each stood empty, one row per post.

    Parameters
    ----------
    draws : Draws
        The firm's stream for this table.
    rows : int, default 60
        Number of posts.

    Returns
    -------
    Made
        Columns `opening_id` (`"O01"`), `job`, `chair` (`"cso"`, `"ciso"`, `"cio"`), `main_skill`, `salary_eur` (a
        year), `opened_on`, `filled_on` (within 2025) and `days_to_fill` (gamma with shape 4 and scale 22: mean 88).
        The key has the sum, `vacancy_days`.

    Examples
    --------
    >>> from threechairs.company.firm import Firm
    >>> len(Firm("alice", "demo").rows("open_roles"))
    60
    """
    found = []
    for number in range(1, rows + 1):
        job, chair, skill, salary = draws.pick(_JOBS)
        days = max(5, half_up(draws.gamma(4, 22)))
        filled = date(2025, 1, 1) + timedelta(days=draws.whole(0, 364))
        found.append(
            {
                "opening_id": f"O{number:02}",
                "job": job,
                "chair": chair,
                "main_skill": skill,
                "salary_eur": 500 * half_up(draws.lognormal(salary, 0.12) / 500),
                "opened_on": (filled - timedelta(days=days)).isoformat(),
                "filled_on": filled.isoformat(),
                "days_to_fill": days,
            }
        )
    return Made(tuple(found), {"vacancy_days": sum(row["days_to_fill"] for row in found)})


def hiring_funnel(firm: Firm, draws: Draws) -> Made:
    """How many people got how far for each filled post, one row per post.

    Parameters
    ----------
    firm : Firm
        For its open roles.
    draws : Draws
        The firm's stream for this table.

    Returns
    -------
    Made
        Columns `opening_id`, then `applied`, `screened`, `interviewed`, `offered` and `accepted` (always 1), each no
        more than the one before. Of all posts together, one step lets clearly fewer people pass than any other; the
        key names it as `leak`. The share of all applicants who were hired is not the mean of the posts' shares.

    Raises
    ------
    ContentError
        If no draw has one clear leak.

    Examples
    --------
    >>> from threechairs.company.firm import Firm
    >>> firm = Firm("alice", "demo")
    >>> leaking_step(firm.rows("hiring_funnel")) == firm.key("hiring_funnel")["leak"]
    True
    """
    openings = [row["opening_id"] for row in firm.rows("open_roles")]
    for _ in range(TRIES):
        leak = draws.pick(_STEPS[1:])
        # From the last step to the first: for every 10 who pass with a rate of 0.25, about 30 do not.
        odds = {step: 1 / draws.between(*(_PASS_AT_LEAK if step == leak else _PASS)) - 1 for step in _STEPS[1:]}
        rows = []
        for opening in openings:
            passed, reached = 1, {"accepted": 1}
            for before, step in zip(_STEPS[-2::-1], _STEPS[:0:-1], strict=True):
                passed += draws.poisson(passed * odds[step])
                reached[before] = passed
            rows.append({"opening_id": opening, **{step: reached[step] for step in _STEPS}})
        if leaking_step(rows) == leak and _ratios_apart(rows):
            return Made(tuple(rows), {"leak": leak})
    raise ContentError("hiring_funnel", f"none of {TRIES} tables of {len(openings)} posts has one clear leak")


def leaking_step(rows: Sequence[Mapping[str, Any]]) -> str | None:
    """The step that clearly fewer people pass than any other; `None` if no step stands out.

    Examples
    --------
    >>> leaking_step([{"applied": 20, "screened": 10, "interviewed": 6, "offered": 1, "accepted": 1}])
    'offered'
    """
    totals = [sum(row[step] for row in rows) for step in _STEPS]
    rates = {step: after / before for step, (before, after) in zip(_STEPS[1:], itertools.pairwise(totals), strict=True)}
    lowest, next_lowest = sorted(rates, key=rates.__getitem__)[:2]
    return lowest if rates[lowest] <= _LEAK_AHEAD * rates[next_lowest] else None


def _ratios_apart(rows: Sequence[Mapping[str, Any]]) -> bool:
    """True if the mean of the posts' hiring rates is well above the rate of all posts together."""
    together = len(rows) / sum(row["applied"] for row in rows)
    return bool(sum(1 / row["applied"] for row in rows) / len(rows) >= _RATIOS_APART * together)


MAKERS: dict[str, Maker] = {"open_roles": open_roles, "hiring_funnel": hiring_funnel}

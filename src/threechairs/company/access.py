"""Who may see what: the data stores of the firm, and the rights to them after a review."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from threechairs.company.draws import Draws
from threechairs.company.made import Made, Maker
from threechairs.company.people import IT
from threechairs.company.sites import TODAY, half_up
from threechairs.errors import ContentError

if TYPE_CHECKING:
    from threechairs.company.firm import Firm

TRIES = 1000
# What a department keeps, how often; personal and health data are sensitive.
_CLASSES: Mapping[str, Mapping[str, float]] = {
    "clinics": {"health": 70, "personal": 20, "internal": 10},
    "human resources": {"personal": 85, "confidential": 15},
    "sales": {"personal": 60, "internal": 30, "public": 10},
    "security": {"personal": 60, "confidential": 40},
    "finance": {"confidential": 60, "personal": 20, "internal": 20},
    "legal": {"confidential": 90, "personal": 10},
    "procurement": {"confidential": 50, "internal": 50},
    "ports": {"internal": 60, "personal": 20, "confidential": 15, "public": 5},
    "freight": {"internal": 60, "personal": 20, "confidential": 15, "public": 5},
}
SENSITIVE = frozenset({"personal", "health"})
_KIND_OF_SITE = {"ports": "port", "freight": "freight", "clinics": "clinic"}
_COUNTRY_AHEAD = 1.05
_READ, _WRITE = 0.70, 0.94  # the rest are administrators
_FEWEST_PER_STORE, _MOST_PER_STORE = 8, 400
_SPEARMAN = (0.4, 0.6)
_PULL, _SPREAD = 0.31, 0.55  # of criticality, and of everything else
_MEAN_DAYS_UNUSED = 45
_DORMANT_DAYS, _STAMP_SECONDS = 90, 5
_MEDIAN_SECONDS, _SIGMA_SECONDS = 25, 0.8
_REVOKED = {False: 0.11, True: 0.45}  # by whether it is dormant or its user has left
_FEWEST_ON_THE_LINE = 8  # rights unused for 90 days exactly, and decisions in 5 seconds: neither is a fault


def data_stores(
    firm: Firm,
    draws: Draws,
    *,
    rows: int = 90,
    without_owner: Sequence[int] = (4, 9),
    owned_by_it: Sequence[int] = (5, 10),
) -> Made:
    """Where data lies, and whose it is, one row per store.

    Parameters
    ----------
    firm : Firm
        For its sites, applications and users.
    draws : Draws
        The firm's stream for this table.
    rows : int, default 90
        Number of stores, each of another application.
    without_owner, owned_by_it : pair of int
        Smallest and largest number of stores that nobody owns, and of those that somebody in IT owns although the
        data are another department's.

    Returns
    -------
    Made
        Columns `store_id` (`"DS01"`), `app_id`, `criticality` (of the application), `site_id` and `country` (where it
        lies), `department` (whose data they are, never IT), `data_class` (`"public"`, `"internal"`,
        `"confidential"`, `"personal"`, `"health"`), `records` (lognormal, median 40,000, sigma 1.6) and `owner_id` (a
        user who is there, or `None`). The key counts both faults and names `country_with_most_sensitive_records`,
        which is clearly ahead of the next; `SENSITIVE` has the classes.

    Raises
    ------
    ContentError
        If no table has such a country.

    Examples
    --------
    >>> from threechairs.company.firm import Firm
    >>> len(Firm("alice", "demo").rows("data_stores"))
    90
    """
    applications = [app for app in firm.rows("applications") if app["owner"] in _CLASSES]
    members = defaultdict(list)
    for user in firm.rows("users"):
        if not user["left_on"]:
            members[user["department"]].append(user["user_id"])
    sites = firm.rows("sites")
    by_kind = {kind: [one for one in sites if kind in {None, one["kind"]}] for kind in (None, *_KIND_OF_SITE.values())}
    faults = {"without_owner": draws.whole(*without_owner), "owned_by_it": draws.whole(*owned_by_it)}
    marks = [mark for mark, number in faults.items() for _ in range(number)]
    marks = draws.sample(marks + [""] * (rows - len(marks)), rows)
    found: list[dict[str, Any]] = []
    apps = sorted(draws.sample(applications, rows), key=lambda app: str(app["app_id"]))
    for number, (mark, app) in enumerate(zip(marks, apps, strict=True), start=1):
        department = app["owner"]
        kind = _KIND_OF_SITE.get(department)
        site = draws.pick([one for one in sites if app["site_id"] == one["site_id"]] or by_kind[kind])
        owner = draws.pick(members[IT if mark == "owned_by_it" else department])
        found.append(
            {
                "store_id": f"DS{number:02}",
                "app_id": app["app_id"],
                "criticality": app["criticality"],
                "site_id": site["site_id"],
                "country": site["country"],
                "department": department,
                "data_class": draws.weighted(_CLASSES[department]),
                "records": 0,
                "owner_id": None if mark == "without_owner" else owner,
            }
        )
    for _ in range(TRIES):
        per_country: dict[str, int] = defaultdict(int)
        for row in found:
            row["records"] = max(1, half_up(draws.lognormal(40_000, 1.6)))
            per_country[row["country"]] += row["records"] * (row["data_class"] in SENSITIVE)
        first, second = sorted(per_country, key=per_country.__getitem__)[:-3:-1]
        if per_country[first] >= _COUNTRY_AHEAD * per_country[second]:
            return Made(tuple(found), {**faults, "country_with_most_sensitive_records": first})
    raise ContentError("data_stores", f"none of {TRIES} tables has a country clearly ahead")


def entitlements(
    firm: Firm,
    draws: Draws,
    *,
    rows: int = 6000,
    orphans: Sequence[int] = (90, 150),
    dormant: Sequence[int] = (720, 890),
    unreviewed: Sequence[int] = (240, 480),
    rubber_stamps: Sequence[int] = (960, 1100),
) -> Made:
    """Rights to data stores after a review by managers, one row per user and store.

    Parameters
    ----------
    firm : Firm
        For its users and data stores.
    draws : Draws
        The firm's stream for this table.
    rows : int, default 6000
        Number of rights.
    orphans, dormant, unreviewed, rubber_stamps : pair of int
        Smallest and largest number of rights whose user has left; that nobody used for more than 90 days; that
        nobody decided on; and that were decided in less than 5 seconds, all of them to keep. A right may have several
        of these faults. Some managers decide everything that quickly, so their number of rubber stamps is at least
        the smallest, and stops growing with the manager who reaches it.

    Returns
    -------
    Made
        Columns `user_id`, `store_id`, `level` (`"read"`, `"write"`, `"admin"`), `last_used_days` (before 2 March
        2026; exponential with mean 45), `manager_decision` (`"keep"`, `"revoke"`, `"none"`) and `seconds_to_decide`
        (`None` without a decision). Stores of critical applications have more rights: Spearman's correlation is 0.4
        to 0.6. The key counts the four faults, and the `stamping_managers`.

    Raises
    ------
    ContentError
        If no table has such counts.

    Examples
    --------
    >>> from threechairs.company.firm import Firm
    >>> len(Firm("alice", "demo").rows("entitlements"))
    6000
    """
    stores = firm.rows("data_stores")
    people = firm.rows("users")
    for _ in range(TRIES):
        counts = {
            "orphans": draws.whole(*orphans),
            "dormant": draws.whole(*dormant),
            "unreviewed": draws.whole(*unreviewed),
        }
        rights = _rights(draws, stores, people, rows, counts["orphans"])
        _use(draws, rights, people, counts["dormant"])
        managers = _review(draws, rights, people, counts["unreviewed"], rubber_stamps[0])
        stamps = sum((right["seconds_to_decide"] or _STAMP_SECONDS) < _STAMP_SECONDS for right in rights)
        if rubber_stamps[0] <= stamps <= rubber_stamps[1] and _lines_matter(rights):
            return Made(tuple(rights), {**counts, "rubber_stamps": stamps, "stamping_managers": managers})
    raise ContentError("entitlements", f"none of {TRIES} tables of {rows} rights has the faults asked for")


def spearman(first: Sequence[float], second: Sequence[float]) -> float:
    """Spearman's rank correlation, with the mean rank for equal numbers.

    Examples
    --------
    >>> spearman([1, 2, 3], [10, 20, 900]), spearman([1, 2, 2, 3], [4, 3, 2, 1])
    (1.0, -0.9486832980505138)
    """
    x, y = _ranks(first), _ranks(second)
    middle = sum(x) / len(x)
    covariance = sum((a - middle) * (b - middle) for a, b in zip(x, y, strict=True))
    return covariance / math.sqrt(sum((a - middle) ** 2 for a in x) * sum((b - middle) ** 2 for b in y))


def _ranks(values: Sequence[float]) -> list[float]:
    ordered = sorted(values)
    return [(bisect_left(ordered, value) + bisect_right(ordered, value)) / 2 for value in values]


def _rights(
    draws: Draws,
    stores: Sequence[Mapping[str, Any]],
    people: Sequence[Mapping[str, Any]],
    rows: int,
    orphans: int,
) -> list[dict[str, Any]]:
    """Who has a right to what; no user has two rights to one store."""
    share = draws.share
    left = [user["user_id"] for user in people if user["left_on"]]
    present = [user["user_id"] for user in people if not user["left_on"]]
    orphaned = set(draws.sample(range(rows), orphans))
    rights: list[dict[str, Any]] = []
    for store, number in zip(stores, _per_store(draws, [store["criticality"] for store in stores], rows), strict=True):
        holders: set[str] = set()
        while len(holders) < number:
            group = left if len(rights) in orphaned else present
            user = group[int(share() * len(group))]
            if user not in holders:
                holders.add(user)
                mark = share()
                level = "read" if mark < _READ else "write" if mark < _WRITE else "admin"
                rights.append({"user_id": user, "store_id": store["store_id"], "level": level})
    return rights


def _per_store(draws: Draws, criticality: Sequence[int], rows: int) -> list[int]:
    """Number of rights per store: it grows with criticality, but not for each store."""
    spare = rows - _FEWEST_PER_STORE * len(criticality)
    for _ in range(TRIES):
        weights = [math.exp(_PULL * level + _SPREAD * draws.normal()) for level in criticality]
        whole, so_far, ends = sum(weights), 0.0, [0]
        for weight in weights:
            so_far += weight
            ends.append(half_up(spare * so_far / whole))
        numbers = [_FEWEST_PER_STORE + high - low for low, high in itertools.pairwise(ends)]
        if max(numbers) <= _MOST_PER_STORE and _SPEARMAN[0] <= spearman(criticality, numbers) <= _SPEARMAN[1]:
            return numbers
    raise ContentError("entitlements", f"none of {TRIES} spreads of {rows} rights over the stores will do")


def _use(draws: Draws, rights: list[dict[str, Any]], people: Sequence[Mapping[str, Any]], dormant: int) -> None:
    """When each right was last used: not after its user left, and for more than 90 days not in `dormant` rows."""
    days_gone = {
        user["user_id"]: (TODAY - date.fromisoformat(user["left_on"])).days for user in people if user["left_on"]
    }
    others = []
    for right in rights:
        gone = days_gone.get(right["user_id"])
        if gone is None:
            others.append(right)
        else:
            right["last_used_days"] = gone + int(draws.exponential(_MEAN_DAYS_UNUSED))
            dormant -= right["last_used_days"] > _DORMANT_DAYS
    # An exponential number above a line is the line and an exponential number; below it, its share is cut off.
    line = _DORMANT_DAYS + 0.5
    below = -math.expm1(-line / _MEAN_DAYS_UNUSED)
    asleep = set(draws.sample(range(len(others)), dormant))
    for at, right in enumerate(others):
        days = (
            line + draws.exponential(_MEAN_DAYS_UNUSED)
            if at in asleep
            else -_MEAN_DAYS_UNUSED * math.log1p(-below * draws.share())
        )
        right["last_used_days"] = half_up(days)


def _review(
    draws: Draws, rights: list[dict[str, Any]], people: Sequence[Mapping[str, Any]], unreviewed: int, stamps: int
) -> int:
    """What the managers decided, and how quickly; the number of managers who decide without a look."""
    manager_of = {user["user_id"]: user["manager_id"] for user in people}
    left = {user["user_id"] for user in people if user["left_on"]}
    open_still = set(draws.sample(range(len(rights)), unreviewed))
    piles: dict[str | None, int] = defaultdict(int)
    for at, right in enumerate(rights):
        if at not in open_still:
            piles[manager_of[right["user_id"]]] += 1
    piles.pop(None, None)
    stampers: set[str | None] = set()
    for manager in draws.sample(list(piles), len(piles)):
        if stamps <= 0:
            break
        stampers.add(manager)
        stamps -= piles[manager]
    for at, right in enumerate(rights):
        if at in open_still:
            decision, seconds = "none", None
        elif manager_of[right["user_id"]] in stampers:
            decision, seconds = "keep", draws.whole(1, _STAMP_SECONDS - 1)
        else:
            idle = right["last_used_days"] > _DORMANT_DAYS or right["user_id"] in left
            decision = "revoke" if draws.chance(_REVOKED[idle]) else "keep"
            seconds = max(_STAMP_SECONDS, half_up(draws.lognormal(_MEDIAN_SECONDS, _SIGMA_SECONDS)))
        right["manager_decision"], right["seconds_to_decide"] = decision, seconds
    return len(stampers)


def _lines_matter(rights: Sequence[Mapping[str, Any]]) -> bool:
    """True if it is seen in the count who takes 90 days, or 5 seconds, for a fault."""
    days = sum(right["last_used_days"] == _DORMANT_DAYS for right in rights)
    seconds = sum(right["seconds_to_decide"] == _STAMP_SECONDS for right in rights)
    return bool(min(days, seconds) >= _FEWEST_ON_THE_LINE)


MAKERS: dict[str, Maker] = {"data_stores": data_stores, "entitlements": entitlements}

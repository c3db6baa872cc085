"""The applications of the firm: what they cost, how old they are, who owns them, and which nobody mends any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from threechairs.company.draws import Draws
from threechairs.company.made import Made, Maker
from threechairs.company.sites import half_up
from threechairs.errors import ContentError

if TYPE_CHECKING:
    from threechairs.company.firm import Firm

APPLICATIONS = 320
CRITICAL = 4
TRIES = 1000
# What the systems of a department are about; any of these and any of the forms make a name.
_SUBJECTS = {
    "ports": (
        *("Berth", "Crane", "Gate", "Yard", "Pilot", "Mooring", "Weighbridge"),
        *("Tug", "Dredging", "Quay power", "Lashing", "Ship waste", "Reefer", "Tally"),
    ),
    "freight": (
        *("Truck", "Rail slot", "Customs", "Warehouse", "Pallet", "Route", "Driver"),
        *("Fuel", "Cold chain", "Parcel", "Tariff", "Container lease", "Loading dock", "Freight claim"),
    ),
    "clinics": (
        *("Appointment", "Patient", "Ward", "Pharmacy", "Laboratory", "X-ray"),
        *("Vaccine", "Ambulance", "Bed", "Referral", "Diet", "Sterile goods"),
    ),
    "finance": ("Invoice", "Payment", "Ledger", "Tax", "Treasury", "Purchase", "Asset", "Travel cost", "Credit"),
    "human resources": ("Payroll", "Shift", "Leave", "Recruiting", "Training", "Pension", "Appraisal"),
    "information technology": ("Ticket", "Network", "Backup", "Licence", "Device", "Directory", "Print", "Change"),
    "information security": ("Weakness", "Alert", "Exception"),
    "security": ("Badge", "Camera", "Alarm", "Visitor", "Key", "Patrol"),
    "facilities": ("Repair", "Heating", "Cleaning", "Power"),
    "procurement": ("Tender", "Supplier", "Stock"),
    "sales": ("Quotation", "Customer", "Complaint"),
    "legal": ("Lawsuit", "Permit", "Privacy request", "Sanctions check"),
}
_FORMS = ("archive", "dashboard", "forms", "interface", "planning", "portal", "records", "reports")
_KIND_OF_SITE = {"ports": "port", "freight": "freight", "clinics": "clinic"}
_AT_ONE_SITE = 0.45
_CRITICALITY = {1: 22, 2: 38, 3: 26, CRITICAL: 14}
_UNSUPPORTED_CRITICAL = (8, 20)
_UNSUPPORTED_PER_YEAR = 0.022  # share of the less critical that lost support, per year of age
_MFA_WHEN_NEW, _MFA_PER_YEAR = 0.98, 0.05
_MFA_BOUNDS = (0.10, 0.95)


def applications(firm: Firm, draws: Draws, *, unsupported_critical: Sequence[int] = _UNSUPPORTED_CRITICAL) -> Made:
    """The applications of the firm, one row each.

    Parameters
    ----------
    firm : Firm
        For its sites.
    draws : Draws
        The firm's stream for this table.
    unsupported_critical : pair of int, default (8, 20)
        Smallest and largest number of critical applications whose maker no longer mends them.

    Returns
    -------
    Made
        Columns `app_id` (`"APP001"` to `"APP320"`), `name` (no two alike), `owner` (a department), `site_id` (`None`
        if it serves the whole group), `value_score` (1 to 10, rises with criticality), `annual_cost_eur` (lognormal,
        median EUR 90,000, sigma 0.9), `age_years` (gamma, mean 8.8, one decimal), `criticality` (1 to 4; 4 is
        critical), `mfa` (the older, the rarer) and `supported` (the older, the rarer). The key counts
        `unsupported_critical` and adds up `total_cost_eur`; no other way to count in `misleading` gives the same
        count.

    Raises
    ------
    ContentError
        If no table with that many will do.

    Examples
    --------
    >>> from threechairs.company.firm import Firm
    >>> made = applications(Firm("alice", "demo"), Draws("alice", "demo"))
    >>> len(made.rows), made.rows[0]["app_id"], 8 <= made.key["unsupported_critical"] <= 20
    (320, 'APP001', True)
    """
    sites = firm.rows("sites")
    for _ in range(TRIES):
        planted = draws.whole(*unsupported_critical)
        rows = _draw(draws, sites)
        critical = [row for row in rows if row["criticality"] == CRITICAL]
        # mostly the old ones, but not strictly by age
        critical.sort(key=lambda row: row["age_years"] * draws.between(0.5, 1.5), reverse=True)
        for place, row in enumerate(critical):
            row["supported"] = place >= planted
        if planted < len(critical) and planted not in misleading(rows).values():
            total = sum(row["annual_cost_eur"] for row in rows)
            return Made(tuple(rows), {"unsupported_critical": planted, "total_cost_eur": total})
    raise ContentError(
        "applications", f"'unsupported_critical' is {list(unsupported_critical)}: none of {TRIES} tables will do"
    )


def misleading(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """What comes out, by the way to count, when the critical applications without support are counted wrongly."""
    alone = [row for row in rows if not row["supported"]]
    return {
        "all critical": sum(row["criticality"] == CRITICAL for row in rows),
        "all without support": len(alone),
        "scale read backwards": sum(row["criticality"] == 1 for row in alone),
        "3 taken for critical": sum(row["criticality"] >= CRITICAL - 1 for row in alone),
        "only those without MFA": sum(row["criticality"] == CRITICAL and not row["mfa"] for row in alone),
    }


def _draw(draws: Draws, sites: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A table in which the support of the critical ones is still open."""
    everywhere = [site["site_id"] for site in sites]
    places = {
        owner: [site["site_id"] for site in sites if site["kind"] == kind] for owner, kind in _KIND_OF_SITE.items()
    }
    names = [(owner, f"{subject} {form}") for owner in _SUBJECTS for subject in _SUBJECTS[owner] for form in _FORMS]
    rows: list[dict[str, Any]] = []
    for number, (owner, name) in enumerate(draws.sample(names, APPLICATIONS), start=1):
        age = half_up(10 * draws.gamma(2.2, 4.0)) / 10
        criticality = draws.weighted(_CRITICALITY)
        low, high = _MFA_BOUNDS
        rows.append(
            {
                "app_id": f"APP{number:03}",
                "name": name,
                "owner": owner,
                "site_id": draws.pick(places.get(owner, everywhere)) if draws.chance(_AT_ONE_SITE) else None,
                "value_score": min(10, max(1, half_up(2 + 1.4 * criticality + draws.normal(0.0, 1.8)))),
                "annual_cost_eur": half_up(draws.lognormal(90_000, 0.9)),
                "age_years": age,
                "criticality": criticality,
                "mfa": draws.chance(min(high, max(low, _MFA_WHEN_NEW - _MFA_PER_YEAR * age))),
                "supported": not draws.chance(_UNSUPPORTED_PER_YEAR * age),
            }
        )
    return rows


MAKERS: dict[str, Maker] = {"applications": applications}

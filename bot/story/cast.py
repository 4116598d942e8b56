"""The people of the local workspace, and the decision that they find open."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.door import Exchange
from core.exchange import audit, granting, opening
from core.exchange.opening import BaseRate, DecisionPlan, Definition, MeasurePlan, MetricPlan
from core.exchange.scheduling import Schedule
from core.units import MICRO

TEAM_ID, TEAM_NAME = "T0FUTARCHY", "Northlight Lab"
MARKETS, COMMITTEE = "C0MARKETS", "C0RELEASE"


@dataclass(frozen=True)
class Role:
    """Somebody in the workspace: id, handle, name, what they do there, and how they write numbers."""

    id: str
    handle: str
    name: str
    title: str
    locale: str = "en-US"


ADMIN = Role("U0ADA", "ada", "Ada Okafor", "Admin")
CAROL = Role("U0CAROL", "carol", "Carol Lindqvist", "Committee")
CHEN = Role("U0CHEN", "chen", "Chen Wei", "Committee")
CAMILA = Role("U0CAMILA", "camila", "Camila Rojas", "Committee")
EMIL = Role("U0EMIL", "emil", "Emil Novak", "Engineer")
ERIN = Role("U0ERIN", "erin", "Erin Doyle", "Evaluations")
ESRA = Role("U0ESRA", "esra", "Esra Demir", "Interpretability", "de-DE")
ELIAS = Role("U0ELIAS", "elias", "Elias Roth", "Product", "fr-CH")
MONA = Role("U0MONA", "mona", "Mona Haddad", "Metrics")

DECIDERS = (CAROL, CHEN, CAMILA)
EMPLOYEES = (EMIL, ERIN, ESRA, ELIAS, MONA)
CAST = (ADMIN, *DECIDERS, *EMPLOYEES)


def identity(role: Role) -> str:
    """The name by which core knows somebody: home team and id, as the door makes it."""
    return f"{TEAM_ID}/{role.id}"


async def appoint(exchange: Exchange) -> None:
    """Gives an exchange its first admin, as real settings do, and nothing else."""
    await exchange.write(granting.appoint_first_admins, [identity(ADMIN)])


async def seed(exchange: Exchange) -> None:
    """Gives an empty exchange its admin, its credits and one open decision; a seeded one is left as it is."""
    if not await exchange.read(audit.is_empty):
        return
    admin = identity(ADMIN)
    await appoint(exchange)
    await exchange.write(granting.grant, admin, granting.POOL, 5000 * MICRO, "seed:pool", "first budget")
    for role in EMPLOYEES:
        key = f"seed:{role.id}"
        await exchange.write(granting.grant, admin, identity(role), 500 * MICRO, key, "welcome")
    await exchange.write(opening.open_decision, admin, plan(exchange.clock()))


def plan(now: datetime) -> DecisionPlan:
    wording = (
        "Score of the assistant on the public helpfulness suite, 0 to 100, as shown on the evaluation dashboard "
        "thirty days after the decision."
    )
    score = Definition("Helpfulness score", "points", 40 * MICRO, 80 * MICRO, wording)
    base_rates = (BaseRate(62 * MICRO), BaseRate(58 * MICRO))
    hour = now.replace(minute=0, second=0, microsecond=0)
    return DecisionPlan(
        question="Do we release the longer context window this quarter?",
        options=("Release", "Hold"),
        deciders=tuple(identity(role) for role in DECIDERS),
        measures=(MeasurePlan((MetricPlan(score, identity(MONA)),), base_rates),),
        closes_at=hour + timedelta(days=7),
        decide_by=hour + timedelta(days=9),
        freezes_at=hour + timedelta(days=37),
        record_challenge_seconds=24 * 3600,
        reading_challenge_seconds=24 * 3600,
        subsidy=500 * MICRO,
        public_address=f"{TEAM_ID}/{MARKETS}",
        committee_address=f"{TEAM_ID}/{COMMITTEE}",
        reports=Schedule("0 9 * * *"),  # Who tries it on a Saturday gets one too.
    )

"""A life in which people are refused all that they can be refused, scene by scene."""

from refused.deciding import decides, doubts, ends, moves_dates, reads
from refused.lottery import awaits_its_draw, draws, raffles
from refused.naming import UNREACHED, all_of_them, said
from refused.opening import grants, opens, opens_at_terms, staffs, writes_otherwise
from refused.people import People
from refused.resolving import defines, defines_alone
from refused.saying import declares, notes, weighs
from refused.spending import spends
from refused.trading import halts, trades, trades_in_ranges, waits

__all__ = ["SCENES", "UNREACHED", "People", "all_of_them", "said"]

SCENES = (
    opens,
    opens_at_terms,
    writes_otherwise,
    grants,
    defines_alone,
    staffs,
    spends,
    trades,
    trades_in_ranges,
    waits,
    halts,
    declares,
    moves_dates,
    weighs,
    notes,
    decides,
    reads,
    doubts,
    ends,
    defines,
    raffles,
    awaits_its_draw,
    draws,
)

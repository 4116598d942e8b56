"""When the committee gets the spread report of a decision: at times of its own zone, and when the spread has moved."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from core.errors import Invalid
from core.pricing.twap import MILLIONTHS
from core.units import to_credits

FIELDS = 5
CRON_MOST, ZONE_MOST = 100, 64
STEP_LEAST = MILLIONTHS // 1000


@dataclass(frozen=True)
class Schedule:
    """A cron expression of five fields in a zone of the IANA's, and the step, in millionths of the metric's range.

    Of the range, since the measures of one decision have units of their own and share one step. Without a cron
    expression no time brings a report, without a step no move does.
    """

    cron: str | None = "0 9 * * MON-FRI"
    zone: str = "UTC"
    step: int | None = MILLIONTHS // 20

    @classmethod
    def usual_in(cls, zone: str | None) -> "Schedule":
        """What a decision has until somebody changes it, where its opener lives; in UTC where nobody knows that zone."""
        try:
            return cls(zone=str(_zone(zone or "UTC")))
        except Invalid:
            return cls()

    def check(self, now: datetime) -> None:
        """Raises Invalid, naming the field. More than one report an hour is no schedule but a stream."""
        _zone(self.zone)
        if self.cron is not None:
            if len(_parsed(self.cron, now).minutes) > 1:
                raise Invalid("cron", "hourly", self.cron)
            if not self.times(now, 1):
                raise Invalid("cron", "cron", self.cron)
        if self.step is not None and not STEP_LEAST <= self.step <= MILLIONTHS:
            least, most = (f"{to_credits(each * 100):f}" for each in (STEP_LEAST, MILLIONTHS))
            raise Invalid("step", "between", least, most)

    def after(self, at: datetime) -> datetime | None:
        """The first time after a moment, in UTC."""
        return next(iter(self.times(at, 1)), None)

    def times(self, after: datetime, most: int) -> list[datetime]:
        """The first few of them."""
        return list(islice(self._times(after), most))

    def _times(self, after: datetime) -> Iterator[datetime]:
        """An hour that a night skips brings its reports at its end, one that a night has twice brings them once."""
        if self.cron is None:
            return
        for local in _parsed(self.cron, after.astimezone(_zone(self.zone))):
            # In the second of two equal hours the first one's times are found again.
            if (at := local.astimezone(UTC)) > after:
                yield at


def _parsed(cron: str, after: datetime) -> CronSim:
    """Raises Invalid for what is no cron expression."""
    if len(cron) <= CRON_MOST and len(cron.split()) == FIELDS:
        try:
            return CronSim(cron, after)
        except CronSimError:
            pass
    raise Invalid("cron", "cron", cron[:CRON_MOST].replace("\0", ""))


def _zone(name: str) -> ZoneInfo:
    """Raises Invalid for a zone that nobody knows; the database of zones is files, and takes a name for a path."""
    try:
        if 0 < len(name) <= ZONE_MOST:
            return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        pass
    raise Invalid("zone", "zone", name[:ZONE_MOST].replace("\0", ""))

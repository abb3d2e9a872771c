"""How large the crowd is, and for how long it stays."""

from dataclasses import dataclass

WAVE_MINUTES = 5.0


@dataclass(frozen=True, slots=True)
class Size:
    """So many of each; the voters come anew every five minutes."""

    minutes: float = 5.0
    voters: int = 500
    walls: int = 1_000
    visitors: int = 50
    editors: int = 50
    editing_minutes: float = 5.0
    # Between two steps of an editor, in the mean.
    pause_seconds: float = 3.5
    measures: int = 200
    workers: int = 1

    @property
    def seconds(self) -> float:
        return self.minutes * 60

    @property
    def waves(self) -> int:
        return max(1, round(self.minutes / WAVE_MINUTES))

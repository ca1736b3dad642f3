"""What a screening says: how grave, about whom, and which words say so."""

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """How grave a message is; ordered, so that levels can be compared."""

    NONE = 0
    CONCERN = 1  # a counselor would want to know
    HIGH = 2  # plan, intent, violence, a child in danger
    IMMINENT = 3  # life in danger now

    @property
    def label(self) -> str:
        """Return the name that leaves this package: none, concern, high or imminent."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of the original text that a pattern took: offsets, and the pattern's id."""

    start: int
    end: int
    pattern: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement of one message, in the light of the messages before it.

    `likelihood` is the statistical layer's, from 0 to 1, when it is that layer which raised the level.
    """

    level: Level
    intent: str | None
    score: float
    who: str | None  # self, other or child
    evidence: tuple[Evidence, ...] = ()
    likelihood: float | None = None


NOTHING = Verdict(level=Level.NONE, intent=None, score=0.0, who=None)

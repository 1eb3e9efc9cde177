"""Every refusal a person can meet, one class each.

The sentence and its values travel apart (`geo.errors.Refusal`), so that it is said in the
reader's language where it is shown.
"""

from collections.abc import Callable
from typing import Any

from geo.errors import Refusal


class PlanningError(Refusal):
    """A request about the network that cannot be granted."""


class NotFoundError(PlanningError):
    """What was asked for is not in the database."""


class NotReadyError(PlanningError):
    """A step was asked for before the one it needs."""


class UnavailableError(Refusal):
    """The database does not answer, or is busy: nothing is wrong with what was asked.

    `why` is what the database server or the system said, empty where they said nothing.
    """

    def __init__(self, message: str, why: str = "", **params: object) -> None:
        super().__init__(message, **params)
        self.why = why


class RequestError(PlanningError):
    """A number or a choice in the request is outside what is possible."""


class TooLargeError(RequestError):
    """A file is larger than what is taken here."""


class NoRoomError(PlanningError):
    """There is no room left to keep what was sent."""


class DoneAlreadyError(PlanningError):
    """What was asked for was done before, or is being done at this moment."""


class ImportRefusedError(PlanningError):
    """A file was refused as a whole; nothing of it was kept. `findings` says why, row by row."""

    findings: tuple[Any, ...] = ()


class PlanDoesNotAddUpError(PlanningError):
    """The independent recount of a plan disagrees with the solver."""


class Fault(PlanningError):
    """One thing wrong at one place of a file: the place stands before the sentence."""

    def __init__(self, message: str, place: str, **params: object) -> None:
        super().__init__(message, **params)
        self.place = place

    def sentence(
        self, say: Callable[[str], str], number: Callable[[float], str] | None = None
    ) -> str:
        """Return the place and the sentence."""
        return f"{self.place}: {super().sentence(say, number)}"


class QuestionError(PlanningError):
    """A planner's question cannot be put; `lines` say everything that is wrong with it."""

    def __init__(self, message: str, lines: tuple[Refusal, ...] = (), **params: object) -> None:
        super().__init__(message, **params)
        self.lines = lines

    def sentence(
        self, say: Callable[[str], str], number: Callable[[float], str] | None = None
    ) -> str:
        """Return the refusal and its lines, each on its own."""
        first = super().sentence(say, number)
        return "\n".join([first, *(f"  {each.sentence(say, number)}" for each in self.lines)])


class ImpossibleAsk(QuestionError):
    """No plan obeys every rule asked for; `lines` are the smallest changes that allow one."""

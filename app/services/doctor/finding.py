"""What `doctor` says of one thing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.services.site import Site


@dataclass(frozen=True)
class DoctorFinding:
    """One thing looked at; `remedy` says what to do and is empty when all is well."""

    about: str
    found: str
    remedy: str = ""

    @property
    def well(self) -> bool:
        return not self.remedy

    def line(self) -> str:
        return f"{'ok' if self.well else 'WRONG':<6}{self.about}: {self.found}" + (
            f" -> {self.remedy}" if self.remedy else ""
        )


DoctorCheck = Callable[[Site], Iterator[DoctorFinding]]

"""Everything of the room that lasts from the start of the program to its end."""

import threading
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from fastapi import FastAPI

from models.offline import Guard
from stations.base import Workbench
from stations.room.admission import Admission
from stations.room.day import Diary
from stations.room.host_routes import HostPanel
from stations.room.join_routes import Wall
from stations.room.loans import Loan, Loans
from stations.room.moderation import Moderation
from stations.room.news_routes import News
from stations.room.owners import Owners
from stations.room.proof_routes import Proof
from stations.room.reset import last_report
from stations.room.results_routes import MyResults


@dataclass(frozen=True)
class House:
    """``folder`` keeps what lasts longer than a start, ``temp`` what does not.

    ``anew`` is set to delete everything and begin anew.
    """

    folder: Path
    temp: Path
    admission: Admission
    guard: Guard
    diary: Diary
    moderation: Moderation = field(default_factory=Moderation)
    anew: threading.Event = field(default_factory=threading.Event)

    @cached_property
    def owners(self) -> Owners:
        """Who was given which of Gradio's names; made once the page is built."""
        return Owners(self.temp)

    def loans(self) -> Loans:
        """Return where engines on loan are written down; the diary counts each that ends."""
        return Loans(self._count)

    def add_addresses(self, app: FastAPI, bench: Workbench) -> None:
        """Serve the way in, the wall, the news and the host's panel. Gradio must be mounted after this."""
        report = last_report(self.folder)
        Wall(self.admission, bench.workshop.room, bench.workshop.language).add_addresses(app)
        MyResults(bench, self.owners).add_addresses(app)
        Proof(self.guard, bench.workshop.language).add_addresses(app)
        News(bench, self.moderation, report.when if report else "").add_addresses(app)
        HostPanel(
            bench, self.admission, self.moderation, self.diary, self.guard, self.folder, self.anew.set
        ).add_addresses(app)

    def _count(self, loan: Loan) -> None:
        self.diary.worked(loan.station, loan.seconds, called_back=loan.called_back)

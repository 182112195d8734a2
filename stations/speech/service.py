"""What the speech station keeps running as long as the program: the work on recordings, and the editor's addresses."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request

from models.settings import data_folder
from stations.base import Workbench
from stations.speech.jobs import FOLDER, JobFolder, job_folder
from stations.speech.processing import process
from stations.speech.routes import Live, add_routes
from stations.speech.runner import Runner
from stations.speech.sheet import Sheets
from stations.speech.speed import Speed


@dataclass(frozen=True)
class Service:
    """The work on everybody's recordings, the transcripts in use, and how fast this machine is."""

    runner: Runner
    sheets: Sheets
    speed: Speed

    def forget(self, folder: Path) -> None:
        """End the work on a visitor's recordings and delete them."""
        for job in (folder / FOLDER).glob("*/"):
            self.runner.delete(JobFolder(job))

    def close(self) -> None:
        """End the work; what is unfinished is taken up at the next start."""
        self.runner.close()


def service(bench: Workbench) -> Service:
    """Return the one of this program; unfinished recordings are taken up when it is made."""
    return bench.once(_begun)


def add_addresses(app: FastAPI, bench: Workbench) -> None:
    """Serve what the editor in the page asks for; everybody gets their own transcripts only."""
    own = service(bench)

    def folder_of(request: Request, job: str) -> Path | None:
        visitor = bench.visitors.of(request.cookies)
        found = job_folder(bench.visitors.folder(visitor), job) if visitor else None
        return found.path if found else None

    def live_of(folder: Path) -> Live:
        work = own.runner.work_on(JobFolder(folder))
        return Live(work.live, growing=work.job.stage.unfinished)

    add_routes(app, folder_of, live_of, sheets=own.sheets, language=bench.workshop.language)


def speed_here() -> Speed:
    """Return what is known about how fast this machine writes speech down."""
    return Speed(data_folder() / "listening-speed.json")


def _begun(bench: Workbench) -> Service:
    sheets, speed = Sheets(), speed_here()
    runner = Runner(partial(process, library=bench.library.patient(), sheets=sheets, speed=speed))
    runner.take_up(bench.visitors.home)
    return Service(runner, sheets, speed)

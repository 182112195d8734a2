"""How this laptop is doing, for the host: processor, memory, disk, temperature where the system tells it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Machine:
    """``busy`` is the processor's share of work, 0..1; the rest are bytes, and degrees Celsius or ``None``."""

    busy: float
    cores: int
    memory_used: int
    memory_total: int
    disk_free: int
    celsius: float | None


def machine(folder: Path) -> Machine:
    """Return the state since the last call; the first one only begins to count."""
    memory = psutil.virtual_memory()
    return Machine(
        busy=psutil.cpu_percent(interval=None) / 100,
        cores=psutil.cpu_count() or 1,
        memory_used=int(memory.total - memory.available),
        memory_total=int(memory.total),
        disk_free=shutil.disk_usage(folder).free,
        celsius=_celsius(),
    )


def _celsius() -> float | None:
    read = getattr(psutil, "sensors_temperatures", None)  # Windows and macOS have none
    found = [each.current for sensors in (read() if read else {}).values() for each in sensors]
    return max(found, default=None)

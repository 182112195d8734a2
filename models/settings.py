"""Where the kit keeps what it has fetched, and which laptops of the room it may ask."""

import os
from pathlib import Path

import platformdirs

HOME_VARIABLE = "KIWERKSTATT_HOME"
NEIGHBOURS_VARIABLE = "KIWERKSTATT_NEIGHBOURS"


def data_folder() -> Path:
    """Return the kit's data folder: ``KIWERKSTATT_HOME`` (a stick, say), else the user's data directory.

    The folder is not made here; whoever writes into it makes it.
    """
    home = os.environ.get(HOME_VARIABLE, "").strip()
    if home:
        return Path(home).expanduser().resolve()
    return platformdirs.user_data_path("ki-werkstatt", appauthor=False)


def engine_proof() -> Path:
    """Return the file that says which chat engine has proven itself here (see ``proof``)."""
    return data_folder() / "engine-proof.json"


def neighbours() -> tuple[str, ...]:
    """Return the addresses of laptops that serve their models (``KIWERKSTATT_NEIGHBOURS``, separated by spaces)."""
    return tuple(os.environ.get(NEIGHBOURS_VARIABLE, "").split())


def models_folder() -> Path:
    """Return the folder that holds one folder per model."""
    return data_folder() / "models"

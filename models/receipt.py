"""The slip that lies beside a model's files once they have all been checked: what they are and where from."""

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from models.catalog import Model, ModelFile

NAME = ".receipt.json"


class Receipt(BaseModel):
    """Every file with its measured size and sha256; written last, so that half a model never has one."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    model: str
    source: str
    files: tuple[ModelFile, ...]


def read_receipt(place: Path) -> Receipt | None:
    """Return the receipt of a model's folder, or None if there is no whole one."""
    try:
        return parse_receipt((place / NAME).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None


def parse_receipt(text: str) -> Receipt | None:
    """Return a receipt that states size and sha256 of every file, else None."""
    try:
        receipt = Receipt.model_validate_json(text)
    except ValidationError:
        return None
    return receipt if all(file.bytes and file.sha256 for file in receipt.files) else None


def write_receipt(place: Path, receipt: Receipt) -> None:
    """Write the receipt in one step."""
    part = place / f"{NAME}.part"
    part.write_text(json.dumps(receipt.model_dump(exclude_none=True), indent=1), encoding="utf-8")
    part.replace(place / NAME)


def fits(receipt: Receipt, model: Model) -> bool:
    """Tell whether a receipt is about exactly the files that the catalogue wants now."""
    stated = {file.path: file for file in receipt.files}
    return (
        receipt.model == model.id
        and set(stated) == {file.path for file in model.files}
        and all(
            file.bytes in (None, stated[file.path].bytes) and file.sha256 in (None, stated[file.path].sha256)
            for file in model.files
        )
    )

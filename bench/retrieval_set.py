"""Makes sets for ``bench/retrieval_quality.py`` from texts that nobody here wrote, in German, with English questions.

    curl -O http://deb.debian.org/debian/dists/trixie/main/i18n/Translation-de.bz2
    curl -O http://deb.debian.org/debian/dists/trixie/main/i18n/Translation-en.xz
    python bench/retrieval_set.py packages Translation-de.bz2 Translation-en.xz OUT

    apt-get download debian-reference-de debian-reference-en
    for package in debian-reference-*.deb; do dpkg -x $package FOLDER; done
    python bench/retrieval_set.py manual FOLDER OUT

``packages``: a question is the title of a package, the right document its description; of descriptions that several
packages share, the first counts. ``manual``: a question is the title of a section, the right document its text without
the title and without its subsections. Nothing of it belongs into the project: the texts are GPL-2 and other licences.
"""

import argparse
import bz2
import json
import lzma
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree

LEAST_LETTERS, LEAST_TITLE = 200, 12
DOCUMENTS, QUESTIONS, SEED = 3000, 400, 1
_NUMBER = re.compile(r"^[\d.]+\s+|^(Kapitel|Chapter)\s+\d+\.\s*")
XHTML = "{http://www.w3.org/1999/xhtml}"
Row = dict[str, str]


def packages(file: Path) -> dict[str, tuple[str, str, str]]:
    """Return name, title and description of each package by the checksum of its English description."""
    opened = bz2.open if file.suffix == ".bz2" else lzma.open
    found = {}
    for entry in opened(file, "rt", encoding="utf-8").read().split("\n\n"):
        name, checksum, title, *text = [*entry.split("\n"), "", ""]
        if title.startswith("Description-"):
            said = " ".join(" ".join(line.strip(" .") for line in text).split())
            found.setdefault(_value(checksum), (_value(name), _value(title), said))
    return found


def _value(line: str) -> str:
    return line.partition(": ")[2].strip()


def described(german: Path, english: Path) -> tuple[list[Row], list[Row], list[Row]]:
    """Return documents, German and English questions from package descriptions."""
    titles = {checksum: title for checksum, (_, title, _) in packages(english).items()}
    rows, seen = [], set()
    for checksum, (name, title, text) in packages(german).items():
        clear = (
            len(text) >= LEAST_LETTERS and len(title) >= LEAST_TITLE and title != titles.get(checksum, title)
        )
        if clear and text[:LEAST_LETTERS] not in seen:
            seen.add(text[:LEAST_LETTERS])
            rows.append((name, title, titles[checksum], text))
    dice = random.Random(SEED)
    rows = dice.sample(rows, min(DOCUMENTS, len(rows)))
    asked = dice.sample(rows, min(QUESTIONS, len(rows)))
    documents = [{"id": name, "text": text} for name, _, _, text in rows]
    return (
        documents,
        [{"q": german_title, "rel": name} for name, german_title, _, _ in asked],
        [{"q": english_title, "rel": name} for name, _, english_title, _ in asked],
    )


def sections(files: Iterable[Path]) -> Iterator[tuple[str, str, str]]:
    """Yield id, title and text of each section of a manual's pages (XHTML)."""
    for file in files:
        page = etree.parse(file, etree.XMLParser(recover=True, resolve_entities=False))
        for section in page.iterfind(f".//{XHTML}div[@class='section']"):
            heading = section.find(f"{XHTML}div[@class='titlepage']")
            anchor = heading.find(f".//{XHTML}a[@id]") if heading is not None else None
            if anchor is not None:
                yield anchor.get("id"), _NUMBER.sub("", _text(heading)), _own_text(section)


def _text(node: etree._Element) -> str:
    return " ".join("".join(node.itertext()).split())


def _own_text(section: etree._Element) -> str:
    return " ".join(
        _text(part) for part in section if part.get("class") not in {"section", "titlepage", "toc"}
    )


def manual(folder: Path) -> tuple[list[Row], list[Row], list[Row]]:
    """Return documents, German and English questions from a manual with pages in both languages."""
    pages = {code: sorted(folder.rglob(f"ch*.{code}.html")) for code in ("de", "en")}
    german = [each for each in sections(pages["de"]) if len(each[2]) >= LEAST_LETTERS]
    names = {name for name, _, _ in german}
    english = [(name, title) for name, title, _ in sections(pages["en"]) if name in names]
    documents = [{"id": name, "text": text} for name, _, text in german]
    return (
        documents,
        [{"q": title, "rel": name} for name, title, _ in german],
        [{"q": title, "rel": name} for name, title in english],
    )


def write(out: Path, documents: list[Row], german: list[Row], english: list[Row]) -> None:
    """Write a set as files of one JSON object a line."""
    out.mkdir(parents=True, exist_ok=True)
    for name, rows in (("docs_de", documents), ("q_de", german), ("q_en", english)):
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (out / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    print(f"{len(documents)} documents, {len(german)} German and {len(english)} English questions in {out}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    kinds = arguments.add_subparsers(dest="kind", required=True)
    one = kinds.add_parser("packages")
    one.add_argument("german", type=Path)
    one.add_argument("english", type=Path)
    other = kinds.add_parser("manual")
    other.add_argument("folder", type=Path)
    for each in (one, other):
        each.add_argument("out", type=Path)
    given = arguments.parse_args()
    made = described(given.german, given.english) if given.kind == "packages" else manual(given.folder)
    write(given.out, *made)


if __name__ == "__main__":
    main()

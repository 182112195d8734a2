"""Subtitles into an uploaded film: as a track that people switch on, or drawn into the picture."""

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from models.film.job import Caption, FilmFacts, Job
from models.film.making import facts_of, made
from stations.speech.subtitles import Cue

SYSTEM_FONTS = (
    "DejaVuSans.ttf",
    "NotoSans-Regular.ttf",
    "LiberationSans-Regular.ttf",
    "Arial.ttf",
    "arial.ttf",
    "segoeui.ttf",
    "Arial Unicode.ttf",
    "NotoSansCJK-Regular.ttc",
    "msyh.ttc",
    "msgothic.ttc",
    "Hiragino Sans GB.ttc",
)
"""Names that Pillow looks for where Linux, Windows and macOS keep fonts; the first that has all signs is taken."""
_ISO_639_2 = (
    "ar:ara bg:bul bs:bos ca:cat cs:ces cy:cym da:dan de:deu el:ell en:eng es:spa et:est fa:fas fi:fin fr:fra "
    "ga:gle gl:glg he:heb hi:hin hr:hrv hu:hun id:ind is:isl it:ita ja:jpn ka:kat ko:kor la:lat lb:ltz lt:lit "
    "lv:lav mk:mkd mt:mlt nl:nld nn:nno no:nor pl:pol ps:pus pt:por ro:ron ru:rus sk:slk sl:slv sq:sqi sr:srp "
    "sv:swe th:tha tr:tur uk:ukr ur:urd vi:vie yi:yid zh:zho"
)
"""MP4 files name languages with three letters."""
UNKNOWN_LANGUAGE = "und"


def film_facts(video: Path, name: str = "") -> FilmFacts:
    """Return length, size and whether there is sound; takes about half a second.

    Raises:
        ModelError: ``export.no_video``, ``export.film_broken``, ``export.film_too_long`` or ``export.film_too_much``.
    """
    return facts_of(video, name or video.name)


def film_ending(facts: FilmFacts) -> str:
    """Return the ending for ``attached``: ``.mp4`` where such a file can hold the film as it is, else ``.mkv``."""
    return ".mp4" if facts.fits_mp4 else ".mkv"


def attached(
    video: Path, cues: Sequence[Cue], out: Path, language: str, *, name: str = ""
) -> Iterator[float]:
    """Copy a film to ``out`` with the subtitles as a track; yield how much is done, 0..1, several times a second.

    Picture and sound stay as they are, to the bit. The track is shown by default and carries its language.

    Args:
        video: Untrusted.
        cues: Times count from the beginning of the film.
        out: ``….mp4`` or ``….mkv`` (see ``film_ending``); it appears when it is whole.
        language: Code of the subtitles' language, such as ``de``.
        name: What people call the film, for errors.

    Raises:
        ModelError: ``export.no_video``, ``export.film_broken``, ``export.film_needs_mkv``, ``export.film_too_long``,
            ``export.film_too_much``, ``export.disk_full`` or ``export.film_unwritable``.
    """
    codes = dict(pair.split(":") for pair in _ISO_639_2.split())
    job = Job("attach", captions=_captions(cues), language=codes.get(language, UNKNOWN_LANGUAGE))
    return made(video, out, job, name or video.name)


def burned_in(video: Path, cues: Sequence[Cue], out: Path, *, name: str = "") -> Iterator[float]:
    """Write the film to ``out`` (``….mp4``) with the subtitles drawn into it; yield how much is done, 0..1.

    The picture is made anew (H.264), the sound copied; videos of phones are turned upright.

    Raises:
        ModelError: as ``attached``, and ``export.no_font`` or ``export.no_encoder``.
    """
    job = Job("burn", captions=_captions(cues), fonts=(*_own_font(), *SYSTEM_FONTS))
    return made(video, out, job, name or video.name)


def _captions(cues: Sequence[Cue]) -> tuple[Caption, ...]:
    return tuple(Caption(cue.start_s, cue.end_s, tuple(map(_plain, cue.lines))) for cue in cues)


def _plain(line: str) -> str:
    """Return the words without signs that a player takes for markup."""
    return line.translate(str.maketrans("<>", "‹›")).replace("{\\", "(\\")


def _own_font() -> Iterator[str]:
    """Yield IBM Plex Sans (SIL Open Font License), which comes with Gradio: every device of the kit has it."""
    spec = find_spec("gradio")
    for place in spec.submodule_search_locations or () if spec else ():
        yield from map(
            str, Path(place).glob("templates/frontend/static/fonts/IBMPlexSans/IBMPlexSans-Bold.woff2")
        )

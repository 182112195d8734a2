"""Audio guides with a voice that hums and a model that shouts: what is made, kept, packed and printed."""

import json
import zipfile
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from models.errors import ModelError
from models.voice.base import Audio, Manner
from stations.audio.guide import guided
from stations.audio.guide_files import file_name
from stations.audio.guide_page import guide_page
from stations.audio.guide_plan import GuideWish, Narrator, planned
from stations.audio.guide_sheet import address_of, guide_sheet
from stations.audio.guide_store import GuideStore
from stations.audio.guide_table import Stop
from stations.speaking.pronunciation import Pronunciation


@dataclass
class Hum:
    languages: tuple = ("de-DE",)
    speakers: tuple = ()
    can: frozenset = frozenset({"speed"})
    is_open: bool = True
    heard: list = field(default_factory=list)

    def close(self):
        self.is_open = False

    def speak(self, text, manner):
        self.heard.append(text)
        yield Audio((0.1 * np.sin(0.4 * np.arange(len(text) * 160))).astype(np.float32), 16_000)


@dataclass
class Shouter:
    """A translator that only knows capital letters."""

    pairs: tuple = (("de", "en"),)
    asked: list = field(default_factory=list)
    is_open: bool = True

    def close(self):
        self.is_open = False

    def translate(self, sentences, source, target):
        for sentence in sentences:
            self.asked.append(sentence)
            yield sentence.upper()


STOPS = [
    Stop("1", "Die Mühle", "Sie ist alt. Sie steht still.", "de"),
    Stop("2", "Der Garten", "Hier wachsen Rosen.\n\nUnd Äpfel.", "de"),
    Stop("2", "The garden", "Roses grow here.", "en"),
]
WISH = GuideWish("Unser Dorf", ("de", "en"), "https://museum.example/guide")


@pytest.fixture
def voices():
    return {
        "de": Narrator(Hum(), "Summe", "CC0-1.0"),
        "en": Narrator(Hum(("en-US",)), "Hum", "MIT", neural=False),
    }


def made(folder, voices, stops=STOPS, wish=WISH, by=None):
    *_, last = guided(stops, wish, voices, folder, by or Shouter())
    return last


def heard(voices):
    return [text for each in voices.values() for text in each.voice.heard]


def test_every_stop_is_there_in_every_language_with_sound_text_page_and_sheet(tmp_path, voices):
    by = Shouter()
    last = made(tmp_path, voices, by=by)
    assert (last.stage, last.done, last.total, last.share) == ("done", 4, 4, 1.0)
    with zipfile.ZipFile(last.archive) as archive:
        names = set(archive.namelist())
    files = [f"{kind}/{stop}.{end}" for kind, end in (("audio", "mp3"), ("transcripts", "txt"))
             for stop in ("1-de", "1-en", "2-de", "2-en")]  # fmt: skip
    assert names == {f"Unser-Dorf/{name}" for name in [*files, "index.html", "qr-codes.pdf", "LIESMICH.txt"]}
    assert by.asked == ["Die Mühle", "Sie ist alt.", "Sie steht still."]


def test_only_what_the_table_lacks_is_translated_and_that_is_said(tmp_path, voices):
    made(tmp_path, voices)
    texts = {file.stem: file.read_text("utf-8") for file in (tmp_path / "guide" / "transcripts").iterdir()}
    assert "SIE IST ALT. SIE STEHT STILL." in texts["1-en"]
    assert "Machine translation" in texts["1-en"]
    assert "Machine translation" not in texts["2-en"]
    assert "Roses grow here." in texts["2-en"]
    assert all("ynthet" in text for text in texts.values())
    assert "Stimme: Summe. Lizenz: CC0-1.0." in texts["2-de"]


def test_the_title_is_said_first_and_by_the_voice_of_the_language(tmp_path, voices):
    made(tmp_path, voices)
    assert voices["de"].voice.heard[0].startswith("Die Mühle")
    assert voices["en"].voice.heard[0].startswith("DIE MÜHLE")


def test_the_sound_is_an_mp3_that_says_it_is_synthetic(tmp_path, voices):
    import av

    last = made(tmp_path, voices)
    with av.open(str(last.finished[0].file)) as container:
        assert container.metadata["comment"] == "Synthetisch erzeugte Stimme"
        assert "1 Die Mühle" in container.metadata["title"]
        assert container.duration / 1e6 == pytest.approx(last.finished[0].made.seconds, abs=0.2)


def test_progress_only_grows(tmp_path, voices):
    found = [state.share for state in guided(STOPS, WISH, voices, tmp_path, Shouter())]
    assert found == sorted(found)
    assert found[-1] == 1.0


def test_a_guide_that_was_interrupted_goes_on_where_it_was(tmp_path, voices):
    by = Shouter()
    making = guided(STOPS, WISH, voices, tmp_path, by)
    while next(making).done < 2:
        pass
    making.close()
    assert not list(tmp_path.glob("*.zip"))
    asked = list(by.asked)
    made(tmp_path, voices, by=by)
    assert len(heard(voices)) == len(set(heard(voices)))
    assert by.asked == asked


def test_nothing_is_made_twice(tmp_path, voices):
    made(tmp_path, voices)
    before, by = len(heard(voices)), Shouter()
    made(tmp_path, voices, by=by)
    assert len(heard(voices)) == before
    assert by.asked == []


@pytest.mark.parametrize(
    ("wish", "stops", "again"),
    [
        (replace(WISH, manner=Manner(speed=0.8)), STOPS, {"1-de", "1-en", "2-de", "2-en"}),
        (replace(WISH, dictionary=Pronunciation({"alt": "old"})), STOPS, {"1-de", "1-en", "2-de", "2-en"}),
        (WISH, [replace(STOPS[0], text="Sie ist neu."), *STOPS[1:]], {"1-de", "1-en"}),
        (WISH, [STOPS[0], replace(STOPS[1], title="Der Park"), STOPS[2]], {"2-de"}),
        (replace(WISH, title="Anders", address=""), STOPS, set()),
    ],
)
def test_what_would_sound_otherwise_is_made_again(tmp_path, voices, wish, stops, again):
    made(tmp_path, voices)
    before = {file.stem: file.stat().st_mtime_ns for file in (tmp_path / "guide" / "audio").iterdir()}
    made(tmp_path, voices, stops, wish)
    after = {file.stem: file.stat().st_mtime_ns for file in (tmp_path / "guide" / "audio").iterdir()}
    assert {name for name in after if after[name] != before[name]} == again


def test_a_sound_that_somebody_deleted_and_a_damaged_notebook_only_cost_time(tmp_path, voices):
    made(tmp_path, voices)
    (tmp_path / "guide" / "audio" / "1-de.mp3").unlink()
    assert made(tmp_path, voices).finished[0].file.is_file()
    for text in ("{", "[]", "3", json.dumps({"x": 1})):
        (tmp_path / "notes" / "1-de.json").write_text(text)
        assert made(tmp_path, voices).done == 4


def test_stops_that_are_gone_leave_nothing_behind(tmp_path, voices):
    made(tmp_path, voices)
    made(tmp_path, voices, STOPS[:1], replace(WISH, languages=("de",)))
    assert [file.name for file in (tmp_path / "guide" / "audio").iterdir()] == ["1-de.mp3"]
    assert [file.name for file in (tmp_path / "guide" / "transcripts").iterdir()] == ["1-de.txt"]


def test_a_stop_may_be_wanted_in_some_languages_only():
    stops = [replace(STOPS[0], wanted=("de", "fr")), STOPS[1]]
    voices = {"de": Narrator(Hum(), "", ""), "en": Narrator(Hum(("en-GB",)), "", "")}
    assert [each.key for each in planned(stops, WISH, voices, can_translate=True)] == ["1-de", "2-de", "2-en"]


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (replace(WISH, languages=()), "guide.no_language"),
        (replace(WISH, languages=("fr",)), "guide.no_narrator"),
        (replace(WISH, title="  "), "guide.no_title_given"),
        (replace(WISH, title="x" * 81), "guide.no_title_given"),
        *[
            (replace(WISH, address=address), "guide.address")
            for address in ("museum.example", "javascript:alert(1)", "https://", "https://a b/", "file:///etc",
                            "https://x.example/?a=1", "https://x.example/#a", "https://user@x.example/",
                            f"https://x.example/{'a' * 200}", "https://[x/")
        ],
    ],
)  # fmt: skip
def test_a_wish_that_cannot_be_met_is_refused_before_anything_is_made(tmp_path, voices, wish, error):
    with pytest.raises(ModelError) as raised:
        guided(STOPS, wish, voices, tmp_path / "new", Shouter())
    assert raised.value.key == error
    assert not (tmp_path / "new").exists()


def test_without_a_translator_only_what_the_table_has_is_possible(tmp_path, voices):
    with pytest.raises(ModelError, match="no_translator"):
        guided(STOPS, WISH, voices, tmp_path)
    *_, last = guided(STOPS, replace(WISH, languages=("de",)), voices, tmp_path)
    assert last.done == 2


def test_a_narrator_must_speak_the_language(voices):
    with pytest.raises(ModelError, match="no_narrator"):
        planned(STOPS, replace(WISH, languages=("en",)), {"en": voices["de"]}, can_translate=True)


HOSTILE = "<script>alert(1)</script>\"'><img src=http://x.example/a.png>"


def test_nothing_in_a_table_becomes_html(tmp_path, voices):
    stops = [Stop("1", HOSTILE, f"{HOSTILE}\n\n{HOSTILE}\nzwei", "de")]
    last = made(tmp_path, voices, stops, replace(WISH, title=HOSTILE, languages=("de",)))
    page = (tmp_path / "guide" / "index.html").read_text("utf-8")
    assert page.count("<script>") == 1
    assert "<img" not in page
    assert "http" not in page.replace("http-equiv", "").replace("http://x.example/a.png", "")
    assert last.archive.name == f"{file_name(HOSTILE)}.zip"


def test_the_pages_policy_is_that_of_its_own_style_and_script(tmp_path, voices):
    import base64
    import hashlib
    import re

    page = guide_page(made(tmp_path, voices).finished, WISH, {**voices})
    for tag in ("style", "script"):
        content = re.search(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)[1]
        stamp = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src &#39;sha256-{stamp}&#39;" in page
    assert "default-src &#39;none&#39;" in page


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("https://museum.example/guide", "https://museum.example/guide/index.html#2-a"),
        ("https://museum.example/guide/", "https://museum.example/guide/index.html#2-a"),
        ("", "index.html#2-a"),
    ],
)
def test_a_code_leads_to_the_stop(address, wanted):
    assert address_of("2-a", address, "index.html") == wanted


@pytest.mark.parametrize("count", [1, 8, 9])
def test_the_codes_on_the_sheet_can_be_scanned_and_stand_beside_their_titles(tmp_path, voices, count):
    pypdfium2 = pytest.importorskip("pypdfium2", reason="nothing here draws a PDF")
    zxingcpp = pytest.importorskip("zxingcpp", reason="nothing here reads QR codes")
    stops = [Stop(str(n), f"Überschrift {n} #strong[x] $", "Text.", "de") for n in range(1, count + 1)]
    store = GuideStore(tmp_path)
    plan = planned(stops, replace(WISH, languages=("de",)), voices, can_translate=False)
    told = [_told(store, each) for each in plan]
    sheet = pypdfium2.PdfDocument(guide_sheet(told, WISH, "index.html"))
    assert len(sheet) == (count + 7) // 8
    found = [
        code.text
        for page in sheet
        for code in zxingcpp.read_barcodes(np.asarray(page.render(scale=2).to_pil()))
    ]
    assert found == [f"https://museum.example/guide/index.html#{n}" for n in range(1, count + 1)]
    text = "".join(page.get_textpage().get_text_range() for page in sheet)
    assert all(f"Überschrift {n} #strong[x] $" in " ".join(text.split()) for n in range(1, count + 1))


def _told(store, each):
    from stations.audio.guide_store import Told

    return Told(each, store.keep_text(each, each.stop.title, each.stop.text), store.audio(each))


def test_a_very_long_title_and_address_still_fit_on_the_sheet(tmp_path, voices):
    pytest.importorskip("typst")
    wish = replace(WISH, languages=("de",), address="https://museum.example/" + "a" * 170)
    stops = [Stop("1", "Wort " * 40, "Text.", "de"), Stop("2", "L" * 200, "Text.", "de")]
    plan = planned(stops, wish, voices, can_translate=False)
    store = GuideStore(tmp_path)
    assert guide_sheet([_told(store, each) for each in plan], wish, "index.html").startswith(b"%PDF")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Rundgang „Dorf & Mühle“", "Rundgang-Dorf-Mühle"),
        ("../../etc", "etc"),
        ("…", "guide"),
        ("a" * 99, "a" * 60),
    ],
)
def test_a_title_becomes_a_harmless_file_name(title, name):
    assert file_name(title) == name

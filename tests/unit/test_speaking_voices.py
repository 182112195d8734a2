"""Reading aloud with voices that only pretend, and Pico's program replaced by one that breaks down on demand."""

import subprocess
import sys
from dataclasses import dataclass, field

import numpy as np
import pytest

from models.engines import pico
from models.errors import ModelError
from models.turns import Fixed
from models.voice.base import Audio, Manner
from stations.speaking.loudness import LUFS, loudness_of
from stations.speaking.pronunciation import Pronunciation
from stations.speaking.sound import trimmed
from stations.speaking.speaking import LONGEST_TEXT, spoken

GERMAN = "Der Eintritt in unser Museum ist für alle Kinder und Jugendlichen frei."
ENGLISH = "Admission to our museum is free for all children and young people."


@dataclass
class Parrot:
    """A voice that hums a fiftieth of a second for each letter, and remembers what it was asked."""

    languages: tuple = ("de-DE",)
    speakers: tuple = ()
    can: frozenset = frozenset({"speed"})
    rate: int = 16_000
    heard: list = field(default_factory=list)
    manners: list = field(default_factory=list)
    is_open: bool = True

    def close(self):
        self.is_open = False

    def speak(self, text, manner):
        self.heard.append(text)
        self.manners.append(manner)
        length = len(text) * self.rate // 50
        yield Audio((0.02 * np.sin(0.4 * np.arange(length))).astype(np.float32), self.rate)


def test_the_pieces_are_the_whole_text_equally_loud_with_pauses():
    voice = Parrot()
    found = list(spoken("Hallo Welt. Am 3. Mai um 10 Uhr!", {"de": voice}, Manner(pause_s=0.5)))
    assert voice.heard == ["Hallo Welt.", "Am dritten Mai um zehn Uhr!"]
    assert [piece.written for piece in found] == ["Hallo Welt.", "Am 3. Mai um 10 Uhr!"]
    assert [loudness_of(trimmed(piece.audio)) for piece in found] == pytest.approx([LUFS, LUFS], abs=1.0)
    assert not found[0].audio.samples[-int(0.5 * 16_000) :].any()
    assert found[-1].share == pytest.approx(1.0)
    assert found[-1].left_s == 0


def test_each_language_has_its_voice():
    german, english = Parrot(), Parrot(("en-US",), rate=22_050)
    found = list(spoken(f"{GERMAN}\n\n{ENGLISH}", {"de": german, "en": english}))
    assert [piece.language for piece in found] == ["de", "en"]
    assert [piece.audio.rate for piece in found] == [16_000, 22_050]
    assert (german.manners[0].language, english.manners[0].language) == ("de", "en")


def test_work_is_done_only_when_asked_for_and_closing_ends_it():
    voice = Parrot()
    pieces = spoken("Eins. Zwei. Drei.", {"de": voice})
    assert voice.heard == []
    next(pieces)
    assert len(voice.heard) <= 2
    pieces.close()
    assert len(voice.heard) <= 2


def test_the_dictionary_goes_before_the_rules():
    voice = Parrot()
    list(
        spoken(
            "Goethe kam um 3 Uhr.",
            {"de": voice},
            dictionary=Pronunciation({"Goethe": "Göte", "Uhr": "Stund"}),
        )
    )
    assert voice.heard == ["Göte kam um drei Stund."]


def test_the_volume_is_that_of_the_result_and_not_the_voices():
    voice = Parrot()
    (piece,) = spoken("Hallo liebe Welt.", {"de": voice}, Manner(volume=0.5))
    assert voice.manners[0].volume == 1.0
    assert loudness_of(trimmed(piece.audio)) == pytest.approx(LUFS - 6, abs=1.0)


def test_a_speaker_is_asked_of_the_voice_that_has_it():
    german, english = Parrot(speakers=("froh", "müde")), Parrot(("en-US",))
    list(spoken(f"{GERMAN}\n\n{ENGLISH}", {"de": german, "en": english}, Manner(speaker="müde")))
    assert (german.manners[0].speaker, english.manners[0].speaker) == ("müde", "")
    with pytest.raises(ModelError, match=r"voice\.speaker"):
        spoken(GERMAN, {"de": german}, Manner(speaker="laut"))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "voice.nothing_to_say"),
        ("😀 … ---", "voice.nothing_to_say"),
        ("[Pause 2 s]", "voice.nothing_to_say"),
        ("a" * (LONGEST_TEXT + 1), "voice.too_long"),
        ("مرحبا بالعالم", "voice.script"),
        (f"{GERMAN}\n\nПривет, мир", "voice.script"),
    ],
)
def test_what_cannot_be_read_is_refused_before_anything_is_computed(text, key):
    voice = Parrot()
    with pytest.raises(ModelError) as caught:
        spoken(text, {"de": voice})
    assert caught.value.key == key
    assert voice.heard == []
    assert text not in str(caught.value.facts) or not text


def test_a_foreign_name_in_other_letters_is_no_reason_to_refuse():
    assert list(spoken("Der Dichter heißt auf Arabisch محمود und auf Deutsch Mahmud.", {"de": Parrot()}))


def test_russian_letters_are_read_by_a_russian_voice():
    assert list(spoken("Привет, мир", {"ru": Parrot(("ru-RU",))}))


def test_without_a_voice_there_is_a_sentence():
    with pytest.raises(ModelError, match=r"voice\.no_voice"):
        spoken("Hallo", {})


def test_hostile_text_reaches_the_voice_as_words():
    voice = Parrot()
    list(spoken('<speed level="50">Hallo</speed> [[ x ]] <spell> Welt', {"de": voice}))
    assert not set("<>[]") & set("".join(voice.heard))
    assert "Hallo" in voice.heard[0]


BREAKABLE = """
import json, os, struct, sys
for line in sys.stdin.buffer:
    text = json.loads(line)["text"]
    if "stirb" in text:
        os._exit(1)
    if "nein" in text:
        sys.stdout.buffer.write(struct.pack("<i", -1))
    else:
        sys.stdout.buffer.write(struct.pack("<i", 2 * len(text)) + b"\\x00\\x10" * len(text))
    sys.stdout.buffer.flush()
"""


@pytest.fixture
def breakable(tmp_path, monkeypatch):
    monkeypatch.setattr(pico, "CHILD", ("-I", "-c", BREAKABLE))
    for name in ("de-DE_ta.bin", "de-DE_gl0_sg.bin", "fr-FR_ta.bin"):
        (tmp_path / name).touch()
    voice = pico.PicoVoice(tmp_path / "de-DE_ta.bin", Fixed(1))
    yield voice
    voice.close()


def lengths(voice, text):
    return [len(audio.samples) for audio in voice.speak(text, Manner())]


def test_only_languages_with_both_files_are_spoken(breakable):
    assert breakable.languages == ("de-DE",)
    with pytest.raises(ModelError, match=r"voice\.language"):
        next(breakable.speak("Bonjour", Manner(language="fr")))


def test_a_program_that_dies_is_a_sentence_and_the_next_text_is_spoken(breakable):
    assert lengths(breakable, "hallo") == [5]
    with pytest.raises(ModelError, match=r"voice\.stumbled"):
        lengths(breakable, "stirb")
    with pytest.raises(ModelError, match=r"voice\.stumbled"):
        lengths(breakable, "nein")
    assert lengths(breakable, "hallo") == [5]


def test_a_closed_voice_says_so_and_its_program_is_gone(breakable):
    child = breakable._child
    breakable.close()
    assert not breakable.is_open
    assert child.poll() is not None
    with pytest.raises(ModelError, match=r"voice\.engine_gone"):
        lengths(breakable, "hallo")


def test_a_folder_without_a_voice_is_refused(tmp_path):
    with pytest.raises(ModelError, match=r"voice\.broken_model"):
        pico.PicoVoice(tmp_path, Fixed(1))


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("<spell>x</spell>", " spell x /spell "),
        ("Jaaaaaaa", "Jaaa"),
        ("a\x00b\\c", "a b c"),
        ("." * 300, ". "),
        ("1" * 40, "1" * 15 + " " + "1" * 15 + " " + "1" * 10),
        ("\ud83d Hallo", " Hallo"),
    ],
)
def test_nothing_reaches_pico_that_it_obeys_or_stumbles_over(text, harmless):
    assert pico._harmless(text) == harmless


def test_the_child_ends_itself_when_a_sentence_never_ends(tmp_path):
    code = (
        "import faulthandler, models.engines.pico_child as child, sys, types, time\n"
        "child.LONGEST_S = 0.2\n"
        "module = types.ModuleType('py_nanotts'); module._speak = lambda **_: time.sleep(60)\n"
        "sys.modules['py_nanotts'] = module\n"
        "child.main('x')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=b'{"text": "x"}\n', capture_output=True, timeout=30, check=False
    )
    assert done.returncode != 0
    assert done.stdout == b""

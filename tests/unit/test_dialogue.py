"""Scripts with several roles, and who says them in which voice."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pytest

from models.errors import ModelError
from models.voice.base import Audio, Manner
from stations.audio.dialogue import TURN_S, Actor, cast, performed
from stations.audio.pitched import Pitched, with_pitch
from stations.audio.script import LONGEST_SCRIPT, MOST_ROLES, Speech, read_script
from stations.speaking.pronunciation import Pronunciation

RATE = 16_000
TONE = 200.0


@dataclass
class Hum:
    """A voice of 200 Hz that takes a twentieth of a second a letter, and keeps to speed, and to pitch if it can."""

    can: frozenset = frozenset({"speed"})
    speakers: tuple = ()
    languages: tuple = ("de-DE",)
    is_open: bool = True
    heard: list = field(default_factory=list)
    manners: list = field(default_factory=list)

    def close(self):
        self.is_open = False

    def speak(self, text, manner):
        self.heard.append(text)
        self.manners.append(manner)
        pitch = manner.pitch if "pitch" in self.can else 1.0
        at = np.arange(round(len(text) * RATE / 20 / manner.speed))
        yield Audio((0.3 * np.sin(2 * np.pi * TONE * pitch * at / RATE)).astype(np.float32), RATE)


PITCHED = frozenset({"speed", "pitch"})


def tone(audio):
    """Return the strongest frequency in Hz."""
    spectrum = np.abs(np.fft.rfft(audio.samples * np.hanning(len(audio.samples)), 2**17))
    return float(spectrum.argmax()) * audio.rate / 2**17


@pytest.mark.parametrize(
    "text",
    [
        "Anna: Guten Tag.\nBen: Hallo!",
        "**Anna:** Guten Tag.\n\n**Ben:** Hallo!",
        "**Anna**: Guten Tag.\n__Ben__: Hallo!",
        "# Im Museum\n\n*Anna:* Guten Tag.\n***\nBen : Hallo!",
        "Anna (lacht): Guten Tag.\nBen: [leise] Hallo!",
        "**Anna** (am Tor): Guten Tag.\nBen (tritt auf [von links]): Hallo! (ab)",
        "Anna: „Guten Tag.“\nBen: »Hallo!«",
        "[Es regnet.]\n(Vorhang)\n- Anna: Guten Tag.\n> Ben: „Hallo!“",
        "Anna:\nGuten Tag.\n\nBen:\r\nHallo!",
    ],
)
def test_a_script_may_be_written_in_many_ways(text):
    assert read_script(text).speeches == (Speech("Anna", "Guten Tag."), Speech("Ben", "Hallo!"))


def test_a_speech_goes_on_until_another_role_speaks():
    script = read_script("ANNA: Eins.\nzwei: drei.\n\nAnna: Vier.\nBen: Fünf.")
    assert script.speeches == (Speech("ANNA", "Eins.\nzwei: drei.\n\nVier."), Speech("Ben", "Fünf."))
    assert script.roles == ("ANNA", "Ben")


@pytest.mark.parametrize(
    "row",
    [
        "Um 14:30 Uhr geht es los.", "14:30 Uhr ist es.", "Er sagte: komm!", "https://museum.example: hier",
        "Und dann kam das Wichtigste von allem: die Glocke.", ": nichts", "A" * 41 + ": x", "A B C D E: x",
    ],
)  # fmt: skip
def test_a_colon_in_a_sentence_is_no_role(row):
    assert read_script(f"Anna: Hallo.\n{row}\nBen: Ja.").roles == ("Anna", "Ben")


@pytest.mark.parametrize(
    "name", ["Frau Dr. Müller", "Karl von der Heide", "Stimme 2", "Élise", "Person A", "1"]
)
def test_names_may_have_several_words(name):
    assert read_script(f"{name}: Hallo.\nBen: Ja.").roles == (name, "Ben")


def test_quotation_marks_within_a_speech_and_pauses_stay_and_directions_go():
    script = read_script(
        "Anna: Er rief „Halt“ (laut), und ging „fort“.\nBen: Na [Pause 2 s] gut [lacht].\nAnna: „A“ und „B“"
    )
    assert [speech.text for speech in script.speeches] == [
        "Er rief „Halt“, und ging „fort“.",
        "Na [Pause 2 s] gut.",
        "„A“ und „B“",
    ]


def test_emphasis_at_the_beginning_of_a_speech_keeps_its_marks():
    assert read_script("Anna: **Sehr** gut.\nBen: Ja.").speeches[0].text == "**Sehr** gut."


def test_a_speech_without_words_is_left_out():
    assert [each.role for each in read_script("Anna: (lacht)\nBen: Ja.\nCleo: Nein.").speeches] == [
        "Ben",
        "Cleo",
    ]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "dialogue.empty"),
        (" \n…", "dialogue.empty"),
        ("Nur ein Text.\nOhne Rollen.", "dialogue.no_roles"),
        ("Anna: Hallo.\nAnna: Noch da?", "dialogue.one_role"),
        ("Anna: Hallo.\nanna: Noch da?\nANNA: Ja.", "dialogue.one_role"),
        ("Es war einmal.\nAnna: Hallo.\nBen: Ja.", "dialogue.nobody"),
        ("\n".join(f"Rolle {n}: Hallo." for n in range(30)), "dialogue.many_roles"),
        ("Anna: a\nBen: b\n" * 501, "dialogue.many_speeches"),
        ("Anna: a\nBen: b" + " x" * LONGEST_SCRIPT, "dialogue.too_long"),
    ],
)
def test_a_bad_script_is_a_sentence(text, error):
    with pytest.raises(ModelError) as raised:
        read_script(text)
    assert raised.value.key == error


def test_as_many_roles_as_allowed_are_read():
    assert len(read_script("\n".join(f"Rolle {n}: Hallo." for n in range(MOST_ROLES))).roles) == MOST_ROLES


@pytest.mark.parametrize(
    "text", ["(" * 30_000, "[" * 30_000, "*" * 59_000, "a:" * 20_000, "_(" * 20_000, "„" * 59_000]
)
def test_odd_scripts_take_no_time(text):
    import time

    began = time.process_time()
    with pytest.raises(ModelError):
        read_script("Anna: x\n" + text)
    assert time.process_time() - began < 2.0


def test_every_voice_and_speaker_is_used_before_any_twice():
    one, two = Hum(PITCHED), Hum(PITCHED, speakers=("hell", "dunkel"))
    found = cast(["A", "B", "C", "D"], [one, two], "de")
    people = [(found[role].voices["de"], found[role].manner.speaker) for role in "ABCD"]
    assert people == [(one, ""), (two, "hell"), (two, "dunkel"), (one, "")]
    assert found["A"].manner.pitch == 1.0
    assert abs(found["D"].manner.pitch - 1.0) > 0.15


@pytest.mark.parametrize("can", [PITCHED, frozenset({"speed"})])
def test_roles_of_one_voice_differ_in_pitch_though_it_cannot_change_it(can):
    script = read_script("\n".join(f"Rolle {n}: Ein ziemlich langer Satz." for n in range(4)))
    actors = cast(script.roles, [Hum(can)], "de")
    tones = sorted(tone(line.piece.audio) for line in performed(script, actors))
    assert all(high / low > 1.08 for low, high in pairwise(tones))


def test_all_shades_are_different_and_within_what_a_voice_can():
    actors = cast([str(n) for n in range(MOST_ROLES)], [Hum(PITCHED)], "de", Manner(pitch=1.6, speed=0.6))
    manners = {(actor.manner.pitch, actor.manner.speed) for actor in actors.values()}
    assert len(manners) == MOST_ROLES
    assert len({a.manner.pitch for a in cast([str(n) for n in range(9)], [Hum(PITCHED)], "de").values()}) == 9


def test_the_pitch_moves_the_tone_and_not_the_length():
    voice = Hum()
    (low,) = Pitched(voice).speak("zwanzig Zeichen hier", Manner(pitch=0.8))
    (high,) = Pitched(voice).speak("zwanzig Zeichen hier", Manner(pitch=1.25))
    assert (tone(low), tone(high)) == (pytest.approx(160, abs=2), pytest.approx(250, abs=2))
    assert (low.seconds, high.seconds) == (pytest.approx(1.0, abs=0.02), pytest.approx(1.0, abs=0.02))
    assert (low.rate, high.rate) == (RATE, RATE)


def test_a_voice_that_can_is_not_wrapped():
    voice = Hum(PITCHED)
    assert with_pitch(voice) is voice
    assert "pitch" in with_pitch(Hum()).can


def test_the_pieces_are_the_whole_dialogue_with_short_pauses_between_roles():
    script = read_script("Anna: Guten Tag. Wie geht es?\nBen: Gut!")
    lines = list(performed(script, cast(script.roles, [Hum(PITCHED)], "de")))
    assert [(line.role, line.piece.written) for line in lines] == [
        ("Anna", "Guten Tag."),
        ("Anna", "Wie geht es?"),
        ("Ben", "Gut!"),
    ]
    assert [line.share for line in lines] == sorted(line.share for line in lines)
    assert lines[-1].share == 1.0
    for line in (lines[1], lines[2]):
        quiet = len(line.piece.audio.samples) - 1 - int(np.flatnonzero(line.piece.audio.samples)[-1])
        assert quiet / RATE == pytest.approx(TURN_S, abs=0.01)


def test_work_is_done_only_when_asked_for_and_closing_ends_it():
    voice = Hum(PITCHED)
    script = read_script("\n".join(f"{role}: Ein Satz." for role in ("Anna", "Ben") * 20))
    lines = performed(script, cast(script.roles, [voice], "de"))
    assert voice.heard == []
    next(lines)
    lines.close()
    assert len(voice.heard) <= 2


def test_the_dictionary_holds_for_all_roles():
    voice = Hum(PITCHED)
    script = read_script("Anna: Goethe!\nBen: Goethe?")
    list(performed(script, cast(script.roles, [voice], "de"), Pronunciation({"Goethe": "Göte"})))
    assert voice.heard == ["Göte!", "Göte?"]


def test_a_role_without_an_actor_and_a_cast_without_a_voice_are_sentences():
    script = read_script("Anna: Hallo.\nBen: Ja.")
    with pytest.raises(ModelError, match="no_actor"):
        performed(script, {"Anna": Actor({"de": Hum()})})
    with pytest.raises(ModelError, match="no_voice"):
        cast(script.roles, [], "de")

"""Subtitles: the rules of the trade hold for any transcript, hard sentences break where people would break them."""

import random
import re
from itertools import pairwise

import pytest

from models.errors import ModelError
from stations.speech.subtitle_files import LARGEST_BYTES, MOST_CUES, read_subtitles, srt, vtt
from stations.speech.subtitles import DASH, GAP_S, LONGEST_S, SHORTEST_S, Cue, cues
from stations.speech.transcript import Line, SpokenWord, Transcript

pytest.importorskip("webvtt", reason="webvtt-py is not installed")

GERMAN = (
    "Guten Abend und herzlich willkommen zur Mitgliederversammlung des Heimatvereins Görlitz e. V. Ich begrüße "
    "besonders Frau Dr. Müller vom Kulturamt der Stadt, die heute extra gekommen ist. Wir haben am 5. Mai rund "
    "1.200 Euro für die neue Ausstellung über die Geschichte der Oberlausitz ausgegeben. Das ist nicht viel Geld, "
    "aber es reicht, weil uns die Sparkasse und viele Ehrenamtliche geholfen haben. Ob wir das Dach des alten "
    "Gemeindehauses noch in diesem Jahr reparieren lassen können, hängt davon ab, wie viele Spenden wir bis zum "
    "30. September bekommen. Gibt es dazu Fragen?"
)
ENGLISH = (
    "Good evening and a very warm welcome to the annual general meeting of our small local history society. I would "
    "like to thank Dr. Miller from the city council, who came all the way from Bristol just to be here tonight. We "
    "spent about 1,200 pounds on the new exhibition, which is not a lot of money, but it was enough because so many "
    "volunteers helped us. Whether we can repair the roof of the old village hall this year depends on how many "
    "donations we receive by the end of September. Any questions?"
)
HANGING = {
    "de": "der die das dem den des ein eine einen einem einer eines am im vom zur zum für über und dass weil",
    "en": "the a an of on to from by our this and but because which who dr.",
}
"""Words that leave a reader hanging at the end of a line."""


def said(text, start_s=0.0, rate=15.0):
    """Words with times as somebody says them who takes a breath after sentences and commas."""
    words, at = [], start_s
    for word in text.split():
        words.append(SpokenWord(text=f" {word}", start_s=round(at, 3), end_s=round(at + len(word) / rate, 3)))
        at += len(word) / rate + (0.4 if word[-1] in ".?!" else 0.15 if word[-1] == "," else 0.02)
    return tuple(words)


def transcript(*parts, language="de", speakers=None):
    """A transcript of ``(speaker, words)``."""
    lines = [
        Line(id=f"l{number}", words=words, speaker=speaker) for number, (speaker, words) in enumerate(parts)
    ]
    known = speakers if speakers is not None else {speaker: "" for speaker, _ in parts if speaker}
    return Transcript(language=language, lines=tuple(lines), speakers=known)


def wild(seed):
    """A random transcript: speakers who interrupt each other, rushed and endless words, pauses, times that jump."""
    dice, at, parts = random.Random(seed), 0.0, []
    for _ in range(dice.randint(1, 40)):
        words = []
        for _ in range(dice.randint(1, 30)):
            letters = (
                dice.choice([1, 2, 3, 5, 8, 13, 21, 34, 50]) if dice.random() < 0.9 else dice.randint(1, 130)
            )
            text = dice.choice(["a", "Ä", "1", "x"]) * letters + dice.choice(
                ["", "", "", ",", ".", "?", " und", "-"]
            )
            end = at + dice.choice([0.0, 0.05, 0.2, 0.4, 0.8, 3.0, 9.0])
            words.append(
                SpokenWord(text=dice.choice([" ", " ", " ", "", "\n"]) + text, start_s=at, end_s=end)
            )
            at = max(0.0, end + dice.choice([0.0, 0.0, 0.0, 0.1, 0.5, 2.0, 30.0, -1.0]))
        parts.append((dice.choice(["", "s1", "s1", "s2"]), tuple(words)))
        at = max(0.0, at + dice.choice([0.0, 0.0, 0.3, -2.0]))
    return transcript(*parts, speakers={"s1": "Anna", "s2": ""})


def letters(text):
    """All letters in order, without what the layout adds: spaces, dashes, hyphens."""
    return re.sub(r"[\s–-]", "", text)


@pytest.mark.parametrize("seed", range(120))
def test_the_rules_hold_for_any_transcript(seed):
    """Lines, lengths, times, order, no overlap, no lost words, and everybody's words under their own name."""
    given = wild(seed)
    made = cues(given, "de")
    assert letters("".join(cue.text for cue in made)) == letters("".join(line.text for line in given.lines))
    for cue in made:
        assert 1 <= len(cue.lines) <= 2
        assert all(0 < len(line) <= 42 and line == line.strip() for line in cue.lines)
        assert len(cue.speakers) in (0, len(cue.lines))
        assert SHORTEST_S - 1e-6 <= cue.end_s - cue.start_s <= LONGEST_S + 1e-6
    for before, after in pairwise(made):
        assert after.start_s >= before.end_s + GAP_S - 1e-6


@pytest.mark.parametrize("seed", range(60))
def test_nobody_is_given_the_words_of_another(seed):
    given, heard = wild(seed), {}
    for cue in cues(given, "de"):
        for line, speaker in zip(cue.lines, cue.speakers or ("",) * len(cue.lines), strict=True):
            heard[speaker] = heard.get(speaker, "") + line
    names = {"s1": "Anna", "s2": "Person 2", "": ""}
    for speaker, name in names.items():
        theirs = "".join(line.text for line in given.lines if line.speaker == speaker)
        assert letters(heard.get(name, "")) == letters(theirs)


@pytest.mark.parametrize("rate", [11, 15, 19])
@pytest.mark.parametrize(("text", "language"), [(GERMAN, "de"), (ENGLISH, "en")])
def test_no_line_ends_with_a_word_that_needs_the_next(text, language, rate):
    lines = [line for cue in cues(transcript(("", said(text, rate=rate))), language) for line in cue.lines]
    assert len(lines) > 10
    assert not [line for line in lines if line.split()[-1].lower() in HANGING[language].split()]
    assert not [line for line in lines if re.search(r"\d[.,]?$", line)], "a number stays with what it counts"


@pytest.mark.parametrize("rate", [11, 15, 19])
@pytest.mark.parametrize(
    ("text", "language", "together"),
    [
        (
            GERMAN,
            "de",
            ("e. V.", "Frau Dr. Müller", "5. Mai", "1.200 Euro", "die neue Ausstellung", "30. September"),
        ),
        (ENGLISH, "en", ("Dr. Miller", "1,200 pounds", "the new exhibition", "the roof", "old village hall")),
    ],
)
def test_what_belongs_together_stays_on_one_line(text, language, together, rate):
    lines = "\n".join(cue.text for cue in cues(transcript(("", said(text, rate=rate))), language))
    assert [phrase for phrase in together if phrase not in lines] == []


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        (
            "Das ist nicht viel Geld, aber es reicht, weil uns viele Freiwillige geholfen haben.",
            "de",
            ["Das ist nicht viel Geld, aber es reicht,", "weil uns viele Freiwillige geholfen haben."],
        ),
        (
            "Ich begrüße besonders Frau Dr. Müller vom Kulturamt der Stadt.",
            "de",
            ["Ich begrüße besonders Frau Dr. Müller", "vom Kulturamt der Stadt."],
        ),
        (
            "We would like to thank everybody who came to help us with the roof.",
            "en",
            ["We would like to thank everybody", "who came to help us with the roof."],
        ),
    ],
)
def test_a_known_sentence_breaks_where_a_person_would_break_it(text, language, expected):
    (cue,) = cues(transcript(("", said(text))), language)
    assert list(cue.lines) == expected


def test_ordinary_speech_can_be_read_in_time_and_fast_speech_nearly_so():
    for rate, most in ((13, 17.5), (17, 21)):
        made = cues(transcript(("", said(GERMAN, rate=rate))), "de")
        assert max(len(cue.text) / (cue.end_s - cue.start_s) for cue in made) <= most


def test_a_subtitle_stays_in_the_pause_after_fast_words_but_not_for_ever():
    words = (*said("Das war jetzt wirklich sehr schnell gesprochen.", rate=40), *said("Ja.", start_s=20))
    first, second = cues(transcript(("", words)), "de")
    assert first.end_s - first.start_s == pytest.approx(len(first.text) / 17, abs=0.01)
    assert second.start_s == 20


def test_a_pause_too_short_to_look_away_is_closed():
    given = transcript(
        ("s1", said("Wie viele sind gestern gekommen?", rate=10)), ("s2", said("Etwa achtzig.", start_s=3.2))
    )
    first, second = cues(given, "de")
    assert given.lines[0].end_s < 3
    assert second.start_s - first.end_s == pytest.approx(GAP_S)


def test_a_new_speaker_gets_a_new_subtitle():
    given = transcript(("s1", said("Wie viele waren da?")), ("s2", said("Etwa achtzig Leute.", start_s=1.5)))
    first, second = cues(given, "de")
    assert (first.lines, first.speakers) == (("Wie viele waren da?",), ("Person 1",))
    assert (second.lines, second.speakers) == (("Etwa achtzig Leute.",), ("Person 2",))


def test_two_who_interrupt_each_other_share_a_subtitle_with_a_dash_for_each():
    given = transcript(
        ("s1", said("Ja?")), ("s2", said("Nein.", start_s=0.3)), speakers={"s1": "Anna", "s2": "Ben"}
    )
    (cue,) = cues(given, "de")
    assert cue.lines == (f"{DASH}Ja?", f"{DASH}Nein.")
    assert cue.speakers == ("Anna", "Ben")


def test_one_person_never_gets_dashes_even_with_two_ids():
    given = transcript(
        ("s1", said("Ja?")), ("s2", said("Nein.", start_s=0.3)), speakers={"s1": "Anna", "s2": "Anna"}
    )
    assert all(DASH not in line for cue in cues(given, "de") for line in cue.lines)


def test_slow_words_are_on_the_screen_while_they_are_said():
    words = [SpokenWord(text=f" langsam{n}", start_s=1.3 * n, end_s=1.3 * n + 1.2) for n in range(20)]
    made = cues(transcript(("", tuple(words))), "de")
    for cue in made:
        theirs = [word for word in words if word.text.strip() in cue.text.split()]
        assert cue.start_s <= theirs[0].start_s
        assert theirs[-1].end_s <= cue.end_s


def test_a_long_pause_within_a_sentence_begins_a_new_subtitle():
    first, second = cues(transcript(("", (*said("Und dann"), *said("kam er.", start_s=3.0)))), "de")
    assert (first.text, second.text, second.start_s) == ("Und dann", "kam er.", 3.0)


@pytest.mark.parametrize("count", range(9, 17))
def test_two_lines_are_about_as_long(count):
    (cue,) = cues(transcript(("", said(" ".join(["wort"] * count), rate=20))), "")
    top, bottom = map(len, cue.lines)
    assert abs(top - bottom) <= 5


@pytest.mark.parametrize("before", range(20))
@pytest.mark.parametrize(
    ("name", "language"), [("Anna Schneider", "de"), ("Catherine Winter", "en"), ("spannenden Vortrag", "de")]
)
def test_a_name_is_never_broken_wherever_it_stands(before, name, language):
    text = " ".join(["so", *["wort"] * before, name, *["wort"] * 12])
    assert name in "\n".join(cue.text for cue in cues(transcript(("", said(text))), language))


def test_pieces_of_a_word_are_never_parted():
    pieces = [SpokenWord(text=text, start_s=0, end_s=1) for text in (" E", "-", "Mail", "-Adresse", ".")]
    assert cues(transcript(("", tuple(pieces))), "de")[0].lines == ("E-Mail-Adresse.",)


@pytest.mark.parametrize("seed", range(20))
def test_lines_of_chinese_keep_the_limit_too(seed):
    dice = random.Random(seed)
    texts = ["国家博物馆今天开放了吗"[: dice.randint(1, 11)] for _ in range(80)]
    chinese = tuple(SpokenWord(text=text, start_s=at / 9, end_s=at / 9) for at, text in enumerate(texts))
    made = cues(transcript(("", chinese)), "zh")
    assert "".join(line for cue in made for line in cue.lines) == "".join(texts)
    assert all(len(line) <= 42 for cue in made for line in cue.lines)


def test_the_longest_german_word_is_hyphenated():
    word = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"
    made = cues(transcript(("", (SpokenWord(text=f" {word}", start_s=0, end_s=4),))), "de")
    lines = [line for cue in made for line in cue.lines]
    assert lines[0].endswith("-")
    assert "".join(lines).replace("-", "") == word


def test_signs_that_turn_or_hide_text_do_not_reach_the_screen():
    words = (SpokenWord(text=" gut\u202eab\x00c\u200b", start_s=0, end_s=1),)
    assert cues(transcript(("", words)), "de")[0].lines == ("gutabc",)


def test_a_transcript_without_words_has_no_subtitles():
    assert cues(Transcript()) == ()


# ---- files

MADE = (
    Cue(0.5, 2, ("Hallo <i>du</i> & --> 00:00:01.000",), ("Anna <b> & Co",)),
    Cue(2.1, 4, (f"{DASH}Ja?", f"{DASH}Nein. {{\\an8}} 3 < 5 > 2"), ("A", "B")),
    Cue(4.1, 5, ("1999",)),
    Cue(18000, 18001.5, ("größer & später", "als gedacht")),
)


@pytest.fixture
def put(tmp_path):
    def put(content, name="x.srt"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return file

    return put


def strict_srt(text):
    """A reader that forgives nothing: number, times, lines, a blank line."""
    blocks = text.strip().split("\n\n")
    found = []
    for number, block in enumerate(blocks, start=1):
        first, times, *lines = block.split("\n")
        assert first == str(number)
        assert re.fullmatch(r"\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}", times)
        assert lines
        assert all(lines)
        found.append(tuple(lines))
    return found


def test_webvtt_comes_back_as_it_went(put):
    assert read_subtitles(put(vtt(MADE, "Maschinell, bitte prüfen"), "x.vtt")) == MADE


def test_webvtt_is_strictly_right_and_names_who_speaks():
    webvtt = pytest.importorskip("webvtt")
    text = vtt(MADE, "Maschinell --> bitte prüfen")
    read = webvtt.from_string(text, strict=True)
    assert len(read.captions) == len(MADE)
    assert "<v Anna &lt;b&gt; &amp; Co>" in text
    assert "<v A>– Ja?</v>\n<v B>– Nein." in text
    assert "NOTE Maschinell → bitte prüfen" in text
    assert text.count("-->") == len(MADE)


def test_srt_is_strictly_right_and_says_nothing_a_player_could_take_for_markup():
    found = strict_srt(srt(MADE))
    assert len(found) == len(MADE)
    assert found[0] == ("Hallo ‹i›du‹/i› & --› 00:00:01.000",)
    assert not re.search(r"<|\{\\", srt(MADE))
    assert srt(MADE).count("-->") == len(MADE)


def test_srt_is_read_by_a_second_library_with_the_same_times():
    pysubs2 = pytest.importorskip("pysubs2", reason="the second reader is not installed")
    read = pysubs2.SSAFile.from_string(srt(MADE), format_="srt")
    assert [(event.start, event.end) for event in read] == [
        (round(cue.start_s * 1000), round(cue.end_s * 1000)) for cue in MADE
    ]


@pytest.mark.parametrize("seed", range(30))
def test_any_subtitles_come_back_from_both_formats(put, seed):
    made = cues(wild(seed), "de")
    rounded = [(round(cue.start_s, 3), round(cue.end_s, 3), cue.lines) for cue in made]
    for text, name in ((srt(made), "x.srt"), (vtt(made), "x.vtt")):
        read = read_subtitles(put(text, name))
        assert [(cue.start_s, cue.end_s, cue.lines) for cue in read] == [
            (pytest.approx(start, abs=0.0011), pytest.approx(end, abs=0.0011), lines)
            for start, end, lines in rounded
        ]
    assert [cue.speakers for cue in read] == [cue.speakers for cue in made]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_encoding_and_line_end_is_read(put, encoding, ending):
    first = "1\n00:00:01,000 --> 00:00:02,000\nGrößere Übungen für Ältere\n\n"
    second = "2\n00:00:02,500 --> 00:00:03,000\nSchöne Grüße\n"
    read = read_subtitles(put((first + second).replace("\n", ending).encode(encoding)))
    assert [cue.text for cue in read] == ["Größere Übungen für Ältere", "Schöne Grüße"]


@pytest.mark.parametrize(
    "text",
    [
        "00:00:01,000 --> 00:00:02,000\neins\n\n00:00:02,000 --> 00:00:03,000\n1999\nzwei",
        "\n\n7\n00:00:01,000 --> 00:00:02,000\neins\n8\n00:00:02,000 --> 00:00:03,000\n1999\nzwei\n\n\n",
        "1\n0:0:1.0 -> 0:0:2\neins\n\n2\n00:02,000 --> 00:03,000 X1:10 Y1:20\n1999\n\nzwei",
        "1\n00:00:02,000 --> 00:00:03,000\n1999\nzwei\n\n2\n00:00:01,000 --> 00:00:02,000\n{\\an8}<b>eins</b>",
        "WEBVTT - Titel\nKind: captions\n\nNOTE egal\n\nSTYLE\n::cue { color: red }\n\n"
        "00:01.000 --> 00:02.000 align:start\n<c.red>eins</c>\n\nname\n"
        "00:00:02,000 --> 00:00:03,000\n1999\n<00:00:02.500>zwei",
    ],
)
def test_sloppy_files_are_read(put, text):
    first, second = read_subtitles(put(text))
    assert (first.start_s, first.end_s, first.lines) == (1, 2, ("eins",))
    assert (second.start_s, second.end_s, second.lines) == (2, 3, ("1999", "zwei"))


def test_overlapping_and_backward_times_are_kept_in_order(put):
    times = (
        "00:00:05,000 --> 00:00:09,000",
        "00:00:01,000 --> 00:00:06,000",
        "00:00:08,000 --> 00:00:07,000",
    )
    text = "\n".join(f"{number}\n{time}\n{'_bac'[number]}\n" for number, time in enumerate(times, start=1))
    assert [(cue.text, cue.start_s, cue.end_s) for cue in read_subtitles(put(text))] == [
        ("a", 1, 6),
        ("b", 5, 9),
        ("c", 8, 8),
    ]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "export.not_subtitles"),
        (b"Nur ein Text.", "export.not_subtitles"),
        (b"\x89PNG\r\n\x1a\n -> \x00\x00", "export.not_subtitles"),
        (b"a -> b", "export.not_subtitles"),
        (b"WEBVTT\n\nNOTE ->\n", "export.no_cues"),
        (b"1\n00:00:01,000 --> 00:00:02,000\n\n", "export.no_cues"),
        (b"1\n00:00:01,000 --> 00:00:02,000\n" + b"x" * 6000, "export.not_subtitles"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nx\n\n" * (MOST_CUES + 1), "export.too_many_cues"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nx" + b"\n" * LARGEST_BYTES, "export.not_subtitles"),
    ],
)
def test_what_is_no_subtitle_file_gets_a_sentence(put, content, key):
    with pytest.raises(ModelError) as caught:
        read_subtitles(put(content), "film.srt")
    assert caught.value.key == key
    assert caught.value.facts["name"] == "film.srt"


def test_hostile_pieces_never_crash_the_reader(put):
    """Known pieces of both formats, shuffled: cues with sane times come out, or a sentence."""
    dice, read = random.Random(5), 0
    pieces = [
        "\n",
        "\n\n",
        "00:00:01,000 --> 00:00:02,000\n",
        "00:03.500 --> 00:04.000\n",
        "99:99:99.999 --> 1:1:1\n",
    ]
    pieces += [
        "-->",
        "WEBVTT\n\n",
        "1\n",
        "<v ",
        "<",
        ">",
        "&lt;",
        "&#0;",
        "{\\",
        "NOTE ",
        "STYLE\n",
        "REGION\n",
    ]
    pieces += [
        "\u2028",
        "\x85",
        "\x0c",
        "9" * 30,
        ":",
        ".",
        "ä",
        " " * 50,
        "\u202e",
        "9999999:00:00.000 --> 0:1.0\n",
    ]
    for _ in range(800):
        text = dice.choice(["", "WEBVTT\n\n"]) + "".join(dice.choices(pieces, k=dice.randint(0, 30)))
        try:
            found = read_subtitles(put(text))
        except ModelError:
            continue
        read += 1
        assert all(0 <= cue.start_s <= cue.end_s and cue.lines and all(cue.lines) for cue in found)
        assert not re.search("[\x00-\x1f\u202e]", "".join(line for cue in found for line in cue.lines))
    assert read > 150

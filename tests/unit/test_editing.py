"""Changing a transcript: what is asked happens, and everything else stays as it was."""

import random

import pytest

from models.errors import ModelError
from stations.speech import editing, naming
from stations.speech.retelling import retold, spread
from stations.speech.splices import step_between, taken
from stations.speech.transcript import Line, SpokenWord, Transcript


def words(text, start_s=0.0, sure=0.4, each_s=0.5):
    """Words with the space before them, half a second each."""
    return tuple(
        SpokenWord(
            text=f" {word}", start_s=start_s + each_s * at, end_s=start_s + each_s * (at + 1), sure=sure
        )
        for at, word in enumerate(text.split())
    )


def line(number, text, start_s=0.0, speaker="", sure=0.4):
    return Line(id=f"l{number}", words=words(text, start_s, sure), speaker=speaker)


@pytest.fixture
def talk():
    return Transcript(
        title="Sitzung",
        seconds=30,
        speakers={"p1": "Anna", "p2": "", "p3": "Cem"},
        lines=(
            line(0, "Guten Abend zusammen.", 0, "p1"),
            line(1, "Wir beginnen mit dem Haushalt.", 5, "p2"),
            line(2, "Der Haushalt ist knapp.", 10, "p1"),
            line(3, "Danke.", 15, ""),
        ),
    )


def texts(transcript):
    return [each.text for each in transcript.lines]


def ids(transcript):
    return [each.id for each in transcript.lines]


def raises(key):
    return pytest.raises(ModelError, match=rf"^{key}\b")


def times(line):
    return [(word.text.strip(), word.start_s, word.end_s, word.sure) for word in line.words]


# text


def test_a_changed_word_keeps_its_seconds_and_is_certain_and_its_neighbours_stay_doubtful(talk):
    new = editing.set_text(talk, "l1", "Wir beginnen mit dem Haushaltsplan.")
    assert texts(new)[1] == "Wir beginnen mit dem Haushaltsplan."
    assert times(new.lines[1]) == [
        *times(talk.lines[1])[:4],
        ("Haushaltsplan.", 7.0, 7.5, 1.0),
    ]


def test_several_words_for_one_share_its_seconds_by_their_letters(talk):
    new = editing.set_text(talk, "l2", "Der Haus halt ist knapp.")
    assert times(new.lines[2])[1:3] == [("Haus", 10.5, 10.75, 1.0), ("halt", 10.75, 11.0, 1.0)]
    assert times(new.lines[2])[3:] == times(talk.lines[2])[2:]


def test_a_word_put_between_two_has_the_seconds_between_them(talk):
    apart = talk.model_copy(
        update={"lines": (Line(id="l9", words=(*words("Guten", 0), *words("Abend", 2)), speaker=""),)}
    )
    new = editing.set_text(apart, "l9", "Guten schönen Abend")
    assert times(new.lines[0]) == [("Guten", 0, 0.5, 0.4), ("schönen", 0.5, 2, 1), ("Abend", 2, 2.5, 0.4)]


@pytest.mark.parametrize(
    "text", ["Ach, Guten Abend zusammen.", "Guten Abend zusammen. Hallo!", "Hallo!", "Abend"]
)
def test_words_at_the_edges_stay_within_the_line(talk, text):
    new = editing.set_text(talk, "l0", text).lines[0]
    assert new.text == text
    assert 0 <= new.start_s <= new.end_s <= 1.5


def test_a_word_put_between_two_that_overlap_does_not_end_before_it_begins():
    both = (*words("Ja", 0, each_s=3), *words("nein", 1))
    told = retold(both, "Ja doch nein")
    assert told[1].start_s <= told[1].end_s


def test_the_space_before_the_first_word_stays_as_it_was():
    bare = (SpokenWord(text="Guten", start_s=0, end_s=1), SpokenWord(text=" Tag", start_s=1, end_s=2))
    told = retold(bare, "Ja guten Tag")
    assert "".join(word.text for word in told) == "Ja guten Tag"
    assert "".join(word.text for word in retold(words("Guten Tag"), "Ja guten Tag")) == " Ja guten Tag"


def test_words_written_without_a_space_keep_their_seconds():
    hyphen = (*words("Die"), SpokenWord(text=" E", start_s=1, end_s=1.2, sure=0.3))
    hyphen = (*hyphen, SpokenWord(text="-Mail", start_s=1.2, end_s=1.6, sure=0.3), *words("kommt", 2))
    told = retold(hyphen, "Die E-Mail kam")
    assert told[:3] == hyphen[:3]
    assert (told[3].text, told[3].sure) == (" kam", 1.0)
    assert [word.text for word in retold(hyphen, "Die E-Post kommt")] == [" Die", " E", "-Post", " kommt"]


def test_a_language_without_spaces_keeps_the_words_that_stayed():
    chinese = tuple(
        SpokenWord(text=text, start_s=at, end_s=at + 1, sure=0.2)
        for at, text in enumerate(["你好", "世界", "朋友"])
    )
    told = retold(chinese, "你好地球朋友")
    assert [word.text for word in told] == ["你好", "地球", "朋友"]
    assert [word.sure for word in told] == [0.2, 1.0, 0.2]
    assert told[1].start_s == 1


def test_the_same_text_changes_nothing(talk):
    assert editing.set_text(talk, "l0", "  Guten Abend\u00a0zusammen.\n") == talk


def test_a_text_becomes_one_line_that_any_file_can_hold(talk):
    new = editing.set_text(talk, "l0", "Zeile\r\neins\u2028zwei\x00\x1b[31m \ud800 A\u0308")
    assert texts(new)[0] == "Zeile eins zwei [31m Ä"
    new.model_dump_json().encode()


def test_hostile_text_stays_text(talk):
    evil = "<img src=x onerror=alert(1)> --> </script> {{7*7}} \\1 ${x}"
    assert texts(editing.set_text(talk, "l0", evil))[0] == evil


def test_random_changes_lose_no_letter_and_keep_the_order_of_time():
    dice = random.Random(5)
    vocabulary = ["der", "Verein", "tagt", "heute", "im", "Saal", "und", "morgen", "nicht"]
    for _ in range(300):
        before = words(" ".join(dice.choices(vocabulary, k=dice.randint(1, 12))), 3.0)
        text = " ".join(dice.choices(vocabulary, k=dice.randint(1, 12)))
        told = retold(before, text)
        assert "".join(word.text for word in told).strip() == text
        clock = [second for word in told for second in (word.start_s, word.end_s)]
        assert clock == sorted(clock)
        assert before[0].start_s <= clock[0]
        assert clock[-1] <= before[-1].end_s
        assert {word for word in told if word.sure < 1} <= set(before)


def test_time_is_shared_without_a_gap():
    shared = spread(["ab", "abcd", "a"], 1.0, 8.0)
    assert [(word.start_s, word.end_s) for word in shared] == [(1, 3), (3, 7), (7, 8)]
    assert spread([], 1, 2) == []


@pytest.mark.parametrize(("text", "key"), [("", "editor.empty_text"), (" \n\x00", "editor.empty_text")])
def test_a_line_without_text_is_refused(talk, text, key):
    with raises(key):
        editing.set_text(talk, "l0", text)


def test_a_line_that_is_too_long_is_refused(talk):
    with raises("editor.long_text") as caught:
        editing.set_text(talk, "l0", "a" * 5001)
    assert caught.value.facts == {"count": 5001, "limit": 5000}


def test_a_long_line_is_compared_quickly(talk):
    import time

    text = " ".join(f"wort{number % 7}" for number in range(800))
    new = editing.set_text(talk, "l0", text)
    before = time.process_time()
    editing.set_text(new, "l0", text.replace("wort3", "satz"))
    assert time.process_time() - before < 5


# lines


@pytest.mark.parametrize(
    ("at", "left", "right"), [(6, "Guten", "Abend zusammen."), (5, "Guten", "Abend zusammen.")]
)
def test_a_line_is_divided_between_two_words(talk, at, left, right):
    new = editing.split(talk, "l0", at)
    assert texts(new)[:2] == [left, right]
    assert new.lines[1].start_s == 0.5
    assert [word for each in new.lines[:2] for word in each.words] == list(talk.lines[0].words)
    assert new.lines[1].speaker == "p1"


def test_a_line_is_divided_inside_a_word(talk):
    new = editing.split(talk, "l0", 8)
    assert texts(new)[:2] == ["Guten Ab", "end zusammen."]
    assert new.lines[0].end_s == new.lines[1].start_s == pytest.approx(0.7)
    assert new.lines[1].words[0].sure == 0.4


def test_letters_are_counted_as_code_points(talk):
    new = editing.split(editing.set_text(talk, "l0", "👩‍🎨🎨 malt heute"), "l0", 5)
    assert texts(new)[:2] == ["👩‍🎨🎨", "malt heute"][:2]


@pytest.mark.parametrize("at", [0, 21, 22, 9999])
def test_a_line_is_not_divided_where_nothing_would_be_left(talk, at):
    with raises("editor.no_split"):
        editing.split(talk, "l0", at)


def test_new_ids_are_new_and_all_others_stay(talk):
    for _ in range(3):
        talk = editing.split(talk, "l0", len(talk.lines[0].text) // 2)
    assert len(set(ids(talk))) == len(talk.lines)
    assert [each for each in ids(talk) if each.startswith("l")] == ["l0", "l1", "l2", "l3"]


def test_two_lines_that_begin_together_have_two_ids(talk):
    flat = talk.model_copy(
        update={
            "lines": (
                line(0, "a b", 0),
                Line(id="l1", words=tuple(SpokenWord(text=f" {x}", start_s=0, end_s=0) for x in "cdef")),
            )
        }
    )
    once = editing.split(flat, "l1", 2)
    twice = editing.split(once, ids(once)[2], 2)
    assert ids(twice) == ["l0", "l1", "t0", "t1"]


def test_dividing_and_joining_is_a_round_trip(talk):
    back = editing.merge(editing.split(talk, "l1", 13), "l1")
    assert back == talk


def test_two_lines_become_one_said_by_whoever_is_known(talk):
    new = editing.merge(talk, "l2")
    assert texts(new)[2:] == ["Der Haushalt ist knapp. Danke."]
    assert new.lines[2].speaker == "p1"
    assert editing.merge(naming.set_speaker(talk, ["l2"], ""), "l1").lines[1].speaker == "p2"


def test_lines_of_a_language_without_spaces_are_joined_without_one():
    one, other = (
        Line(id=f"l{at}", words=tuple(SpokenWord(text=text, start_s=at, end_s=at) for text in pair))
        for at, pair in enumerate((("你好", "世界"), ("朋友", "们")))
    )
    assert editing.merge(Transcript(lines=(one, other)), "l0").text == "你好世界朋友们"


def test_lines_without_a_leading_space_are_joined_with_one():
    one, other = (
        Line(id=f"l{at}", words=(SpokenWord(text=text, start_s=at, end_s=at),))
        for at, text in enumerate(("Ja.", "Gut."))
    )
    assert editing.merge(Transcript(lines=(one, other)), "l0").text == "Ja. Gut."


def test_the_last_line_has_no_next_one(talk):
    with raises("editor.last_line"):
        editing.merge(talk, "l3")


def test_lines_do_not_grow_beyond_their_length_by_joining(talk):
    for each in ("l0", "l1"):
        talk = editing.set_text(talk, each, "wort " * 900)
    with raises("editor.long_text"):
        editing.merge(talk, "l0")


def test_a_line_goes(talk):
    assert ids(editing.delete_line(talk, "l1")) == ["l0", "l2", "l3"]


def test_a_confirmed_line_has_no_doubts(talk):
    new = editing.confirm(talk, ["l0", "l2"])
    assert [{word.sure for word in each.words} for each in new.lines] == [{1.0}, {0.4}, {1.0}, {0.4}]
    assert texts(new) == texts(talk)


@pytest.mark.parametrize(
    "change",
    [
        lambda talk: editing.set_text(talk, "l9", "x"),
        lambda talk: editing.split(talk, "l9", 1),
        lambda talk: editing.merge(talk, "l9"),
        lambda talk: editing.delete_line(talk, "l9"),
        lambda talk: editing.confirm(talk, ["l0", "l9"]),
        lambda talk: naming.set_speaker(talk, ["l9"], "p1"),
    ],
)
def test_a_line_that_is_not_there_is_said(talk, change):
    with raises("editor.no_line"):
        change(talk)


# replacing


def test_a_word_is_replaced_everywhere(talk):
    new = editing.replace_all(talk, "haushalt", "Etat")
    assert texts(new)[1:3] == ["Wir beginnen mit dem Etat.", "Der Etat ist knapp."]
    assert new.lines[0] is talk.lines[0]
    assert new.lines[2].words[1].start_s == 10.5


def test_case_and_whole_words_are_minded_on_wish(talk):
    with raises("editor.not_found"):
        editing.replace_all(talk, "haushalt", "Etat", match_case=True)
    with raises("editor.not_found"):
        editing.replace_all(talk, "Haus", "Etat", whole_words=True)
    assert texts(editing.replace_all(talk, "Haus", "Wald"))[2] == "Der Waldhalt ist knapp."


def test_signs_in_a_search_are_just_signs(talk):
    assert texts(editing.replace_all(talk, ".", "\\1$&"))[3] == "Danke\\1$&"
    with raises("editor.not_found"):
        editing.replace_all(talk, ".*", "x")
    assert texts(editing.replace_all(talk, "Danke.", "C++ (a|b)*", whole_words=False))[3] == "C++ (a|b)*"


def test_a_search_over_two_words_finds_any_space(talk):
    assert texts(editing.replace_all(talk, "guten  abend", "Moin"))[0] == "Moin zusammen."


def test_lines_that_become_empty_are_left_out(talk):
    assert ids(editing.replace_all(talk, "Danke.", " ")) == ["l0", "l1", "l2"]


@pytest.mark.parametrize("search", ["", "  ", "\n"])
def test_nothing_to_look_for_is_said(talk, search):
    with raises("editor.no_search"):
        editing.replace_all(talk, search, "x")


def test_replacing_something_by_itself_is_said_to_find_nothing(talk):
    with raises("editor.not_found"):
        editing.replace_all(talk, "Danke", "Danke")


# speakers


def test_a_speaker_is_chosen_for_some_lines(talk):
    new = naming.set_speaker(talk, ["l0", "l3"], "p3")
    assert [each.speaker for each in new.lines] == ["p3", "p2", "p1", "p3"]
    assert naming.set_speaker(new, ["l0"], "").lines[0].speaker == ""


def test_somebody_new_gets_an_id_of_their_own(talk):
    new = naming.set_new_speaker(talk, ["l3"], "  Frau\nMeier ")
    assert new.speakers == {**talk.speakers, "p4": "Frau Meier"}
    assert new.lines[3].speaker == "p4"


def test_somebody_new_with_a_known_name_is_that_person(talk):
    new = naming.set_new_speaker(talk, ["l3"], "ANNA")
    assert new.speakers == talk.speakers
    assert new.lines[3].speaker == "p1"


def test_two_people_without_a_name_are_two_people(talk):
    new = naming.set_new_speaker(talk, ["l3"], "")
    assert new.lines[3].speaker == "p4"


def test_a_name_changes_everywhere_at_once(talk):
    new = naming.rename_speaker(talk, "p1", "Anna Vogel")
    assert new.speakers["p1"] == "Anna Vogel"
    assert new.lines == talk.lines


def test_whoever_gets_the_name_of_somebody_else_is_that_person(talk):
    new = naming.rename_speaker(talk, "p2", "anna")
    assert new.speakers == {"p1": "Anna", "p3": "Cem"}
    assert [each.speaker for each in new.lines] == ["p1", "p1", "p1", ""]


def test_a_name_may_change_its_capitals_and_may_go(talk):
    assert naming.rename_speaker(talk, "p1", "ANNA").speakers["p1"] == "ANNA"
    assert naming.rename_speaker(talk, "p1", " ").speakers["p1"] == ""


def test_several_speakers_become_one(talk):
    new = naming.merge_speakers(talk, "p2", ["p1", "p3", "p2"])
    assert new.speakers == {"p2": ""}
    assert [each.speaker for each in new.lines] == ["p2", "p2", "p2", ""]


@pytest.mark.parametrize(
    "change",
    [
        lambda talk: naming.set_speaker(talk, ["l0"], "p9"),
        lambda talk: naming.rename_speaker(talk, "p9", "x"),
        lambda talk: naming.rename_speaker(talk, "", "x"),
        lambda talk: naming.merge_speakers(talk, "p1", ["p9"]),
        lambda talk: naming.merge_speakers(talk, "p9", ["p1"]),
    ],
)
def test_a_speaker_who_is_not_there_is_said(talk, change):
    with raises("editor.no_speaker"):
        change(talk)


def test_names_and_their_number_have_bounds(talk):
    with raises("editor.long_name"):
        naming.rename_speaker(talk, "p1", "x" * 61)
    many = talk.model_copy(update={"speakers": {f"p{number}": "" for number in range(1, 51)}})
    with raises("editor.many_speakers"):
        naming.set_new_speaker(many, ["l0"], "Neu")


# splices


CHANGES = [
    lambda talk: editing.set_text(talk, "l1", "Ganz anders"),
    lambda talk: editing.split(talk, "l2", 12),
    lambda talk: editing.merge(talk, "l0"),
    lambda talk: editing.delete_line(talk, "l3"),
    lambda talk: editing.replace_all(talk, "Danke.", ""),
    lambda talk: editing.replace_all(talk, "Haushalt", "Etat"),
    lambda talk: naming.merge_speakers(talk, "p3", ["p1"]),
    lambda talk: naming.rename_speaker(talk, "p2", "Berta"),
    lambda talk: naming.set_new_speaker(talk, ["l0", "l3"], "Neu"),
    lambda talk: talk.model_copy(update={"lines": ()}),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_step_leads_there_and_back(talk, change):
    new = change(talk)
    assert taken(talk, step_between(talk, new)) == new
    assert taken(new, step_between(new, talk)) == talk
    assert list(taken(new, step_between(new, talk)).speakers) == list(talk.speakers)


def test_only_what_changed_travels(talk):
    far_apart = editing.confirm(talk, ["l0", "l3"])
    splices = step_between(talk, far_apart).splices
    assert [(one.at, one.removed, len(one.lines)) for one in splices] == [(0, 1, 1), (3, 1, 1)]
    divided = step_between(talk, editing.split(talk, "l2", 12)).splices
    assert [(one.at, one.removed, len(one.lines)) for one in divided] == [(2, 1, 2)]


def test_nothing_changed_is_no_step(talk):
    assert step_between(talk, talk).is_nothing
    assert not step_between(talk, naming.rename_speaker(talk, "p2", "Berta")).is_nothing


def test_lines_that_came_at_the_end_stay_when_a_step_is_taken_back(talk):
    new = editing.split(talk, "l0", 6)
    later = new.model_copy(update={"lines": (*new.lines, line(4, "Und noch etwas.", 20))})
    assert ids(taken(later, step_between(new, talk))) == ["l0", "l1", "l2", "l3", "l4"]


def test_a_speaker_whom_a_new_line_needs_does_not_go(talk):
    new = naming.set_new_speaker(talk, ["l0"], "Neu")
    later = new.model_copy(update={"lines": (*new.lines, line(4, "Ich auch.", 20, "p4"))})
    back = taken(later, step_between(new, talk))
    assert back.speakers["p4"] == "Neu"
    assert back.lines[0].speaker == "p1"


def test_random_changes_can_be_taken_back_to_the_beginning(talk):
    dice, way, now = random.Random(7), [], talk
    for _ in range(200):
        try:
            new = dice.choice(CHANGES[:9])(now)
        except ModelError:
            continue
        way.append(step_between(new, now))
        now = new
    for step in reversed(way):
        now = taken(now, step)
    assert now == talk

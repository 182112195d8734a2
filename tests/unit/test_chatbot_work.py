"""What the chatbot does, with an engine that says what it is told to say."""

from dataclasses import FrozenInstanceError, replace

import pytest

from models.engines.base import Message, Piece, Sampling, Tally, Token
from models.errors import ModelError
from stations.chatbot import work
from stations.chatbot.work import Conversation, Exchange, Wish

GERMAN = "Das Museum öffnet am Dienstag um neun Uhr und schließt am Abend um sechs Uhr."
ENGLISH = "The museum opens on Tuesday at nine in the morning and it closes at six in the evening."
WISH = Wish("Seien Sie knapp.", Sampling(), "Bitte antworten Sie auf Deutsch.")


def pieces_of(text, end="done", tokens=False):
    """The answer letter by letter, as an engine gives it."""
    for count, letter in enumerate(text, start=1):
        token = (Token(letter, 0.5, ()),) if tokens else ()
        yield Piece(letter, token, Tally(prompt_tokens=3, prompt_read=3, new_tokens=count))
    yield Piece("", (), Tally(prompt_tokens=3, prompt_read=3, new_tokens=len(text), end=end))


class FakeChat:
    """Gives one prepared answer per question; remembers what it was asked and whether it was stopped."""

    def __init__(self, *answers):
        self.answers, self.asked, self.closed = list(answers), [], 0

    def reply(self, messages, sampling, *, person=""):
        self.asked.append((list(messages), sampling))
        answer = self.answers.pop(0)
        try:
            yield from pieces_of(answer) if isinstance(answer, str) else answer
        finally:
            self.closed += 1

    def close(self):
        raise AssertionError("who borrows an engine does not close it")


def asked(question="Wann öffnet das Museum am Dienstag?", wanted="de"):
    return Conversation().asked(question, "Modell", wanted)


@pytest.fixture
def every_piece(monkeypatch):
    """Show every piece, however fast they come."""
    monkeypatch.setattr(work, "UPDATE_S", -1.0)


# --- Values -----------------------------------------------------------------------------------------------------------


def test_a_conversation_cannot_be_changed_in_place():
    conversation = asked()
    with pytest.raises(FrozenInstanceError):
        conversation.exchanges = ()
    with pytest.raises(FrozenInstanceError):
        conversation.last.answer = "x"
    with pytest.raises(FrozenInstanceError):
        replace(WISH).role = "x"


def test_asking_and_changing_leave_the_conversation_before_as_it_was():
    first = asked("eins")
    second = first.asked("zwei", "Modell", None)
    changed = second.with_last(answer="ja", stopped=True)
    assert [one.question for one in second.exchanges] == ["eins", "zwei"]
    assert [one.answer for one in changed.exchanges] == ["", "ja"]
    assert (len(first.exchanges), second.last.answer, second.last.stopped) == (1, "", False)


def test_until_keeps_the_first_exchanges():
    conversation = asked("eins").asked("zwei", "M", None).asked("drei", "M", None)
    assert [one.question for one in conversation.until(2).exchanges] == ["eins", "zwei"]
    assert conversation.until(0) == Conversation()


# --- Questions --------------------------------------------------------------------------------------------------------


def test_space_around_a_question_is_taken_off():
    assert work.checked_question("  Wann?\n", 100) == "Wann?"


@pytest.mark.parametrize("text", [None, "", " ", "\n\t "])
def test_an_empty_question_is_not_asked(text):
    with pytest.raises(ModelError) as caught:
        work.checked_question(text, 100)
    assert caught.value.key == "chatbot.nothing_asked"


def test_the_longest_question_is_asked_and_one_letter_more_is_refused():
    assert work.checked_question("x" * 100, 100) == "x" * 100
    with pytest.raises(ModelError) as caught:
        work.checked_question("x" * 101, 100)
    assert caught.value.key == "chatbot.question_too_long"
    assert caught.value.facts == {"length": 101, "limit": 100}


@pytest.mark.parametrize(
    ("text", "seed"),
    [
        (None, None),
        ("", None),
        ("  ", None),
        ("0", 0),
        (" 7 ", 7),
        (str(work.HIGHEST_SEED), work.HIGHEST_SEED),
    ],
)
def test_a_seed_is_a_whole_number_or_nothing(text, seed):
    assert work.checked_seed(text) == seed


@pytest.mark.parametrize(
    "text", ["-1", "1,5", "1.5", "1e3", "sieben", "²", str(work.HIGHEST_SEED + 1), "9" * 5000]
)
def test_what_is_no_seed_is_refused_with_the_highest(text):
    with pytest.raises(ModelError) as caught:
        work.checked_seed(text)
    assert caught.value.key == "chatbot.seed_not_a_number"
    assert caught.value.facts == {"highest": work.HIGHEST_SEED}


# --- Answers ----------------------------------------------------------------------------------------------------------


def test_an_answer_grows_and_ends_whole(every_piece):
    chat = FakeChat(GERMAN)
    states = list(work.answer(chat, asked(), WISH))
    written = [state.last.answer for state in states]
    assert written == [GERMAN[:length] for length in range(1, len(GERMAN) + 1)] + [GERMAN]
    assert states[-1].last.tally.end == "done"
    assert all(state.last.tally.end is None for state in states[:-1])
    assert all(state.last.question == asked().last.question for state in states)
    assert chat.closed == 1


def test_tokens_are_collected_from_all_pieces():
    chat = FakeChat(pieces_of(GERMAN, tokens=True))
    *_, last = work.answer(chat, asked(), WISH)
    assert "".join(token.text for token in last.last.tokens) == GERMAN


def test_pieces_that_come_fast_are_shown_together_and_the_last_always(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(work, "UPDATE_S", 0.12)
    monkeypatch.setattr(work.time, "monotonic", lambda: now[0])

    def ticking():
        for piece in pieces_of(GERMAN):
            now[0] += 0.05
            yield piece

    states = list(work.answer(FakeChat(ticking()), asked(), WISH))
    assert states[-1].last.answer == GERMAN
    assert len(GERMAN) / 4 < len(states) < len(GERMAN) / 2  # at most every third piece


def test_what_happens_before_the_first_word_is_shown(every_piece):
    def waiting():
        yield Piece("", (), Tally(place=2))
        yield Piece("", (), Tally(prompt_tokens=10, prompt_read=5))
        yield from pieces_of("Ja.")

    states = list(work.answer(FakeChat(waiting()), asked(wanted=None), WISH))
    assert [state.last.tally.place for state in states[:2]] == [2, 0]
    assert states[1].last.tally.prompt_read == 5


def test_the_model_is_told_its_role_and_everything_said_before():
    before = Conversation((Exchange("eins", "eine Antwort"), Exchange("gestoppt", "halb", stopped=True)))
    chat = FakeChat("Ja.")
    list(work.answer(chat, before.asked("zwei", "M", None), WISH))
    messages, sampling = chat.asked[0]
    assert messages == [
        Message("system", WISH.role),
        Message("user", "eins"),
        Message("assistant", "eine Antwort"),
        Message("user", "gestoppt"),
        Message("assistant", "halb"),
        Message("user", "zwei"),
    ]
    assert sampling is WISH.sampling


def test_an_answer_that_is_to_be_written_anew_is_not_read():
    chat = FakeChat("Ja.")
    list(work.answer(chat, asked("eins").with_last(answer="alt"), replace(WISH, role="")))
    assert chat.asked[0][0] == [Message("user", "eins")]


def test_an_empty_role_is_not_said():
    chat = FakeChat("Ja.")
    list(work.answer(chat, asked("eins"), replace(WISH, role=" \n")))
    assert chat.asked[0][0] == [Message("user", "eins")]


def test_an_error_of_the_engine_passes_through_and_the_engine_is_released():
    def failing():
        yield Piece("Ja", (), Tally(new_tokens=1))
        raise ModelError("chat.decode_failed", code=-1)

    chat = FakeChat(failing())
    with pytest.raises(ModelError):
        list(work.answer(chat, asked(), WISH))
    assert chat.closed == 1


# --- Stop -------------------------------------------------------------------------------------------------------------


def test_closing_the_answer_stops_the_engine_at_once(every_piece):
    chat = FakeChat(GERMAN * 100)
    states = work.answer(chat, asked(), WISH)
    next(states)
    assert chat.closed == 0
    states.close()
    assert chat.closed == 1


def test_closing_during_the_second_try_stops_the_engine_too(every_piece):
    chat = FakeChat(ENGLISH, GERMAN)
    states = work.answer(chat, asked(), WISH)
    for state in states:
        if state.last.asked_again:
            break
    assert chat.closed == 1
    states.close()
    assert chat.closed == 2


# --- Languages --------------------------------------------------------------------------------------------------------


def test_an_answer_in_the_wrong_language_is_asked_for_once_more_with_a_reminder(every_piece):
    chat = FakeChat(ENGLISH, GERMAN)
    states = list(work.answer(chat, asked(), WISH))
    assert len(chat.asked) == 2
    first, second = (messages for messages, _ in chat.asked)
    assert WISH.reminder not in str(first)
    assert second[0] == Message("system", f"{WISH.role}\n\n{WISH.reminder}")
    assert second[-1] == Message("user", f"{asked().last.question}\n\n{WISH.reminder}")
    assert ENGLISH not in str(second)
    last = states[-1].last
    assert (last.answer, last.asked_again, last.question) == (GERMAN, True, asked().last.question)
    assert [state.last.asked_again for state in states] == sorted(
        state.last.asked_again for state in states
    )  # marked from the first word of the second try on
    assert not work.in_wrong_language(last)


def test_a_second_answer_in_the_wrong_language_is_kept_and_can_be_told():
    chat = FakeChat(ENGLISH, ENGLISH)
    *_, state = work.answer(chat, asked(), WISH)
    assert len(chat.asked) == 2
    assert state.last.asked_again
    assert work.in_wrong_language(state.last)


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [(GERMAN, "de"), (ENGLISH, "en"), (ENGLISH, None), ("Yes, of course!", "de"), ("", "de")],
    ids=["right language", "English wanted", "nothing wanted", "too short to tell", "empty"],
)
def test_an_answer_is_left_alone_when_its_language_is_right_or_nobody_can_tell(answer, wanted):
    chat = FakeChat(answer)
    *_, state = work.answer(chat, asked(wanted=wanted), WISH)
    assert len(chat.asked) == 1
    assert not state.last.asked_again


def test_program_code_in_an_answer_does_not_count_as_english():
    code = (
        "So geht das:\n\n```python\nfor each in range(10):\n    print('the value of this item is', each)\n```"
    )
    chat = FakeChat(code)
    list(work.answer(chat, asked(), WISH))
    assert len(chat.asked) == 1


OTHERS = "englisch translate übersetz sprach"


@pytest.mark.parametrize(
    ("question", "page", "wanted"),
    [
        ("Wann hat das Museum am Dienstag geöffnet?", "de", "de"),
        ("When does the museum open on Tuesday morning, please?", "de", "en"),
        ("Wann hat das Museum am Dienstag geöffnet?", "en", "de"),
        ("When does the museum open on Tuesday morning, please?", "en", "en"),
        ("Wann?", "de", "de"),
        ("Wann?", "en", "en"),
        ("Übersetze den folgenden Satz: Das Museum hat heute geschlossen.", "de", None),
        ("Was heißt „Vernissage“ auf Englisch, und wie schreibt man es?", "de", None),
        ("Please TRANSLATE this sentence about the museum for me.", "en", None),
        ("¿Cuándo abre el museo por la mañana los martes, por favor?", "de", None),
    ],
)
def test_the_wanted_language_follows_the_question(question, page, wanted):
    assert work.wanted_language(question, OTHERS, page) == wanted


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_kits_own_words_know_questions_about_languages(language):
    from stations.chatbot.view import other_languages

    words = other_languages(language)
    for question in (
        "Wie heißt das auf Französisch?",
        "Bitte übersetzen Sie diesen Satz für unsere Gäste.",
        "Please translate this sentence for our guests.",
        "How do you say that in German?" if language == "en" else "Sag mir das auf Englisch",
    ):
        assert work.wanted_language(question, words, language) is None, question


@pytest.mark.parametrize("language", ["de", "en"])
def test_everyday_questions_are_not_taken_for_questions_about_languages(language):
    from stations.chatbot.view import other_languages

    words = other_languages(language)
    for question in (
        "Worauf achten wir bei einer Einladung zum Sommerfest im Stadtteil?",
        "Schreiben Sie eine kurze Begrüßung für unsere ehrenamtlichen Helferinnen.",
        "What should we think about when we plan a summer party?",
    ):
        assert work.wanted_language(question, words, language) is not None, question


# --- Failures ---------------------------------------------------------------------------------------------------------


def test_words_that_came_before_a_model_failed_stay():
    before = Conversation((Exchange("eins", "eine Antwort"),))
    latest = before.asked("zwei", "M", None).with_last(answer="Ein halber")
    kept = work.without_loss(before, latest)
    assert (kept.last.question, kept.last.answer, kept.last.broken) == ("zwei", "Ein halber", True)


@pytest.mark.parametrize("failed", ["at once", "before the first word"])
def test_a_question_without_a_word_of_an_answer_is_taken_back(failed):
    before = Conversation((Exchange("eins", "eine Antwort"),))
    latest = before if failed == "at once" else before.asked("zwei", "M", None)
    assert work.without_loss(before, latest) is before

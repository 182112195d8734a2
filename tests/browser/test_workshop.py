"""The whole thing: the program a host starts, the real model, a German question about a museum."""

from models.language import language_of


def test_a_german_question_about_a_museum_is_answered_in_german_and_nothing_leaves(visit, workshop):
    visitor = visit(workshop).open_chat()
    visitor.watch_growth()
    visitor.ask("Was kann man in einem Heimatmuseum sehen? Antworten Sie in zwei Sätzen.")
    visitor.wait_for_rest(timeout_s=240)
    assert visitor.growth() > 5, "the answer did not arrive bit by bit"
    assert language_of(visitor.answers()[-1]) == "de"
    assert "Qwen2.5 Coder 1.5B" in visitor.answers()[-1]
    assert visitor.strays == []
    state = visitor.page.evaluate("fetch('/offline.json').then(answer => answer.json())")
    assert state["refused"] == 0, state
    assert state["outside"] == []

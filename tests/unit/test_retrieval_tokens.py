"""What a model reads: its pieces, and where words begin."""

from models.passages import Passage
from stations.retrieval.tokens import Token, read_as_tokens, tokens_of


class Pieces:
    def tokens(self, text):
        assert text == "Satzung\nDie Mitgliederversammlung wählt!"
        return ("▁Satz", "ung", "▁Die", "▁Mitglieder", "versammlung", "▁", "wählt", "!")


def test_a_passage_is_read_with_its_heading_and_words_in_pieces_are_counted():
    passage = Passage("a", 0, 1, "", ("Satzung",), "Die Mitgliederversammlung wählt!", 0, 9)
    read = read_as_tokens(passage, Pieces())
    assert (read.words, read.words_in_pieces, read.most) == (4, 2, 256)
    assert [token.text for token in read.tokens if token.begins] == ["Satz", "Die", "Mitglieder", "wählt"]


def test_a_space_of_its_own_begins_the_next_word():
    assert tokens_of(("▁", "wählt", "▁▁x", "")) == (Token("wählt", True), Token("x", True))
    assert tokens_of(()) == ()

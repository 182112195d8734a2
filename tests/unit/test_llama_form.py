"""The form of an answer: what must not reach llama.cpp, because it would end the program for everybody."""

import pytest

from models.engines.base import Sampling
from models.engines.llama_sampler import LONGEST_RULES, NativeSampler
from models.errors import ModelError


class FakeApi:
    """Stands for llama.cpp: remembers the rules that it was given; ``understands`` tells whether it likes them."""

    LLAMA_DEFAULT_SEED = 0xFFFFFFFF

    def __init__(self, *, understands=True):
        self.understands, self.rules = understands, []

    def llama_sampler_init_grammar(self, _vocabulary, rules, root):
        self.rules.append((rules, root))
        return 1 if self.understands else None

    def __getattr__(self, name):
        return lambda *_: name


def made(grammar, **kind):
    api = FakeApi(**kind)
    NativeSampler(api, None, 10, Sampling(grammar=grammar))
    return api.rules


@pytest.mark.parametrize(
    "rules",
    [
        'root ::= "ja" | "nein"',
        'root ::= "ä"{2,5}',
        'root ::= "{5,2}"',
        r'root ::= "\"{5,2}"',
        "root ::= [{5,2}]",
        'root ::= "a" # {5,2}',
        'root ::= "' + "(" * 5000 + '"',
        "root ::= " + '("a" ' * 1000 + ")?" * 1000,
    ],
    ids=lambda rules: rules[:30],
)
def test_a_form_of_any_sensible_kind_is_handed_on(rules):
    assert made(rules) == [(rules.encode(), b"root")]


@pytest.mark.parametrize(
    "rules",
    [
        'root ::= "a"{5,2}',
        'root ::= "a" { 5 , 2 }',
        'root ::= ["]{5,2} "x"',
        r'root ::= [\]"]{5,2}',
        'root ::= # "\n "a"{5,2}',
        'root ::= a{5,\n2}\na ::= "a"',
        "root ::= " + "(" * 5000,
        "root ::= " + '"a" ' * LONGEST_RULES,
    ],
    ids=lambda rules: rules[:30],
)
def test_a_form_that_would_crash_llama_cpp_does_not_reach_it(rules):
    api = FakeApi()
    with pytest.raises(ModelError) as caught:
        NativeSampler(api, None, 10, Sampling(grammar=rules))
    assert caught.value.key == "chat.bad_schema"
    assert api.rules == []


def test_a_form_that_llama_cpp_does_not_understand_is_refused():
    with pytest.raises(ModelError) as caught:
        made("root ::= nothing", understands=False)
    assert caught.value.key == "chat.bad_schema"


def test_half_a_character_in_a_form_is_no_bug():
    assert made('root ::= "\ud800"') == [(b'root ::= "?"', b"root")]


def test_without_a_form_nobody_asks_for_one():
    assert made("") == []

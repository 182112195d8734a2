"""How the next token is chosen: llama.cpp's own samplers in a chain, and a grammar beside it."""

import ctypes
import re
from typing import Any

import numpy as np
import numpy.typing as npt

from models.engines.base import PENALTY_WINDOW, Sampling
from models.errors import ModelError

TOP_K = 40
DRY_BASE, DRY_FREE_TOKENS = 1.75, 4
"""How steeply DRY grows with the length of a repeated run, and how long a run is free."""
DRY_BREAKERS = (b"\n", b":", b'"', b"*", b"|")
"""What a repeated run ends at: forms and lists repeat their marks by right."""
LONGEST_RULES, MOST_BRACKETS = 32_000, 2_000
"""Letters and brackets that the form of an answer may have: plenty for any schema, and safe on a thread's stack."""
_ANY_LETTER, _LETTER_OF_JSON = r'[^"\\]', r'[^"\\\x7F\x00-\x1F]'
"""What llama-cpp-python allows within a string, and what JSON allows: line breaks must be escaped."""
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"|\[(?:[^\]\\]|\\.)*\]|#[^\n]*', re.DOTALL)
_REPETITION = re.compile(r"\{\s*(\d{1,9})\s*,\s*(\d{1,9})\s*\}")
_CANDIDATE = np.dtype([("token", np.int32), ("score", np.float32), ("probability", np.float32)])
"""``llama_token_data``; the arrays here are handed to llama.cpp as they are."""


class NativeSampler:
    """Chooses the tokens of one answer and remembers them for its penalties and its form."""

    def __init__(self, api: Any, vocabulary: Any, vocabulary_size: int, sampling: Sampling) -> None:
        self._api, self._size, self._vocabulary = api, vocabulary_size, vocabulary
        self._grammar = _grammar(api, vocabulary, sampling)
        self._chain = api.llama_sampler_chain_init(api.llama_sampler_chain_default_params())
        for link in self._links(sampling):
            api.llama_sampler_chain_add(self._chain, link)

    def _links(self, sampling: Sampling) -> list[Any]:
        api = self._api
        penalties = api.llama_sampler_init_penalties(
            self._size, PENALTY_WINDOW, sampling.repetition, 0.0, 0.0
        )
        against = [penalties, self._dry(sampling.dry)] if sampling.dry > 0 else [penalties]
        if sampling.temperature <= 0:
            return [*against, api.llama_sampler_init_greedy()]
        seed = api.LLAMA_DEFAULT_SEED if sampling.seed is None else sampling.seed
        return [
            *against,
            api.llama_sampler_init_top_k(TOP_K),
            api.llama_sampler_init_top_p(sampling.top_p, 1),
            api.llama_sampler_init_min_p(sampling.min_p, 1),
            api.llama_sampler_init_temp(sampling.temperature),
            api.llama_sampler_init_dist(seed),
        ]

    def _dry(self, strength: float) -> Any:
        breakers = (ctypes.c_char_p * len(DRY_BREAKERS))(*DRY_BREAKERS)
        settings = (strength, DRY_BASE, DRY_FREE_TOKENS, PENALTY_WINDOW)
        return self._api.llama_sampler_init_dry(self._vocabulary, *settings, breakers, len(DRY_BREAKERS))

    def choose(self, scores: npt.NDArray[np.float32]) -> int:
        """Return the next token for these scores (one per word of the vocabulary).

        Raises:
            ModelError: ``chat.bad_schema`` when no token at all fits the form.
        """
        token = self._pick(self._candidates(scores))
        if self._grammar and not self._fits(token):  # asking the form about every word first would take 30 ms
            candidates = self._candidates(scores)
            self._apply(self._grammar, candidates)
            if not np.isfinite(candidates["score"]).any():
                raise ModelError("chat.bad_schema")
            token = self._pick(candidates)
        for sampler in filter(None, (self._chain, self._grammar)):
            self._api.llama_sampler_accept(sampler, token)
        return token

    def close(self) -> None:
        """Free what the samplers hold."""
        for sampler in filter(None, (self._chain, self._grammar)):
            self._api.llama_sampler_free(sampler)

    def _candidates(self, scores: npt.NDArray[np.float32]) -> npt.NDArray[np.void]:
        candidates = np.zeros(self._size, _CANDIDATE)
        candidates["token"] = np.arange(self._size, dtype=np.int32)
        candidates["score"] = scores
        return candidates

    def _pick(self, candidates: npt.NDArray[np.void]) -> int:
        array = self._apply(self._chain, candidates)
        return int(array.data[array.selected].id)

    def _fits(self, token: int) -> bool:
        one = np.array([(token, 0.0, 0.0)], _CANDIDATE)
        self._apply(self._grammar, one)
        return bool(np.isfinite(one["score"][0]))

    def _apply(self, sampler: Any, candidates: npt.NDArray[np.void]) -> Any:
        data = candidates.ctypes.data_as(self._api.llama_token_data_p)
        array = self._api.llama_token_data_array(data, len(candidates), -1, False)
        self._api.llama_sampler_apply(sampler, ctypes.byref(array))
        return array


def _grammar(api: Any, vocabulary: Any, sampling: Sampling) -> Any:
    """Return the sampler that knows the form of the answer, ``None`` if it is free.

    Raises:
        ModelError: ``chat.bad_schema``.
    """
    if not (sampling.json_schema or sampling.grammar):
        return None
    rules = _rules(sampling.json_schema) if sampling.json_schema else sampling.grammar
    grammar = _harmless(rules) and api.llama_sampler_init_grammar(
        vocabulary, rules.encode(errors="replace"), b"root"
    )
    if not grammar:
        raise ModelError("chat.bad_schema")
    return grammar


def _rules(schema: str) -> str:
    from llama_cpp.llama_grammar import json_schema_to_gbnf

    try:
        rules = str(json_schema_to_gbnf(schema))
    except Exception as error:  # the converter stumbles over nonsense in many ways
        raise ModelError("chat.bad_schema") from error
    return rules.replace(_ANY_LETTER, _LETTER_OF_JSON)


def _harmless(rules: str) -> bool:
    """Tell whether llama.cpp survives reading these rules.

    It reads brackets and rules by recursion, so thousands within each other overflow the stack; and a repetition whose
    end comes before its begin fills the memory. Either would end the program for everybody.
    """
    bare = _LITERAL.sub("", rules)
    backwards = any(int(begin) > int(end) for begin, end in _REPETITION.findall(bare))
    return len(rules) <= LONGEST_RULES and bare.count("(") <= MOST_BRACKETS and not backwards

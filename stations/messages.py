"""The one door between an error and a visitor: a sentence in their language."""

import html
from collections.abc import Iterator
from contextlib import contextmanager

import gradio as gr

from models.errors import ModelError
from stations.base import Workbench
from stations.texts import Language, say
from stations.units import spoken


@contextmanager
def shown_to_visitor(bench: Workbench, request: gr.Request) -> Iterator[None]:
    """Turn a ModelError into a toast in the visitor's language; bugs pass through to the log."""
    try:
        yield
    except ModelError as error:
        language = bench.language(request)
        raise gr.Error(
            html.escape(sentence(error, language)),
            title=say("page.toast_title", language),
            duration=None,
            print_exception=False,
        ) from error


def sentence(error: ModelError, language: Language) -> str:
    """Return what happened and what to do, with numbers the way people write them."""
    return say(error.key, language, **spoken(error.facts, language))

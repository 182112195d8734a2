"""The one error that is meant for people.

ModelError
 └─ raised where the fact is known, with the key of a sentence and its numbers;
    turned into that sentence at one door (``stations.messages`` for pages, ``stations.console`` for terminals).
"""


class ModelError(Exception):
    """Something went wrong that a person can understand and act on.

    ``key`` names a sentence in ``configs/texts``; ``facts`` fill its placeholders (bytes as ``int``, seconds as
    ``float``, names as ``str``). Never put a visitor's text into the facts: they reach the log.
    """

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(f"{key} {facts}" if facts else key)
        self.key = key
        self.facts = facts

"""The program in which Pico speaks: one sentence after the other, each as a line of JSON in and samples out.

A process of its own, because Pico's library holds up every other thread while it computes, can fall into an endless
loop (long words of one letter) and dies of tags it half knows (``<spell>``).
"""

import faulthandler
import json
import struct
import sys

LENGTH = struct.Struct("<i")
"""What comes before the samples: their number of bytes, or ``FAILED``."""
FAILED = -1
LONGEST_S = 20
"""A sentence takes less than two seconds; whatever takes longer never ends."""


def main(folder: str) -> None:
    """Answer until nobody asks any more."""
    from py_nanotts import _speak  # its class reads only the voices in its own package

    for line in sys.stdin.buffer:
        wish = json.loads(line)
        faulthandler.dump_traceback_later(LONGEST_S, exit=True)  # needs no turn at the interpreter
        try:
            samples = _speak(lingware_path=folder, **wish)
        except (RuntimeError, ValueError):
            sys.stdout.buffer.write(LENGTH.pack(FAILED))
        else:
            sys.stdout.buffer.write(LENGTH.pack(len(samples)) + samples)
        faulthandler.cancel_dump_traceback_later()
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1])

"""Does one task after the other in a process of its own: what takes long to import is imported once.

Reads a JSON list of words a line, answers each with a JSON object: ``code``, ``out`` and ``err``.
"""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout

from stations import commandline, console
from stations.commands import do

for line in sys.stdin:
    words = json.loads(line)
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = console.shown("de", lambda words=words: do.run(commandline.parse(words)))
    print(json.dumps({"code": code, "out": out.getvalue(), "err": err.getvalue()}), flush=True)

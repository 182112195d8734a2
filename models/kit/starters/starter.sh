#!/bin/sh
# @title
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
found=
for name in @names python3 python; do
  if "$name" -c 'import sys; sys.exit(sys.version_info[:2] not in @versions)' >/dev/null 2>&1; then
    found=$name
    break
  fi
done
if [ -n "$found" ]; then
  "$found" @launcher @command "$@@"
  code=$?
else
  cat <<'WORDS'
@no_python
WORDS
  if [ -n "$(ls -A "$here/python" 2>/dev/null)" ]; then
    cat <<'WORDS'
@installers
WORDS
  fi
  code=1
fi
if [ "$code" -ne 0 ] && [ -t 0 ]; then
  cat <<'WORDS'
@close
WORDS
  read -r _
fi
exit "$code"

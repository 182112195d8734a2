#!/bin/sh
# @title
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
PATH="$PATH:/usr/local/bin:/opt/homebrew/bin"
for folder in /Library/Frameworks/Python.framework/Versions/*/bin; do
  PATH="$PATH:$folder"
done
found=
for name in @names python3; do
  place=$(command -v "$name") || continue
  # Apple's own stub opens a window that wants to load developer tools from the internet.
  if [ "$place" = /usr/bin/python3 ] && ! xcode-select -p >/dev/null 2>&1; then
    continue
  fi
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

#!/bin/sh
# Resolves pyproject.toml with its test extra in a scratch environment and writes requirements.lock.
# Usage: scripts/lock.sh PYTHON
set -eu
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
"$1" -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet '.[test]'
{
  echo "# Every package and version that the tests passed with; made by \`make lock\`."
  # A local version such as 2.13.0+cpu names a build, not a release: the lock allows every build of it.
  "$scratch/venv/bin/python" -m pip freeze --exclude sidesvar | sed -E 's/\+[a-z0-9.]+$//'
} > "$scratch/lock"
mv "$scratch/lock" requirements.lock

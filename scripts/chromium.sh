#!/bin/sh
# Makes sure the browser tests have a Chromium: the system's, Debian's package as root, else Playwright's.
# Usage: scripts/chromium.sh PYTHON
set -eu
python="$1"

if command -v chromium >/dev/null 2>&1; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium with apt-get" >&2
  if apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; then
    exit 0
  fi
fi
echo "Installing Playwright's Chromium" >&2
if "$python" -m playwright install chromium; then
  exit 0
fi
echo "The browser tests need Chromium, and neither Debian's package nor Playwright's could be installed. Install Chromium so that \`chromium\` is on the PATH, and run this again." >&2
exit 1

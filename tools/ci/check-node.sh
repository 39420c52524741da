#!/bin/sh
# Says clearly that Node is missing or too old, before something fails in its own way.
# Usage: check-node.sh <least version, as major[.minor]> <what it is needed for>
set -eu

needed="Gantry needs Node $1 or later, with npm, $2"
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "$needed. See https://nodejs.org/" >&2
  exit 1
fi

# Major and minor as one number: 22.22 is 22022.
number() { echo "$1" | awk -F. '{ print $1 * 1000 + $2 }'; }

version=$(node --version)
if [ "$(number "${version#v}")" -lt "$(number "$1")" ]; then
  echo "$needed; $(command -v node) is $version." >&2
  exit 1
fi

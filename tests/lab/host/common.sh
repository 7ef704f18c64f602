# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034  # the other parts use what is set here
# What every part of the lab's host side shares: messages, the cache, lists. Sourced by `lab`.

LAB_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CHECKOUT=$(cd "$LAB_ROOT/../.." && pwd)
CACHE=${QUBES_MGMT_LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/qubes-mgmt-lab}

# The statuses of `timeout`: 124 the time is up, 125 the lab itself failed.
STATUS_TIMEOUT=124
STATUS_LAB=125

note() { printf 'lab: %s\n' "$*" >&2; }

die() {
  note "$*"
  exit "$STATUS_LAB"
}

# listed SECTION FILE: the words of the lines of FILE that begin with SECTION.
listed() { awk -v section="$1" '$1 == section { for (i = 2; i <= NF; i++) print $i }' "$2"; }

# recipe FILE-OR-FOLDER...: a short name for what these say.
recipe() {
  (cd "$LAB_ROOT" && find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum) |
    sha256sum | cut -c1-12
}

# Dots on stderr for as long as a step lasts, so that nobody takes a slow mirror for a hang.
tick() { while sleep 3 2>/dev/null; do printf . >&2; done; }

# step TEXT COMMAND...: one line with the seconds it took; COMMAND's own words go to $STEP_LOG.
# COMMAND runs in the background so that `set -e` stays in force inside functions.
step() {
  local text=$1 start=$SECONDS status=0 command_pid ticker
  shift
  printf 'lab: %s ' "$text" >&2
  ("$@") >>"$STEP_LOG" 2>&1 </dev/null &
  command_pid=$!
  tick &
  ticker=$!
  # shellcheck disable=SC2064  # the pids of now are meant
  trap "kill $command_pid $ticker 2>/dev/null; echo >&2; exit 130" INT TERM
  wait "$command_pid" || status=$?
  kill "$ticker"
  wait "$ticker" 2>/dev/null || true
  trap - INT TERM
  printf ' %d s\n' $((SECONDS - start)) >&2
  ((status == 0)) && return
  tail -n 15 "$STEP_LOG" | sed 's/^/  | /' >&2
  die "'$text' failed with status $status; all of its output: $STEP_LOG"
}

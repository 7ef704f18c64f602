# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Keeps what was built: one folder per recipe, there whole or not at all. Sourced by `lab`.

# Named once, at the start: whoever edits a recipe meanwhile shall not confuse us.
BASE=$CACHE/base-$(base_recipe)
IMAGES=$CACHE/images-$(images_recipe)
is_prepared() { [[ -d $BASE && -d $IMAGES ]]; }

ensure_packages() {
  local missing
  mapfile -t missing < <(missing_packages)
  ((${#missing[@]})) || return 0
  ((EUID == 0)) || die "missing packages: ${missing[*]}; install them, or run 'lab prepare' as root"
  step "install ${missing[*]}" install_packages "${missing[@]}"
}

# ensure KIND FOLDER: unless it is there, has build_KIND make it under another name, and renames it
# at the end. Those of other checkouts stay, until they are a month old.
# shellcheck disable=SC2164  # set -e is in force
ensure() {
  local kind=$1 folder=$2
  [[ -d $folder ]] && return
  ((EUID == 0)) || die "the lab is not prepared; run 'lab prepare' as root"
  BUILDING=$(mktemp -d "$CACHE/.building.XXXXXX")
  trap 'rm -rf "$BUILDING"' EXIT
  cd "$BUILDING"
  "build_$kind"
  cd "$CACHE"
  find "$CACHE" -maxdepth 1 -name "$kind-*" -mtime +30 -exec rm -rf {} +
  chmod 755 "$BUILDING"
  mv "$BUILDING" "$folder"
  trap - EXIT
}

prepare() {
  local start=$SECONDS
  is_prepared && note "prepared already in $CACHE" && return
  mkdir -p "$CACHE"
  STEP_LOG=$CACHE/prepare.log
  # A subshell holds the lock, and its working folder and traps stay its own.
  (
    flock 9
    : >"$STEP_LOG"
    rm -rf "$CACHE"/.building.* # of a build that was killed
    ensure_packages
    ensure base "$BASE"
    ensure images "$IMAGES"
  ) 9>"$CACHE/lock"
  note "prepared in $((SECONDS - start)) s, $(du -sh "$CACHE" | cut -f1) in $CACHE"
}

clean() { rm -rf -- "$CACHE"; }

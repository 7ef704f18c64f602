# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# One boot of dom0 under QEMU: its disks, its channels to the host, its end. Sourced by `lab`.
#
# dom0 talks to us through virtio-serial ports whose host ends are plain files, followed by `tail`.
# A file never makes QEMU wait, so nothing can be left in a queue when the machine powers off.

CONSOLES_KEPT=20

# make_run_folder: RUN, with all that this run makes; it goes at the end. CONSOLE stays.
make_run_folder() {
  local old
  mkdir -p "$CACHE/console"
  old=("$CACHE"/console/*) # in the order of their dates, by their names
  ((${#old[@]} < CONSOLES_KEPT)) || rm -f -- "${old[@]:0:${#old[@]}-CONSOLES_KEPT+1}"
  CONSOLE=$CACHE/console/$(date +%Y%m%d-%H%M%S)-$$.log
  RUN=$(mktemp -d "$CACHE/.run.XXXXXX")
  mkdir "$RUN/disk"
  : >"$CONSOLE"
  touch "$RUN"/{stdout,stderr,status}
}

# Everything of a build tree but what only the build itself needs.
stage_build() {
  tar -C "$1" --exclude='*.p' --exclude='*.[oa]' --exclude=meson-{private,info,logs} \
    --exclude='.ninja*' --exclude=build.ninja --exclude=compile_commands.json -cf - . |
    tar -C "$2" -xf -
}

# What dom0 puts into its own folders.
install_build() {
  [[ $1 ]] || die 'there is no build to install'
  DESTDIR=$2 meson install -C "$1" --no-rebuild --strip --quiet >"$RUN/install.log" 2>&1 && return
  tail -n 15 "$RUN/install.log" >&2
  die "cannot install $1"
}

stage_disk() {
  local disk=$RUN/disk folder
  [[ $BUILD || ! -d $CHECKOUT/build ]] || BUILD=$CHECKOUT/build
  mkdir -p "$disk"/{build,tests,job}
  [[ ! $BUILD ]] || stage_build "$BUILD" "$disk/build"
  [[ ! $INSTALL ]] || install_build "$BUILD" "$disk/installed"
  for folder in tests schema rpc-links packaging; do
    [[ ! -d $CHECKOUT/$folder ]] || cp -a "$CHECKOUT/$folder" "$disk/"
  done
}

# describe_job NAME=VALUE...: what dom0's init reads from /qubes-mgmt/job.
describe_job() {
  printf '%s\n' "pool=$POOL" "$@" >"$RUN/disk/job/settings"
  ((${#COMMAND[@]} == 0)) || printf '%s\0' "${COMMAND[@]}" >"$RUN/disk/job/command"
}

make_disks() {
  local megabytes
  megabytes=$(du -sm "$RUN/disk" | cut -f1)
  truncate -s $((megabytes * 5 / 4 + 32))M "$RUN/build.img"
  mke2fs -q -F -t ext4 -O ^has_journal -E root_owner=0:0 -d "$RUN/disk" "$RUN/build.img"
  rm -rf "$RUN/disk"
  truncate -s 8G "$RUN/pool.img" "$RUN/spare.img"
}

# One word a line, for mapfile; a comma within a value of QEMU's is doubled.
drive() { printf '%s\n' -drive "file=${1//,/,,},format=raw,if=virtio,cache=unsafe${2:-}"; }
port() {
  printf '%s\n' -chardev "file,id=$1,path=${RUN//,/,,}/$1" \
    -device "virtserialport,chardev=$1,name=lab.$1"
}

# qemu WORD...: becomes QEMU, with these words added.
# -smp 1: more virtual processors than there are idle real ones spin for ages.
# The panics of Xen and of dom0 reboot, and QEMU ends then.
qemu() {
  local drives xen kernel
  mapfile -t drives < <(
    drive "$BASE/root.img" ,snapshot=on
    drive "$RUN/build.img" ,readonly=on
    drive "$RUN/pool.img"
    drive "$IMAGES/guests.img" ,snapshot=on
    drive "$RUN/spare.img"
  )
  xen='dom0_mem=1024M,max:1024M com1=115200,8n1 console=com1 loglvl=warning'
  xen+=' bootscrub=0 edd=off edid=no spec-ctrl=no'
  kernel='console=hvc0 quiet panic=-1 mitigations=off init_on_alloc=0 nokaslr audit=0 apparmor=0'
  kernel+=" lab_init=/qubes-mgmt/tests/lab/dom0/$INIT"
  ln -s "$BASE/xen" "$BASE/vmlinux" "$IMAGES/initramfs" "$RUN/"
  cd "$RUN" || exit # -initrd takes its words apart at commas and blanks: bare names only
  TMPDIR=$RUN exec timeout --foreground --kill-after=5 "${TIMEOUT:-0}" qemu-system-x86_64 \
    -machine pc -accel tcg,thread=multi,tb-size=256 -cpu qemu64,+svm,+npt,+rdrand -smp 1 \
    -m "$MEMORY" -vga none -display none -monitor none -no-reboot -nic none -device virtio-rng-pci \
    -kernel xen -append "$xen" -initrd "vmlinux $kernel,initramfs" \
    -chardev "file,id=console,path=${CONSOLE//,/,,}" -serial chardev:console \
    "${drives[@]}" -device virtio-serial-pci "$@"
}

# follow FILE: copies it to stdout until QEMU is gone and all of it is out.
follow() { tail --follow --sleep-interval=0.2 --bytes=+1 --pid="$MACHINE" "$1" 2>/dev/null; }

stop_machine() {
  kill "$MACHINE" 2>/dev/null || true
  wait "$MACHINE" 2>/dev/null || true
  rm -rf "$RUN"
}

# start_machine WORD...: QEMU in the background, as MACHINE, with a promise that it ends with us.
start_machine() {
  qemu "$@" >"$RUN/qemu.log" 2>&1 &
  MACHINE=$!
  trap stop_machine EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

# The status that dom0 told, if it came so far; else why it did not, with the end of the console.
conclude() {
  local machine_status=$1 told why
  told=$(sed -n 's/^exit //p' "$RUN/status")
  [[ -z $told ]] || exit "$told"
  if ((machine_status == 124 || machine_status == 137)); then
    why="no end after $TIMEOUT s" machine_status=$STATUS_TIMEOUT
  elif ((machine_status != 0)); then
    why="QEMU ended with status $machine_status: $(tail -n 1 "$RUN/qemu.log")"
    machine_status=$STATUS_LAB
  else
    why='dom0 or Xen went down by itself' machine_status=$STATUS_LAB
  fi
  grep -q started "$RUN/status" || why+=', before the command was begun'
  tail -n 25 "$CONSOLE" | tr -d '\r' | sed 's/^/  | /' >&2
  note "$why; the console: $CONSOLE"
  exit "$machine_status"
}

# set_out SETTING...: everything up to the start of the machine.
set_out() {
  is_prepared || prepare
  make_run_folder
  trap 'rm -rf "$RUN"' EXIT
  stage_disk
  describe_job "$@"
  make_disks
}

run_in_dom0() {
  local ports followers machine_status=0
  TIMEOUT=${TIMEOUT:-600}
  set_out
  mapfile -t ports < <(port stdout && port stderr && port status)
  start_machine "${ports[@]}"
  follow "$RUN/stdout" &
  followers=($!)
  follow "$RUN/stderr" >&2 &
  followers+=($!)
  [[ -z $VERBOSE ]] || { follow "$CONSOLE" >&2 & }
  wait "$MACHINE" || machine_status=$?
  wait "${followers[@]}" || true
  conclude "$machine_status"
}

# A console of its own for the shell, so that Xen's and the kernel's words stay in the log. The keys
# go through as they are, Ctrl-C too. QEMU runs in the foreground, as it needs the terminal.
shell_in_dom0() {
  local ports terminal rows columns machine_status=0
  read -r rows columns < <(stty size)
  terminal=$(stty -g)
  set_out "term=$TERM" "rows=$rows" "columns=$columns"
  mapfile -t ports < <(port status)
  ports+=(-chardev 'stdio,id=shell,signal=off' -device 'virtconsole,chardev=shell')
  # shellcheck disable=SC2064  # the terminal as it is now is meant
  trap "rm -rf '$RUN'; stty '$terminal'" EXIT
  note 'booting; exit or Ctrl-D in the shell powers off'
  (qemu "${ports[@]}" 2>"$RUN/qemu.log") || machine_status=$?
  conclude "$machine_status"
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Builds from the base what is cheap to build: dom0's initramfs, and the disk with the guests.
# Sourced by `lab`. Each function works in the current folder, a temporary one.

# make_initramfs OUT INIT MODULE...: busybox, INIT, and the modules with their order.
make_initramfs() {
  local out=$PWD/$1 init=$2 tree files
  shift 2
  tree=$(mktemp -d "$PWD/initramfs.XXXXXX")
  mkdir -p "$tree"/{bin,dev,proc,sys,mnt,modules}
  mknod "$tree/dev/console" c 5 1
  cp /bin/busybox "$tree/bin/"
  install -m 755 "$init" "$tree/init"
  mapfile -t files < <(module_files "$BASE/modules" "$@")
  cp -t "$tree/modules" "${files[@]}"
  printf '%s\n' "${files[@]##*/}" >"$tree/modules/order"
  (cd "$tree" && find . | cpio --quiet -o -H newc) >"$out"
  rm -rf "$tree"
}

# compile_static PROGRAM: from the source of that name.
compile_static() {
  g++ -std=c++20 -O2 -static -s -o "$1" "$LAB_ROOT/guests/linux/$(basename "$1").cc"
}

# The Linux guest's root file system: busybox, the agent, and our few scripts.
make_linux_root() {
  local tree=$PWD/linux-root name
  mkdir -p "$tree"/{bin,sbin,dev,proc,sys,run,tmp,rw,lib/modules,home/user,root}
  cp -r "$LAB_ROOT/guests/linux/root/." "$tree/"
  cp /bin/busybox "$tree/bin/"
  while read -r name; do
    [[ -e $tree/bin/$name ]] || ln -s busybox "$tree/bin/$name"
  done < <(busybox --list)
  ln -s ../bin/busybox "$tree/sbin/init"
  for name in poweroff halt reboot; do
    rm -f "$tree/bin/$name"
    ln -s down "$tree/sbin/$name"
  done
  echo 'root::0:0:root:/root:/bin/sh' >"$tree/etc/passwd"
  compile_static "$tree/sbin/agent"
  compile_static "$tree/sbin/disk-server"
  truncate -s 64M guests/linux-root.img
  mke2fs -q -F -t ext4 -O ^has_journal -L root -E root_owner=0:0 -d "$tree" guests/linux-root.img
  rm -r "$tree"
}

# make_kernel FOLDER: what a Qubes kernel folder holds.
make_kernel() {
  local modules wanted
  modules=$BASE/modules/lib/modules
  mapfile -t wanted < <(listed guest "$LAB_ROOT/dom0/modules")
  mkdir -p "$1"
  cp --sparse=always "$BASE/vmlinux" "$1/vmlinuz"
  make_initramfs "$1/initramfs" "$LAB_ROOT/guests/linux/initramfs-init" "${wanted[@]}"
  truncate -s $(($(du -sm "$modules" | cut -f1) * 5 / 4 + 8))M "$1/modules.img"
  mke2fs -q -F -t ext4 -O ^has_journal -L modules -E root_owner=0:0 -d "$modules" "$1/modules.img"
}

# Everything that dom0 mounts as /usr/share/qubes-mgmt-lab.
make_guests_image() {
  truncate -s $(($(du -sm guests | cut -f1) + 64))M guests.img
  mke2fs -q -F -t ext4 -O ^has_journal -E root_owner=0:0 -d guests guests.img
  rm -r guests
}

images_recipe() {
  recipe dom0/initramfs-init dom0/modules dom0/packages host/base.sh host/images.sh guests/linux
}

build_images() {
  local version boot
  version=$(ls "$BASE/modules/lib/modules")
  mapfile -t boot < <(listed boot "$LAB_ROOT/dom0/modules")
  mkdir -p guests/bin
  step "dom0's initramfs" make_initramfs initramfs "$LAB_ROOT/dom0/initramfs-init" "${boot[@]}"
  step 'kernel for guests' make_kernel "guests/vm-kernels/$(cut -d. -f1,2 <<<"$version")"
  step "the Linux guest's root" make_linux_root
  step 'lab-in-vm' compile_static guests/bin/lab-in-vm
  step 'disk with the guests' make_guests_image
}

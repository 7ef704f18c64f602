# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Builds the base of the lab from Debian's packages: hypervisor, kernel, modules, dom0's root image.
# Sourced by `lab`. Each function works in the current folder, a temporary one.
# shellcheck disable=SC2164  # set -e is in force

DEBIAN=bookworm

missing_packages() {
  local package
  while read -r package; do
    # shellcheck disable=SC2016  # dpkg's variable
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
      echo "$package"
  done < <(listed host "$LAB_ROOT/dom0/packages")
}

install_packages() {
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

# The mirror that apt uses for this release; the first of several.
debian_mirror() {
  # shellcheck disable=SC2016  # apt's variable
  apt-get indextargets --format '$(SITE)' \
    'Created-By: Packages' "Release: $DEBIAN" 'Component: main' | awk 'NR == 1'
}

bootstrap_dom0() {
  local mirror packages
  mirror=$(debian_mirror)
  [[ $mirror ]] || { echo "apt has no source for $DEBIAN main"; return 1; }
  packages=$(listed dom0 "$LAB_ROOT/dom0/packages" | paste -sd,)
  debootstrap --variant=minbase --include="$packages" "$DEBIAN" root "$mirror"
}

# The package that a metapackage depends on first, or the package itself.
real_package() {
  apt-cache depends --important "$1" |
    awk -v name="$1" '$1 == "Depends:" && $2 ~ /^linux-image/ { name = $2 } END { print name }'
}

download_boot_packages() {
  local package
  # Lists that are too old name files that the mirror has no more.
  apt-get update -q
  mkdir debs
  while read -r package; do
    package=$(real_package "$package")
    (cd debs && apt-get -q -o APT::Sandbox::User=root download "$package")
  done < <(listed boot "$LAB_ROOT/dom0/packages")
}

# The ELF file within a bzImage: starting it saves the seconds that unpacking xz takes in the lab.
extract_kernel() {
  local offset
  offset=$(LC_ALL=C grep -obUaP '\xFD7zXZ\x00' "$1" | LC_ALL=C awk -F: 'NR == 1 { print $1 }')
  # xz complains about what follows the stream; whether the kernel is whole, readelf's caller sees.
  tail -c +$((offset + 1)) "$1" | xz -dc --single-stream || true
}

unpack_boot_packages() {
  local deb
  for deb in debs/*.deb; do dpkg-deb --extract "$deb" unpacked; done
  zcat unpacked/boot/xen-*.gz >xen   # QEMU's multiboot loader wants it uncompressed
  extract_kernel unpacked/boot/vmlinuz-* >vmlinux
  depmod -b unpacked "$(ls unpacked/lib/modules)"
}

# module_files TREE MODULE...: the modules' files and those they need, each once, in loading order.
module_files() {
  local tree=$1 version module
  version=$(ls "$tree/lib/modules")
  shift
  for module in "$@"; do
    modprobe -S "$version" -d "$tree" --show-depends "$module" || echo "no module $module" >&2
  done | awk '$1 == "insmod" && $2 !~ /crc32c-intel/ && !seen[$2]++ { print $2 }'
}

# Keeps the few modules that the lab uses of the 400 MB that the package has.
select_modules() {
  local version names
  version=$(ls unpacked/lib/modules)
  mapfile -t names < <(awk '!/^#/ { for (i = 2; i <= NF; i++) print $i }' "$LAB_ROOT/dom0/modules")
  mkdir modules
  {
    module_files unpacked "${names[@]}" | sed 's,.*unpacked/,,'
    printf 'lib/modules/%s\n' "$version"/modules.{builtin,builtin.modinfo,order}
  } | tar -C unpacked -cf - -T - | tar -C modules -xf -
  depmod -b modules "$version"
}

configure_dom0() {
  cp -a modules/lib/modules root/usr/lib/
  chroot root groupadd --system qubes
  chroot root useradd --create-home --groups qubes --shell /bin/bash user
  echo '%qubes ALL=(ALL) NOPASSWD: ALL' >root/etc/sudoers.d/qubes
  chmod 440 root/etc/sudoers.d/qubes
  echo dom0 >root/etc/hostname
  printf '127.0.0.1 localhost dom0\n::1 localhost\n' >root/etc/hosts
  mkdir -p root/etc/qubes root/var/lib/qubes root/qubes-mgmt root/usr/share/qubes-mgmt-lab
  # No udev here: LVM must neither wait for it nor ask it.
  cat >root/etc/lvm/lvmlocal.conf <<'LVM'
activation { udev_sync = 0 udev_rules = 0 }
devices { obtain_device_list_from_udev = 0 }
LVM
  rm -rf root/usr/share/{doc,man,locale,info,i18n} root/var/{cache/apt,lib/apt/lists}/*
}

make_dom0_image() {
  local megabytes
  megabytes=$(du -sm root | cut -f1)
  truncate -s $((megabytes + 700))M root.img   # sparse; room for what tests leave in dom0
  mke2fs -q -F -t ext4 -O ^has_journal -d root root.img
}

discard_leftovers() { rm -rf root debs unpacked; }

base_recipe() { recipe dom0/packages dom0/modules host/base.sh; }

build_base() {
  step "Debian $DEBIAN for dom0 (debootstrap)" bootstrap_dom0
  step 'hypervisor and kernel packages' download_boot_packages
  step 'unpack them' unpack_boot_packages
  step 'choose kernel modules' select_modules
  step 'configure dom0' configure_dom0
  step "dom0's root image" make_dom0_image
  step 'tidy up' discard_leftovers
}

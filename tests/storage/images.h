// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "support/scratch_root.h"

namespace qubes::mgmt::test {

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = 1024 * kKiB;
constexpr std::uint64_t kGiB = 1024 * kMiB;

std::string content(const std::filesystem::path& file);

/// The first bytes of a file or device.
std::string head(const std::filesystem::path& file, std::size_t length);

/// Overwrites the beginning of a file or device, or makes the file; durable.
void write_head(const std::filesystem::path& file, std::string_view bytes);

/// What a file of this size takes on the disk.
std::uint64_t bytes_on_disk(const std::filesystem::path& file);

/// A sparse file with these pieces of text in it, by their offsets.
void make_image(const std::filesystem::path& file, std::uint64_t size,
                const std::map<std::uint64_t, std::string>& pieces);

/// All files below a folder with their contents; the time in a revision's name is left out.
std::map<std::string, std::string> files_below(const std::filesystem::path& folder);

}  // namespace qubes::mgmt::test

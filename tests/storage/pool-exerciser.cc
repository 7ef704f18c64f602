// SPDX-License-Identifier: GPL-2.0-or-later

// One method of a pool of files in a process of its own, so that it can be killed.

#include <fcntl.h>

#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/fault.h"
#include "base/text.h"
#include "storage/drivers.h"

using namespace qubes::mgmt;

namespace {

using Words = std::vector<std::string>;

struct Silent : Progress {
  void advance(std::uint64_t, std::optional<std::uint64_t>) override {}
};

VolumeSpec persistent(const Words& words) {
  return {words.at(0), VolumeKind::persistent, 0, std::nullopt, std::stoi(words.at(1))};
}

VolumeSpec with_pinned(const Words& words) {
  VolumeSpec volume = persistent(words);
  volume.pinned.assign(words.begin() + 2, words.end());
  return volume;
}

VolumeSpec dropped(const Words& words) {
  if (words.size() > 1) return {words.at(0), VolumeKind::snapshot, 0, words.at(1), 0};
  return {words.at(0), VolumeKind::fresh, std::uint64_t{1} << 20, std::nullopt, 0};
}

void import(PoolDriver& pool, const Words& words) {
  const Descriptor image{open(words.at(1).c_str(), O_RDONLY | O_CLOEXEC)};
  Silent progress;
  pool.import(words.at(0), image.number(), progress);
}

void replace(PoolDriver& pool, const Words& words) {
  const Descriptor image{open(words.at(2).c_str(), O_RDONLY | O_CLOEXEC)};
  Silent progress;
  pool.replace(persistent(words), image.number(), std::stoull(words.at(3)), progress);
}

void copy(PoolDriver& pool, const Words& words) {
  pool.copy(persistent(words), pool.read(words.at(2)), std::stoull(words.at(3)));
}

void resize(PoolDriver& pool, const Words& words) {
  pool.resize(persistent(words), std::stoull(words.at(2)));
}

using Method = std::function<void(PoolDriver&, const Words&)>;

const std::map<std::string, Method> kMethods{
    {"create", [](auto& pool, auto& words) { pool.create(words.at(0), std::stoull(words.at(1))); }},
    {"import", import},
    {"clone", [](auto& pool, auto& words) { pool.clone(words.at(0), words.at(1)); }},
    {"remove", [](auto& pool, auto& words) { pool.remove(words.at(0)); }},
    {"start", [](auto& pool, auto& words) { pool.start(persistent(words)); }},
    {"stop", [](auto& pool, auto& words) { pool.stop(with_pinned(words)); }},
    {"cancel", [](auto& pool, auto& words) { pool.cancel(persistent(words)); }},
    {"snapshot", [](auto& pool, auto& words) { pool.snapshot(persistent(words)); }},
    {"revert", [](auto& pool, auto& words) { pool.revert(persistent(words), words.at(2)); }},
    {"resize", resize},
    {"replace", replace},
    {"clear", [](auto& pool, auto& words) { pool.clear(persistent(words)); }},
    {"copy", copy},
    {"start-dropped", [](auto& pool, auto& words) { pool.start(dropped(words)); }},
    {"stop-dropped", [](auto& pool, auto& words) { pool.stop(dropped(words)); }},
};

}  // namespace

/// pool-exerciser DRIVER FOLDER METHOD VID [WORD]
int main(int count, char** words) {
  const Words all{words + 1, words + count};
  try {
    const auto pool = open_pool(all.at(0), all.at(1));
    kMethods.at(all.at(2))(*pool, {all.begin() + 3, all.end()});
    return 0;
  } catch (const Fault& fault) {
    std::fprintf(stderr, "%s\n", fault.what());
    return exit_status(fault.kind());
  }
}

// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "model/amounts.h"
#include "model/names.h"
#include "model/volume.h"

namespace qubes::mgmt {

/// The id of a volume as a caller says it. Throws malformed.
class VolumeIdText : public CheckedText {
 public:
  static constexpr std::string_view kGrammar = "an id printed by mgmt.pool.volume.List";
  static VolumeIdText parse(std::string_view untrusted);

 private:
  using CheckedText::CheckedText;
};

/// A payload that names a volume of a pool, and what it is to get: "VID SNAPSHOT", "VID BYTES".
/// Throws malformed.
template <class Value>
struct VolumeIdWith {
  static constexpr std::string_view kGrammar =
      "an id printed by mgmt.pool.volume.List, a blank, "
      "and what is wanted";
  static VolumeIdWith parse(std::string_view untrusted);

  VolumeIdText vid;
  Value value;
};

/// The two parts of such a payload. Throws malformed where there is one alone.
std::pair<std::string_view, std::string_view> split_at_blank(std::string_view untrusted);

template <class Value>
VolumeIdWith<Value> VolumeIdWith<Value>::parse(std::string_view untrusted) {
  const auto [vid, value] = split_at_blank(untrusted);
  return {VolumeIdText::parse(vid), Value::parse(value)};
}

/// What a new volume of a pool is called, and how large it is. Throws malformed.
struct NewPoolVolume {
  static constexpr std::string_view kGrammar = "name=NAME size=BYTES";
  static NewPoolVolume parse(std::string_view untrusted);

  VolumeName name;
  ByteCount size;
};

}  // namespace qubes::mgmt

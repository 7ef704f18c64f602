// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/pool_volume.h"

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt {

VolumeIdText VolumeIdText::parse(std::string_view untrusted) {
  const std::string_view vid = trimmed(untrusted);
  if (vid.empty() || !consists_of(vid, "._-/"))
    throw Fault{FaultKind::malformed, concat("'", printable(untrusted), "' cannot be the id of a ",
                                             "volume: expected ", kGrammar)};
  return VolumeIdText{vid};
}

std::pair<std::string_view, std::string_view> split_at_blank(std::string_view untrusted) {
  const std::string_view text = trimmed(untrusted);
  const std::size_t blank = text.find(' ');
  if (blank == text.npos)
    throw Fault{FaultKind::malformed, concat("'", printable(untrusted), "' is one word: expected ",
                                             "the id of a volume, a blank, and what is wanted")};
  return {text.substr(0, blank), trimmed(text.substr(blank))};
}

NewPoolVolume NewPoolVolume::parse(std::string_view untrusted) {
  const auto refuse = [&] {
    return Fault{FaultKind::malformed,
                 concat("'", printable(untrusted), "' is not understood: expected ", kGrammar)};
  };
  std::string name;
  std::string size;
  for (const std::string& word : split(trimmed(untrusted), ' ')) {
    std::string& part = word.starts_with("name=") ? name : size;
    if (!part.empty() || !(word.starts_with("name=") || word.starts_with("size="))) throw refuse();
    part = word.substr(5);
  }
  if (name.empty() || size.empty() || size == "0") throw refuse();
  return {VolumeName::parse(name), ByteCount::parse(size)};
}

}  // namespace qubes::mgmt

// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/device_assignment.h"

namespace qubes::mgmt {

/// All that a qubes.xml says, the file in which the daemon of Qubes OS 4.x (core-admin,
/// qubes/app.py) keeps what we keep in the store. Texts are as the file has them: whether a
/// value is one that a property accepts is for others to say.
struct QubesXml {
  struct Named {
    std::string name;
    std::string value;
  };

  struct Label {
    std::string id;  ///< label-N
    std::string color;
    std::string name;
  };

  struct Pool {
    std::string name;
    std::string driver;
    std::vector<Named> options;
  };

  struct Volume {
    std::string name;
    std::string pool;
    std::string vid;
    std::optional<std::uint64_t> size;  ///< bytes
    std::string source;                 ///< the vid of what it is a snapshot of, or empty
    bool rw = false;
    bool save_on_stop = false;
    bool snap_on_start = false;
    std::int64_t revisions_to_keep = 0;
    std::optional<bool> ephemeral;
  };

  struct Domain {
    std::string id;  ///< domain-QID
    std::string vm_class;
    std::vector<Named> properties;
    std::vector<Named> features;
    std::vector<std::string> tags;
    std::vector<DeviceAssignment> devices;
    std::vector<Volume> volumes;

    /// The stored value of a property; nullptr where its default holds.
    const std::string* property(std::string_view name) const;

    /// Its name, dom0's too; its id where it has none.
    std::string called() const;
  };

  std::vector<Label> labels;
  std::vector<Pool> pools;
  std::vector<Named> properties;
  std::vector<Domain> domains;
  /// What the reader left out, a line each. A writer has none.
  std::vector<std::string> notes;
};

/// How large a qubes.xml may be: some twice what the 9999 VMs of a full store need.
constexpr std::size_t kLongestQubesXml = 32U << 20U;

/// Throws malformed for what is no qubes.xml; what single parts are wrong, is noted.
QubesXml read_qubes_xml(std::string_view untrusted);

/// What Qubes' own loader reads.
std::string write_qubes_xml(const QubesXml& content);

}  // namespace qubes::mgmt

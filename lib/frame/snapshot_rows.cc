// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/snapshot_rows.h"

#include "base/text.h"

namespace qubes::mgmt {

Reply snapshot_rows(const std::vector<SnapshotListing>& snapshots) {
  Reply::Rows rows;
  for (const auto& [id, made_at, names] : snapshots)
    rows.rows.push_back({id,
                         {{"made_at", std::to_string(made_at), Reply::Field::Shown::never},
                          {"names", join(names, " "), Reply::Field::Shown::never}}});
  return {rows};
}

}  // namespace qubes::mgmt

// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>

#include "model/amounts.h"
#include "ops/found_volume.h"

namespace qubes::mgmt {

// All take their own locks and commit what they did. Common faults: busy, pool_failed, io_failed.

/// Keeps the present content as a snapshot and returns its id. Of a running VM it is what the
/// disk holds at one moment, for which the VM is paused. With a name it stays until its volume
/// is removed; without, it goes like those that are made at each stop.
std::string snapshot_volume(Context& context, const FoundVolume& found,
                            const std::optional<SnapshotName>& name);

/// Makes a snapshot the present content, after keeping that as a snapshot. Throws not_halted,
/// no_such_revision.
void revert_volume(Context& context, const FoundVolume& found, const SnapshotName& wanted);

/// Tells the store how large the volume is now, and what is made of it at each start will be.
void record_size(Context& context, const FoundVolume& found);

enum class Shrinking { refused, allowed };

/// Returns the new size. A running guest sees the growth at once. Throws bad_value for a smaller
/// size where that is refused, not_halted where the VM runs.
std::uint64_t resize_volume(Context& context, const FoundVolume& found, ByteCount size,
                            Shrinking shrinking);

/// Replaces the content by what a stream gives: exactly as many bytes as the volume has, or as
/// the size says, which then becomes the volume's. Throws not_halted.
void import_volume(Context& context, const FoundVolume& found, int stream,
                   std::optional<ByteCount> size);

/// The first line of a stream, which says how many bytes follow. Nothing beyond its newline is
/// read. Throws malformed.
ByteCount read_size_line(int stream);

/// Empties it; the former content becomes a snapshot. Throws not_halted.
void clear_volume(Context& context, const FoundVolume& found);

/// To or from -1 only while the VM, and the disposables based on it, are halted.
void set_revisions_to_keep(Context& context, const FoundVolume& found, RevisionCount number);

/// Throws not_halted.
void set_writable(Context& context, const FoundVolume& found, Switch writable);

/// What is refused while no driver can encrypt.
extern const std::string_view kNoEncryption;

/// Throws bad_value for a volume whose content is kept, or that cannot be written;
/// not_implemented for True.
void set_ephemeral(Context& context, const FoundVolume& found, Switch ephemeral);

}  // namespace qubes::mgmt

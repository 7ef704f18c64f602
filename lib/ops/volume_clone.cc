// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/volume_clone.h"

#include "base/fault.h"
#include "base/text.h"
#include "ops/vms.h"
#include "ops/volume_changes.h"
#include "ops/volume_reads.h"
#include "store/tokens.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

Fault no_such_token() {
  return {FaultKind::no_such_token,
          "this token is not known: it was used already, has expired, or was never given"};
}

FoundVolume take_source(Context& context, const CloneToken& token) {
  context.begin();
  const auto id = TokenTable{context.store}.take(token.text());
  const auto volume = id ? VolumeTable{context.store}.find_by_id(*id) : std::nullopt;
  context.commit();
  if (!volume) throw no_such_token();
  std::optional<Vm> vm;
  if (volume->vm) vm = VmTable{context.store}.get(*volume->vm);
  return {vm, keep_volume(context, *volume)};
}

}  // namespace

CloneToken CloneToken::parse(std::string_view untrusted) {
  const std::string_view token = trimmed(untrusted);
  if (token.size() != 32 || !consists_of(token, "")) throw no_such_token();
  return CloneToken{token};
}

std::string give_clone_token(Context& context, const FoundVolume& found) {
  require_content(found);
  return TokenTable{context.store}.add(found.kept.volume.id);
}

void clone_volume(Context& context, const FoundVolume& asked, const CloneToken& token) {
  require_content(asked);
  const FoundVolume source = take_source(context, token);
  const LockedVolume locked = lock_volume(context, asked);
  const FoundVolume& target = locked.found;
  require_at_rest(locked, "copy into");
  const Content content = content_of(source);
  context.before_effect(concat("copy ", source.text(), " to ", target.text()));
  target.kept.driver->copy(target.kept.spec, content.file, content.size);
  record_size(context, target);
  if (!target.vm || !source.vm) return;
  context.begin().event(target.vm->name, "domain-import-volume",
                        {{"name", target.kept.volume.name}, {"source", source.vm->name}});
  context.commit();
}

}  // namespace qubes::mgmt

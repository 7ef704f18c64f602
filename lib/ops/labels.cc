// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/labels.h"

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt {

Label find_label(const Context& context, std::string_view untrusted) {
  const LabelTable labels{context.store};
  std::string_view index = untrusted;
  if (index.starts_with("label-")) index.remove_prefix(6);
  const auto number = to_number<std::int64_t>(index);
  auto label = labels.find(untrusted);
  if (!label && number) label = labels.find(*number);
  if (label) return *label;
  const auto known = labels.names();
  throw Fault{FaultKind::no_such_label,
              concat("there is no label '", printable(untrusted), "'", suggestion(untrusted, known),
                     "; there are ", listed(known))};
}

std::vector<std::string> label_names(const Context& context) {
  return LabelTable{context.store}.names();
}

void create_label(Context& context, const LabelName& name, const LabelColor& color) {
  const LabelTable labels{context.store};
  if (labels.find(name.text()))
    throw Fault{FaultKind::label_in_use,
                concat("a label called '", name.text(), "' exists already")};
  labels.add(name.text(), color.text());
}

void remove_label(Context& context, const LabelName& name) {
  const LabelTable labels{context.store};
  const Label label = find_label(context, name.text());
  if (label.id <= kLastBuiltInLabel)
    throw Fault{FaultKind::malformed, concat("label ", label.name, " is built in and stays")};
  const auto users = labels.users(label.id);
  if (!users.empty())
    throw Fault{FaultKind::label_in_use, concat("label ", label.name, " cannot be removed, it is ",
                                                "that of ", listed(users))};
  labels.remove(label.id);
}

}  // namespace qubes::mgmt

// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "model/names.h"

namespace qubes::mgmt {

/// Where a feature is looked for: in the VM itself, then in those it stands on. The first that
/// has the feature counts, even with an empty value.
enum class FeatureLookup {
  own,
  with_template,
  with_netvm,
  with_adminvm,
  with_template_and_adminvm
};

/// The key of a feature. Throws malformed.
class FeatureName : public CheckedText {
 public:
  static constexpr std::string_view kGrammar = "letters, digits, '.', '_' and '-'";
  static FeatureName parse(std::string_view untrusted);

 private:
  using CheckedText::CheckedText;
};

/// The value of a feature; empty says "no" to those who read it as a switch, unlike no
/// feature at all. Throws malformed.
class FeatureValue : public CheckedText {
 public:
  static constexpr std::string_view kGrammar = "printable ASCII without newlines";
  static FeatureValue parse(std::string_view untrusted);

 private:
  using CheckedText::CheckedText;
};

/// Whether the feature is kept by Qubes for itself: nobody sets or removes it by a call.
bool is_internal_feature(std::string_view name);

/// The rules for features that have a meaning, as far as key and value tell. Throws bad_value.
void check_feature(const FeatureName& name, const FeatureValue& value);

}  // namespace qubes::mgmt

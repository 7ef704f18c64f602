// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <variant>

#include "base/fault.h"
#include "model/uuid.h"

namespace qubes::mgmt {

/// A text that has passed a grammar of its own. Each kind of name below is one: it can only
/// be made by parse(), which throws what the kind says.
class CheckedText {
 public:
  const std::string& text() const { return text_; }
  auto operator<=>(const CheckedText&) const = default;

 protected:
  explicit CheckedText(std::string_view text) : text_{text} {}

 private:
  std::string text_;
};

/// The name of a VM, dom0 too. Throws bad_value.
class VmName : public CheckedText {
 public:
  static constexpr std::string_view kGrammar =
      "a letter, then up to 30 letters, digits, '_', '-' or '.'; not none, default, Domain-0, "
      "nor ending in -dm";
  static constexpr std::array kFaults{FaultKind::bad_value};
  static VmName parse(std::string_view untrusted);

 private:
  using CheckedText::CheckedText;
};

/// The VM that a call is about, as its caller names it: by name, or by `uuid:` and its uuid.
/// Throws bad_value, bad_uuid.
struct VmReference {
  static constexpr std::string_view kGrammar = "the name of a VM, or uuid: and its uuid";
  static constexpr std::array kFaults{FaultKind::bad_value, FaultKind::bad_uuid};
  static VmReference parse(std::string_view untrusted);

  std::string text() const;

  std::variant<VmName, Uuid> value;
};

/// The name of a property, perhaps of one that does not exist. Throws no_such_property.
class PropertyName : public CheckedText {
 public:
  static constexpr std::string_view kGrammar = "a name printed by mgmt.vm.property.List";
  static constexpr std::array kFaults{FaultKind::no_such_property};
  static PropertyName parse(std::string_view untrusted);

 private:
  using CheckedText::CheckedText;
};

/// The same for all of Qubes. Throws no_such_property.
class GlobalPropertyName : public CheckedText {
 public:
  static constexpr std::string_view kGrammar = "a name printed by mgmt.property.List";
  static constexpr std::array kFaults{FaultKind::no_such_property};
  static GlobalPropertyName parse(std::string_view untrusted);

 private:
  using CheckedText::CheckedText;
};

/// The name of a label. Throws bad_label.
class LabelName : public CheckedText {
 public:
  static constexpr std::string_view kGrammar =
      "letters, digits, '.', '_' and '-', not digits alone";
  static constexpr std::array kFaults{FaultKind::bad_label};
  static LabelName parse(std::string_view untrusted);

 private:
  using CheckedText::CheckedText;
};

/// The colour of a label: 0xRRGGBB. Throws bad_label_color.
class LabelColor : public CheckedText {
 public:
  static constexpr std::string_view kGrammar = "0x and six hexadecimal digits";
  static constexpr std::array kFaults{FaultKind::bad_label_color};
  static LabelColor parse(std::string_view untrusted);

 private:
  using CheckedText::CheckedText;
};

/// A label as a caller names it: by name, by its index, or by `label-` and the index.
class LabelReference : public CheckedText {
 public:
  static constexpr std::string_view kGrammar = "a name printed by mgmt.label.List, or its index";
  static LabelReference parse(std::string_view untrusted) { return LabelReference{untrusted}; }

 private:
  using CheckedText::CheckedText;
};

/// A tag. Throws bad_tag.
class Tag : public CheckedText {
 public:
  static constexpr std::string_view kGrammar = "letters, digits, '_' and '-'";
  static constexpr std::array kFaults{FaultKind::bad_tag};
  static Tag parse(std::string_view untrusted);

 private:
  using CheckedText::CheckedText;
};

/// The name of a pool. Throws malformed.
class PoolName : public CheckedText {
 public:
  static constexpr std::string_view kGrammar = "letters, digits, '.', '_' and '-'";
  static PoolName parse(std::string_view untrusted);

 private:
  using CheckedText::CheckedText;
};

/// The name of a backup's profile, /etc/qubes/backup/NAME.conf. Throws malformed.
class BackupProfileName : public CheckedText {
 public:
  static constexpr std::string_view kGrammar =
      "the name of a file of /etc/qubes/backup, without its .conf";
  static BackupProfileName parse(std::string_view untrusted);

 private:
  using CheckedText::CheckedText;
};

/// What a VM calls one of its volumes: root, private. Throws malformed.
class VolumeName : public CheckedText {
 public:
  static constexpr std::string_view kGrammar = "a name printed by mgmt.vm.volume.List";
  static VolumeName parse(std::string_view untrusted);

 private:
  using CheckedText::CheckedText;
};

/// A snapshot of a volume, by its id or by the name that it was given. Blanks around it are not
/// its own. Throws malformed.
class SnapshotName : public CheckedText {
 public:
  static constexpr std::string_view kGrammar =
      "letters, digits, ':', '.', '_' and '-', at most 64 of them";
  static SnapshotName parse(std::string_view untrusted);

 private:
  using CheckedText::CheckedText;
};

/// What a call sets something to, any bytes, also none at all: the property decides what it
/// accepts.
class AnyValue : public CheckedText {
 public:
  static constexpr std::string_view kGrammar = "what the property accepts; see its help";
  static AnyValue parse(std::string_view untrusted) { return AnyValue{untrusted}; }

 private:
  using CheckedText::CheckedText;
};

}  // namespace qubes::mgmt

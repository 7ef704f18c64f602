// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <concepts>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "base/fault.h"
#include "frame/reply.h"
#include "model/device.h"
#include "model/vm.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// Whether a call concerns only the VM it is sent to. Decides, with Access, which policy
/// include it belongs to.
enum class Scope { local, global };

/// What a call does to the state: read runs within a read transaction, write within a write
/// transaction which the frame commits; execute takes its own, since what it does outside the
/// store lasts too long to hold one.
enum class Access { read, write, execute };

/// What a call must be able to reach. Whoever lacks it is sent through sudo, once.
enum class Needs { store, root, xen };

/// To which VMs a call can be sent.
enum class Dest { dom0, vm, any };

enum class Presence {
  none,
  optional,
  required,
  /// May be empty on the wire, where empty and absent are one; a shell user has to say it.
  said,
};

/// Where a parameter of a call's body is read from.
struct Source {
  enum class Place { variant, target, argument, payload, stream } place;
  Presence presence;
  std::string_view help;
  /// Bytes of a payload that are read at most.
  std::size_t limit = 65536;
  /// Between the words of a payload that is typed in a shell.
  std::string_view between = " ";
  /// What an argument that is typed in a shell ends at; the payload may go on behind it.
  std::string_view end = "";
};

inline Source variant(std::string_view help) {
  return {Source::Place::variant, Presence::required, help};
}
inline Source target(std::string_view help) {
  return {Source::Place::target, Presence::required, help};
}
/// A shell user may leave it out, for dom0.
inline Source optional_target(std::string_view help) {
  return {Source::Place::target, Presence::optional, help};
}
inline Source argument(std::string_view help) {
  return {Source::Place::argument, Presence::required, help};
}
inline Source optional_argument(std::string_view help) {
  return {Source::Place::argument, Presence::optional, help};
}
/// Of a volume, which follows: a shell user may write POOL:VOLUME.
inline Source pool_argument(std::string_view help) {
  Source source = argument(help);
  source.end = ":";
  return source;
}
inline Source payload(std::string_view help, std::size_t limit = 65536) {
  return {Source::Place::payload, Presence::required, help, limit};
}
inline Source payload_lines(std::string_view help) {
  Source source = payload(help);
  source.between = "\n";
  return source;
}
inline Source optional_payload(std::string_view help) {
  return {Source::Place::payload, Presence::optional, help};
}
inline Source said_payload(std::string_view help) {
  return {Source::Place::payload, Presence::said, help};
}
/// May be empty, and longer than most.
inline Source long_payload(std::string_view help, std::size_t limit) {
  return {Source::Place::payload, Presence::said, help, limit};
}
/// Bytes without a limit, which the body reads itself.
inline Source payload_stream(std::string_view help) {
  return {Source::Place::stream, Presence::required, help};
}

/// What a caller sent, unchecked.
struct Input {
  std::string variant;
  std::string target;
  std::string argument;
  std::string payload;
  int stream = 0;
};

/// A payload that is a stream: the descriptor to read it from.
struct Stream {
  static constexpr std::string_view kGrammar = "any bytes, to their end";
  int descriptor;
};

/// What the type's parse() throws besides malformed, where the type says so.
template <class T>
constexpr std::span<const FaultKind> faults_of() {
  if constexpr (requires { T::kFaults; })
    return T::kFaults;
  else
    return {};
}

/// How a parameter of this type is made of untrusted text: by the type's own parse().
template <class T>
struct Parameter {
  static constexpr std::string_view kGrammar = T::kGrammar;
  static constexpr std::span<const FaultKind> kFaults = faults_of<T>();
  static T read(std::string_view untrusted, const Input& /*input*/) { return T::parse(untrusted); }
};

template <class T>
struct Parameter<std::optional<T>> {
  static constexpr std::string_view kGrammar = T::kGrammar;
  static constexpr std::span<const FaultKind> kFaults = faults_of<T>();
  static std::optional<T> read(std::string_view untrusted, const Input& input) {
    if (untrusted.empty()) return std::nullopt;
    return Parameter<T>::read(untrusted, input);
  }
};

template <>
struct Parameter<Stream> {
  static constexpr std::string_view kGrammar = Stream::kGrammar;
  static constexpr std::span<const FaultKind> kFaults{};
  static Stream read(std::string_view /*untrusted*/, const Input& input) { return {input.stream}; }
};

template <>
struct Parameter<VmClass> {
  static constexpr std::string_view kGrammar = "a class of VMs";
  static constexpr std::span<const FaultKind> kFaults{};
  static VmClass read(std::string_view untrusted, const Input& /*input*/) {
    return vm_class_of(untrusted).value();  // one of the variants that the call declares
  }
};

template <>
struct Parameter<DeviceClass> {
  static constexpr std::string_view kGrammar = "a class of devices";
  static constexpr std::span<const FaultKind> kFaults{};
  static DeviceClass read(std::string_view untrusted, const Input& /*input*/) {
    return device_class_of(untrusted).value();  // one of the variants that the call declares
  }
};

/// All that a call says about itself.
struct CallText {
  std::string_view name;
  std::string_view summary;
  std::string_view notes;
  Scope scope;
  Access access;
  Needs needs = Needs::store;
  Dest dest = Dest::any;
  /// How it may refuse, beyond what its parameters do and what any call may: malformed, denied,
  /// busy, a failing disk.
  std::vector<FaultKind> faults = {};
  /// Words within the name, one program and a link for each.
  std::vector<std::string_view> variants = {};
  /// The part of the name behind which they stand, where that is not its end.
  std::string_view variant_after = {};
  /// Whether Qubes ships the same under `admin.`.
  bool is_shipped = true;
  /// Where the earlier draft's form is another: `mgmt1.` and this, with the class as argument
  /// and the template as target.
  std::string_view earlier_name = {};
  /// What is answered, in the draft's form and in the shipped one.
  std::string_view reply = "nothing";
  std::string_view shipped_reply = {};
  std::string_view example;
  /// Whether the answer is a Reply::Truth, which a shell user may have as an exit status.
  bool answers_truth = false;
  /// Whether Xen must be asked when this is the argument, though not in general.
  bool (*asks_xen)(std::string_view argument) = nullptr;
};

struct Field {
  Source source;
  std::string_view grammar;
};

/// A management call: its name, who may use it, what it takes, what it does.
///
/// Each file of a call under tools/ defines one. Defining it enters it in all_calls(), from
/// which the frame, the catalogue and the tests take it. The body's parameters are parsed by
/// their own types, in order, each from the source named at the same position.
class Call {
 public:
  template <class... Values, std::same_as<Source>... Sources>
  requires(sizeof...(Values) == sizeof...(Sources))
      Call(CallText about, Reply (*body)(Context&, Values...), Sources... sources)
      : text{std::move(about)},
        fields{{sources, Parameter<std::remove_cvref_t<Values>>::kGrammar}...},
        faults{all_faults({Parameter<std::remove_cvref_t<Values>>::kFaults...})},
        run{[body, sources...](Context& context, const Input& input) {
          // Braces, so that parameters are read, and refused, in their order.
          std::tuple<Context&, std::remove_cvref_t<Values>...> arguments{
              context,
              Parameter<std::remove_cvref_t<Values>>::read(part_of(input, sources), input)...};
          return std::apply(body, arguments);
        }} {
    enter();
  }

  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  /// The field read from this place, if the call has one.
  const Field* field(Source::Place place) const;

  const CallText text;
  const std::vector<Field> fields;
  /// All that it may refuse with: its own, its parameters', those of any call.
  const std::vector<FaultKind> faults;
  const std::function<Reply(Context&, const Input&)> run;

 private:
  std::vector<FaultKind> all_faults(
      std::initializer_list<std::span<const FaultKind>> of_parameters) const;
  static std::string_view part_of(const Input& input, const Source& source);
  void enter() const;
};

/// Every call linked into this program: one in a tool, all of them in the catalogue.
std::span<const Call* const> all_calls();

}  // namespace qubes::mgmt

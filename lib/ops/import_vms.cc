// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <map>
#include <utility>

#include "model/names.h"
#include "ops/import_plan.h"

namespace qubes::mgmt {
namespace {

constexpr std::int64_t kBlack = 8;

Fault refused(std::string_view why) { return {FaultKind::bad_value, std::string{why}}; }

VmClass class_of(const QubesXml::Domain& domain) {
  if (const auto vm_class = vm_class_of(domain.vm_class)) return *vm_class;
  throw refused(concat("there are no VMs of class '", printable(domain.vm_class), "' here"));
}

Qid qid_of(const QubesXml::Domain& domain) {
  constexpr std::string_view kPrefix = "domain-";
  const std::string* stored = domain.property("qid");
  const std::string_view id = domain.id;
  const std::string_view text = stored != nullptr         ? *stored
                                : id.starts_with(kPrefix) ? id.substr(kPrefix.size())
                                                          : id;
  const auto qid = to_number<Qid>(text);
  if (!qid || *qid < 1 || *qid > kLargestQid)
    throw refused(concat("its qid is '", printable(text), "', 1 to 9999 is accepted"));
  return *qid;
}

Uuid uuid_of(const QubesXml::Domain& domain) {
  const std::string* stored = domain.property("uuid");
  return stored != nullptr ? Uuid::parse(*stored) : Uuid::random();
}

std::string name_of(const QubesXml::Domain& domain) {
  const std::string* stored = domain.property("name");
  if (stored == nullptr) throw refused("it has no name");
  return VmName::parse(*stored).text();
}

// By name, or by number, as qubes.xml has known both.
const Label* find_label(const ImportPlan& plan, std::string_view text) {
  const auto by_name = std::ranges::find(plan.labels, text, &Label::name);
  if (by_name != plan.labels.end()) return &*by_name;
  if (text.starts_with("label-")) text.remove_prefix(6);
  const auto index = to_number<std::int64_t>(text);
  const auto by_index = std::ranges::find(plan.labels, index.value_or(0), &Label::id);
  return by_index != plan.labels.end() ? &*by_index : nullptr;
}

// A VM must have one, so that what is wrong with it does not take away the VM.
std::int64_t label_of(const QubesXml::Domain& domain, std::int64_t otherwise, ImportPlan& plan) {
  const std::string* stored = domain.property("label");
  const Label* label = find_label(plan, stored != nullptr ? *stored : "");
  if (label != nullptr) return label->id;
  label = find_label(plan, std::to_string(otherwise));
  if (label == nullptr) label = &plan.labels.front();
  plan.left_out.push_back(concat(domain.called(), ": label '",
                                 stored != nullptr ? printable(*stored) : "",
                                 "': there is none of this name, it gets ", label->name));
  return label->id;
}

/// Makes sure that no two VMs share what is one VM's alone.
class Identities {
 public:
  void require_new(const Vm& vm) const {
    if (names_.contains(vm.name) || vm.name == "dom0") throw refused("another VM is called so");
    if (qids_.contains(vm.qid)) throw refused(concat("another VM has its qid, ", vm.qid));
    if (uuids_.contains(vm.uuid)) throw refused("another VM has its uuid");
  }

  void add(const Vm& vm) {
    names_.emplace(vm.name, vm);
    qids_.insert(vm.qid);
    uuids_.insert(vm.uuid);
  }

  const Vm* find(std::string_view name) const {
    const auto found = names_.find(name);
    return found == names_.end() ? nullptr : &found->second;
  }

 private:
  std::map<std::string, Vm, std::less<>> names_;
  std::set<Qid> qids_;
  std::set<Uuid> uuids_{Uuid{}};
};

Qid template_of(const QubesXml::Domain& domain, VmClass vm_class, const Identities& known) {
  const std::string* stored = domain.property("template");
  const Vm* found = stored != nullptr ? known.find(*stored) : nullptr;
  if (found == nullptr)
    throw refused(
        concat("its template '", stored != nullptr ? printable(*stored) : "", "' is not there"));
  const bool fits = vm_class == VmClass::AppVM ? found->vm_class == VmClass::TemplateVM
                                               : found->vm_class == VmClass::AppVM ||
                                                     found->vm_class == VmClass::StandaloneVM;
  if (!fits)
    throw refused(concat("its template '", found->name, "' is of class ", text(found->vm_class)));
  return found->qid;
}

void add_vm(const QubesXml::Domain& domain, VmClass vm_class, Identities& known, ImportPlan& plan) {
  take(plan, domain.called(), [&] {
    Vm vm{qid_of(domain), uuid_of(domain), name_of(domain), vm_class, 0, std::nullopt};
    known.require_new(vm);
    if (is_based_on_template(vm_class)) vm.template_qid = template_of(domain, vm_class, known);
    vm.label = label_of(domain, 1, plan);
    known.add(vm);
    plan.vms.push_back({.vm = std::move(vm), .domain = &domain});
  });
}

void add_dom0(const QubesXml& content, ImportPlan& plan) {
  static const QubesXml::Domain kNone{.id = "domain-0", .vm_class = "AdminVM"};
  const auto found = std::ranges::find(content.domains, "AdminVM", &QubesXml::Domain::vm_class);
  const QubesXml::Domain& domain = found == content.domains.end() ? kNone : *found;
  Vm dom0{kDom0, Uuid{}, "dom0", VmClass::AdminVM, kBlack, std::nullopt};
  if (domain.property("label") != nullptr || find_label(plan, std::to_string(kBlack)) == nullptr)
    dom0.label = label_of(domain, kBlack, plan);
  plan.vms.push_back({.vm = std::move(dom0), .domain = &domain});
}

}  // namespace

// Classes come in such an order that a template is there before what is based on it.
void plan_vms(const QubesXml& content, ImportPlan& plan) {
  add_dom0(content, plan);
  Identities known;
  for (const VmClass vm_class : {VmClass::TemplateVM, VmClass::StandaloneVM, VmClass::RemoteVM,
                                 VmClass::AppVM, VmClass::DispVM})
    for (const QubesXml::Domain& domain : content.domains)
      if (vm_class_of(domain.vm_class) == vm_class) add_vm(domain, vm_class, known, plan);
  bool has_dom0 = false;
  for (const QubesXml::Domain& domain : content.domains) {
    take(plan, domain.called(), [&] {
      if (class_of(domain) != VmClass::AdminVM) return;
      if (std::exchange(has_dom0, true)) throw refused("there is a second one");
    });
  }
  std::ranges::sort(
      plan.vms.begin() + 1, plan.vms.end(), {},
      [](const ImportPlan::PlannedVm& planned) -> const std::string& { return planned.vm.name; });
}

}  // namespace qubes::mgmt

// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/export.h"

#include <unistd.h>

#include <algorithm>

#include "base/fault.h"
#include "base/file.h"
#include "base/text.h"
#include "exchange/firewall_xml.h"
#include "exchange/qubes_xml.h"
#include "exchange/xml.h"
#include "ops/facts.h"
#include "store/devices.h"
#include "store/firewall.h"
#include "store/labels.h"
#include "store/marks.h"
#include "store/properties.h"
#include "store/vms.h"

namespace qubes::mgmt {
namespace {

namespace fs = std::filesystem;

void export_labels(const Context& context, QubesXml& content) {
  for (const Label& label : LabelTable{context.store}.all())
    content.labels.push_back({concat("label-", label.id), label.color, label.name});
}

void export_pools(const Context& context, QubesXml& content) {
  for (const Pool& pool : PoolTable{context.store}.all()) {
    QubesXml::Pool written{pool.name, pool.driver, {}};
    for (const auto& [name, value] : pool.options) written.options.push_back({name, value});
    content.pools.push_back(std::move(written));
  }
}

// A text that XML has no signs for would make the whole file unreadable.
void add_property(const std::string& of, std::string_view name, const std::string& value,
                  std::vector<QubesXml::Named>& properties, Export& files) {
  if (is_xml_text(value))
    properties.push_back({std::string{name}, value});
  else
    files.left_out.push_back(
        concat(of, "property ", name, ": '", printable(value), "' has no place in XML"));
}

void export_globals(const Context& context, QubesXml& content, Export& files) {
  for (const auto& [name, value] : PropertyTable{context.store}.all_global())
    add_property("global ", name, value, content.properties, files);
}

// In the order of a listing. dom0's name and numbers are given, not set.
void export_properties(const Context& context, const Vm& vm, QubesXml::Domain& domain,
                       Export& files) {
  auto values = PropertyTable{context.store}.all_of(vm.qid);
  values.emplace("label", LabelTable{context.store}.get(vm.label).name);
  if (vm.template_qid)
    values.emplace("template", VmTable{context.store}.get(*vm.template_qid).name);
  if (vm.qid != kDom0) {
    values.emplace("name", vm.name);
    values.emplace("qid", std::to_string(vm.qid));
    values.emplace("uuid", vm.uuid.text());
  }
  for (const Property* property : properties_of(vm.vm_class)) {
    const auto value = values.find(property->name);
    if (value != values.end())
      add_property(concat(vm.name, ": "), property->name, value->second, domain.properties, files);
  }
}

void export_volumes(const Context& context, const Vm& vm, QubesXml::Domain& domain) {
  const VolumeTable table{context.store};
  for (const Volume& volume : table.of_vm(vm.qid)) {
    QubesXml::Volume written;
    written.name = volume.name;
    written.pool = PoolTable{context.store}.get(volume.pool).name;
    written.rw = volume.rw;
    written.save_on_stop = volume.save_on_stop;
    written.snap_on_start = volume.snap_on_start;
    written.revisions_to_keep = volume.revisions_to_keep;
    written.ephemeral = volume.ephemeral;
    if (volume.source) written.source = table.get(*volume.source).vid.value_or("");
    if (volume.vid) written.size = volume.size;
    written.vid = volume.vid ? *volume.vid : StoreFacts{context, vm}.value("kernel");
    domain.volumes.push_back(std::move(written));
  }
}

std::optional<std::vector<FirewallRule>> rules_of(const Context& context, const Vm& vm) {
  const auto rows = FirewallTable{context.store}.of_vm(vm.qid);
  if (!rows) return std::nullopt;
  std::vector<FirewallRule> rules;
  for (const FirewallRow& row : *rows) rules.push_back(row.rule);
  return rules;
}

void export_vm(const Context& context, const Vm& vm, QubesXml& content, Export& files) {
  QubesXml::Domain domain;
  domain.id = concat("domain-", vm.qid);
  domain.vm_class = text(vm.vm_class);
  export_properties(context, vm, domain, files);
  for (const auto& [name, value] : FeatureTable{context.store}.of_vm(vm.qid))
    domain.features.push_back({name, value});
  domain.tags = TagTable{context.store}.of_vm(vm.qid);
  domain.devices = DeviceTable{context.store}.of_vm(vm.qid);
  std::ranges::stable_sort(domain.devices, {}, &DeviceAssignment::device_class);
  export_volumes(context, vm, domain);
  content.domains.push_back(std::move(domain));
  if (vm.qid != kDom0) files.firewalls.push_back({firewall_file(vm), rules_of(context, vm)});
}

// The file is whole and on disk before anybody can find it by its name.
void replace(const Folder& folder, const fs::path& relative, std::string_view bytes) {
  constexpr mode_t kMode = 0660;
  const fs::path unfinished = concat(relative.native(), "~", ::getpid());
  folder.remove(unfinished);
  try {
    const Descriptor file = folder.create(unfinished, kMode);
    write_all(file.number(), bytes);
    if (::fsync(file.number()) != 0) throw system_fault(concat("save ", relative.native()));
    folder.rename(unfinished, relative);
  } catch (...) {
    folder.remove(unfinished);
    throw;
  }
  folder.sync_parent_of(relative);
}

void write_firewall(const Folder& folder, const Export::Firewall& firewall) {
  constexpr mode_t kFolderMode = 0770;
  if (!firewall.rules) {
    if (folder.remove(firewall.file)) folder.sync_parent_of(firewall.file);
    return;
  }
  folder.make(fs::path{firewall.file}.parent_path(), kFolderMode);
  replace(folder, firewall.file, write_firewall_xml(*firewall.rules));
}

}  // namespace

std::string firewall_file(const Vm& vm) {
  const std::string_view folder = vm.vm_class == VmClass::TemplateVM ? "vm-templates" : "appvms";
  return concat(folder, "/", vm.name, "/firewall.xml");
}

Export export_store(const Context& context) {
  const sqlite::Snapshot snapshot{context.store};
  Export files;
  QubesXml content;
  export_labels(context, content);
  export_pools(context, content);
  export_globals(context, content, files);
  for (const Vm& vm : VmTable{context.store}.all()) export_vm(context, vm, content, files);
  if (const auto number = VolumeTable{context.store}.number_without_vm(); number > 0)
    files.left_out.push_back(concat(number, " volumes that no VM owns"));
  files.qubes_xml = write_qubes_xml(content);
  return files;
}

void write_export(const Export& files, const fs::path& file) {
  if (!file.has_filename())
    throw Fault{FaultKind::malformed,
                concat("'", printable(file.native()), "' is a folder; expected a FILE")};
  const Folder folder{file.has_parent_path() ? file.parent_path() : "."};
  for (const Export::Firewall& firewall : files.firewalls) write_firewall(folder, firewall);
  replace(folder, file.filename(), files.qubes_xml);
}

}  // namespace qubes::mgmt

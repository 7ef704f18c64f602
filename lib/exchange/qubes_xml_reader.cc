// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "base/fault.h"
#include "base/text.h"
#include "exchange/qubes_xml.h"
#include "exchange/xml.h"

namespace qubes::mgmt {
namespace {

constexpr std::size_t kMostMarks = 4'000'000;

using Node = pugi::xml_node;

std::optional<bool> boolean(std::string_view text) {
  if (text == "True") return true;
  if (text == "False") return false;
  return std::nullopt;
}

std::vector<QubesXml::Named> read_named(const Node& parent, std::string_view element,
                                        Notes& notes) {
  std::vector<QubesXml::Named> found;
  for (const Node& node : xml_elements(parent)) {
    if (node.name() != element) {
      note_element(node, notes);
      continue;
    }
    note_attributes(node, {"name"}, notes);
    found.push_back({xml_attribute(node, "name"), xml_text(node)});
  }
  return found;
}

void read_labels(const Node& parent, QubesXml& content) {
  for (const Node& node : xml_elements(parent)) {
    if (std::string_view{node.name()} != "label") {
      note_element(node, content.notes);
      continue;
    }
    note_attributes(node, {"id", "color"}, content.notes);
    content.labels.push_back(
        {xml_attribute(node, "id"), xml_attribute(node, "color"), xml_text(node)});
  }
}

// Every attribute of a pool but its name and driver is a parameter of the driver.
void read_pools(const Node& parent, QubesXml& content) {
  for (const Node& node : xml_elements(parent)) {
    if (std::string_view{node.name()} != "pool") {
      note_element(node, content.notes);
      continue;
    }
    QubesXml::Pool pool{xml_attribute(node, "name"), xml_attribute(node, "driver"), {}};
    for (const pugi::xml_attribute& attribute : node.attributes()) {
      const std::string_view name = attribute.name();
      if (name != "name" && name != "driver")
        pool.options.push_back({std::string{name}, attribute.value()});
    }
    content.pools.push_back(std::move(pool));
  }
}

// Before Qubes 4.3 a stored device had no mode: one of class pci was needed for a start.
std::optional<DeviceMode> mode_of(const Node& node, std::string_view device_class) {
  const std::string mode = xml_attribute(node, "mode");
  if (!mode.empty()) return device_mode_of(mode);
  const std::string required = lower(xml_attribute(node, "required"));
  const bool is_required =
      required.empty() ? device_class == "pci" : required == "yes" || required == "true";
  return is_required ? DeviceMode::required : DeviceMode::auto_attach;
}

void read_device(const Node& node, const std::string& device_class, QubesXml::Domain& domain,
                 Notes& notes) {
  note_attributes(node, {"backend-domain", "id", "identity", "mode", "required"}, notes);
  DeviceAssignment device{.device_class = device_class,
                          .backend = xml_attribute(node, "backend-domain"),
                          .port = xml_attribute(node, "id"),
                          .options = {}};
  if (const std::string identity = xml_attribute(node, "identity"); !identity.empty())
    device.identity = identity;
  for (const QubesXml::Named& option : read_named(node, "option", notes))
    device.options.insert_or_assign(option.name, option.value);
  const auto mode = mode_of(node, device_class);
  if (!mode) {
    notes.push_back(concat(domain.called(), ": a ", printable(device_class), " device: '",
                           printable(xml_attribute(node, "mode")),
                           "' is no mode; required, auto-attach and ask-to-attach are"));
    return;
  }
  device.mode = *mode;
  domain.devices.push_back(std::move(device));
}

void read_devices(const Node& parent, QubesXml::Domain& domain, Notes& notes) {
  note_attributes(parent, {"class"}, notes);
  for (const Node& node : xml_elements(parent)) {
    if (std::string_view{node.name()} == "device")
      read_device(node, xml_attribute(parent, "class"), domain, notes);
    else
      note_element(node, notes);
  }
}

std::optional<QubesXml::Volume> read_volume(const Node& node, Notes& notes) {
  note_attributes(node,
                  {"name", "pool", "vid", "revisions_to_keep", "rw", "save_on_stop",
                   "snap_on_start", "size", "source", "ephemeral"},
                  notes);
  QubesXml::Volume volume;
  volume.name = xml_attribute(node, "name");
  volume.pool = xml_attribute(node, "pool");
  volume.vid = xml_attribute(node, "vid");
  volume.source = xml_attribute(node, "source");
  for (const auto& [name, flag] : {std::pair{"rw", &volume.rw},
                                   {"save_on_stop", &volume.save_on_stop},
                                   {"snap_on_start", &volume.snap_on_start}}) {
    const auto value = boolean(xml_attribute(node, name));
    if (!value && node.attribute(name)) return std::nullopt;
    *flag = value.value_or(false);
  }
  const auto revisions = to_number<std::int64_t>(xml_attribute(node, "revisions_to_keep"));
  if (!revisions && node.attribute("revisions_to_keep")) return std::nullopt;
  volume.revisions_to_keep = revisions.value_or(0);
  volume.size = to_number<std::uint64_t>(xml_attribute(node, "size"));
  if (!volume.size && node.attribute("size")) return std::nullopt;
  volume.ephemeral = boolean(xml_attribute(node, "ephemeral"));
  if (!volume.ephemeral && node.attribute("ephemeral")) return std::nullopt;
  return volume;
}

void read_volumes(const Node& parent, QubesXml::Domain& domain, Notes& notes) {
  for (const Node& node : xml_elements(parent)) {
    if (std::string_view{node.name()} != "volume") {
      note_element(node, notes);
      continue;
    }
    if (auto volume = read_volume(node, notes))
      domain.volumes.push_back(std::move(*volume));
    else
      notes.push_back(concat(domain.called(), ": volume ", printable(xml_attribute(node, "name")),
                             ": a size, a number of revisions or a True or False is none"));
  }
}

void read_tags(const Node& parent, QubesXml::Domain& domain, Notes& notes) {
  for (const Node& node : xml_elements(parent)) {
    if (std::string_view{node.name()} == "tag")
      domain.tags.push_back(xml_attribute(node, "name"));
    else
      note_element(node, notes);
  }
}

void read_domain(const Node& node, QubesXml& content) {
  Notes& notes = content.notes;
  note_attributes(node, {"id", "class"}, notes);
  QubesXml::Domain domain;
  domain.id = xml_attribute(node, "id");
  domain.vm_class = xml_attribute(node, "class");
  domain.properties = read_named(node.child("properties"), "property", notes);
  domain.features = read_named(node.child("features"), "feature", notes);
  for (const Node& part : xml_elements(node)) {
    const std::string_view name = part.name();
    if (name == "tags")
      read_tags(part, domain, notes);
    else if (name == "devices")
      read_devices(part, domain, notes);
    else if (name == "volume-config")
      read_volumes(part, domain, notes);
    else if (name != "properties" && name != "features")
      note_element(part, notes);
  }
  content.domains.push_back(std::move(domain));
}

void read_domains(const Node& parent, QubesXml& content) {
  for (const Node& node : xml_elements(parent)) {
    if (std::string_view{node.name()} == "domain")
      read_domain(node, content);
    else
      note_element(node, content.notes);
  }
}

}  // namespace

const std::string* QubesXml::Domain::property(std::string_view name) const {
  const auto found = std::ranges::find(properties, name, &Named::name);
  return found == properties.end() ? nullptr : &found->value;
}

std::string QubesXml::Domain::called() const {
  if (vm_class == "AdminVM") return "dom0";
  const std::string* name = property("name");
  return printable(name != nullptr ? *name : id);
}

QubesXml read_qubes_xml(std::string_view untrusted) {
  const auto document = parse_xml(untrusted, {kLongestQubesXml, kMostMarks}, "qubes");
  const Node root = document->document_element();
  for (const char* part : {"labels", "domains"})
    if (!root.child(part))
      throw Fault{FaultKind::malformed, concat("it has no element '", part, "'")};
  QubesXml content;
  for (const Node& part : xml_elements(root)) {
    const std::string_view name = part.name();
    if (name == "labels")
      read_labels(part, content);
    else if (name == "pools")
      read_pools(part, content);
    else if (name == "properties")
      content.properties = read_named(part, "property", content.notes);
    else if (name == "domains")
      read_domains(part, content);
    else
      note_element(part, content.notes);
  }
  return content;
}

}  // namespace qubes::mgmt

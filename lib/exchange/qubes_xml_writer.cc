// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/text.h"
#include "exchange/qubes_xml.h"
#include "exchange/xml.h"

namespace qubes::mgmt {
namespace {

std::string_view text(bool value) { return value ? "True" : "False"; }

void write_named(XmlWriter& out, std::string_view parent, std::string_view element,
                 const std::vector<QubesXml::Named>& values) {
  if (values.empty()) return out.empty(parent);
  out.open(parent);
  for (const QubesXml::Named& value : values)
    out.text(element, {{"name", value.name}}, value.value);
  out.close(parent);
}

void write_labels(XmlWriter& out, const QubesXml& content) {
  out.open("labels");
  for (const QubesXml::Label& label : content.labels)
    out.text("label", {{"id", label.id}, {"color", label.color}}, label.name);
  out.close("labels");
}

void write_pools(XmlWriter& out, const QubesXml& content) {
  out.open("pools");
  for (const QubesXml::Pool& pool : content.pools) {
    XmlWriter::Attributes attributes{{"name", pool.name}, {"driver", pool.driver}};
    for (const QubesXml::Named& option : pool.options)
      attributes.push_back({option.name, option.value});
    out.empty("pool", attributes);
  }
  out.close("pools");
}

void write_tags(XmlWriter& out, const std::vector<std::string>& tags) {
  if (tags.empty()) return out.empty("tags");
  out.open("tags");
  for (const std::string& tag : tags) out.empty("tag", {{"name", tag}});
  out.close("tags");
}

void write_device(XmlWriter& out, const DeviceAssignment& device) {
  const XmlWriter::Attributes attributes{{"backend-domain", device.backend},
                                         {"id", device.port},
                                         {"mode", text(device.mode)},
                                         {"identity", device.identity}};
  if (device.options.empty()) return out.empty("device", attributes);
  out.open("device", attributes);
  for (const auto& [name, value] : device.options) out.text("option", {{"name", name}}, value);
  out.close("device");
}

// One element for each class; devices of a class come together.
void write_devices(XmlWriter& out, const std::vector<DeviceAssignment>& devices) {
  std::string_view open_class;
  for (const DeviceAssignment& device : devices) {
    if (device.device_class != open_class) {
      if (!open_class.empty()) out.close("devices");
      open_class = device.device_class;
      out.open("devices", {{"class", open_class}});
    }
    write_device(out, device);
  }
  if (!open_class.empty()) out.close("devices");
}

void write_volume(XmlWriter& out, const QubesXml::Volume& volume) {
  const std::string revisions = std::to_string(volume.revisions_to_keep);
  const std::string size = std::to_string(volume.size.value_or(0));
  XmlWriter::Attributes attributes{{"name", volume.name},
                                   {"pool", volume.pool},
                                   {"vid", volume.vid},
                                   {"revisions_to_keep", revisions},
                                   {"rw", text(volume.rw)},
                                   {"save_on_stop", text(volume.save_on_stop)},
                                   {"snap_on_start", text(volume.snap_on_start)}};
  if (volume.size) attributes.push_back({"size", size});
  if (!volume.source.empty()) attributes.push_back({"source", volume.source});
  if (volume.ephemeral) attributes.push_back({"ephemeral", text(*volume.ephemeral)});
  out.empty("volume", attributes);
}

void write_domain(XmlWriter& out, const QubesXml::Domain& domain) {
  out.open("domain", {{"id", domain.id}, {"class", domain.vm_class}});
  write_named(out, "properties", "property", domain.properties);
  write_named(out, "features", "feature", domain.features);
  write_tags(out, domain.tags);
  write_devices(out, domain.devices);
  if (!domain.volumes.empty()) {
    out.open("volume-config");
    for (const QubesXml::Volume& volume : domain.volumes) write_volume(out, volume);
    out.close("volume-config");
  }
  out.close("domain");
}

}  // namespace

std::string write_qubes_xml(const QubesXml& content) {
  XmlWriter out;
  out.open("qubes");
  write_labels(out, content);
  write_pools(out, content);
  write_named(out, "properties", "property", content.properties);
  out.open("domains");
  for (const QubesXml::Domain& domain : content.domains) write_domain(out, domain);
  out.close("domains");
  out.close("qubes");
  return out.bytes();
}

}  // namespace qubes::mgmt

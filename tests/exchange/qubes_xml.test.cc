// SPDX-License-Identifier: GPL-2.0-or-later
#include "exchange/qubes_xml.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "exchange/xml.h"

using namespace qubes::mgmt;

namespace {

using Texts = std::vector<std::string>;

std::string real_file() {
  std::ifstream in{QUBES_TEST_DATA "/qubes-100.xml"};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::string domain(const std::string& parts) {
  return "<qubes><labels/><domains><domain id=\"domain-5\" class=\"AppVM\"><properties>"
         "<property name=\"name\">work</property></properties>" +
         parts + "</domain></domains></qubes>";
}

QubesXml::Domain read_domain(const std::string& parts) {
  return read_qubes_xml(domain(parts)).domains.at(0);
}

Texts notes(const std::string& parts) { return read_qubes_xml(domain(parts)).notes; }

}  // namespace

TEST_CASE("a file of Qubes' own daemon is read whole", "[qubes.xml]") {
  const QubesXml content = read_qubes_xml(real_file());
  CHECK(content.notes.empty());
  CHECK(content.labels.size() == 9);
  CHECK(content.pools.size() == 2);
  CHECK(content.properties.size() == 8);
  REQUIRE(content.domains.size() == 108);
  CHECK(content.labels[8].id + content.labels[8].color + content.labels[8].name ==
        "label-90xff00ffmagenta");
  CHECK(content.pools[0].driver == "file-reflink");
  CHECK(content.pools[0].options.size() == 3);
  const QubesXml::Domain& template_vm = content.domains[1];
  CHECK(template_vm.called() == "debian-12-xfce");
  CHECK(template_vm.vm_class == "TemplateVM");
  CHECK(*template_vm.property("installed_by_rpm") == "False");
  CHECK(template_vm.property("memory") == nullptr);
  CHECK(template_vm.features[3].name + template_vm.features[3].value == "os-distributiondebian");
  CHECK(template_vm.tags == Texts{"guivm-dom0", "audiovm-dom0", "created-by-dom0"});
  REQUIRE(template_vm.volumes.size() == 4);
  CHECK(template_vm.volumes[0].size == 10737418240U);
  CHECK(template_vm.volumes[0].save_on_stop);
  CHECK_FALSE(template_vm.volumes[3].size);
  CHECK(content.domains[2].volumes[0].source == "vm-templates/fedora-41-xfce/root");
}

TEST_CASE("what was written is read the same", "[qubes.xml]") {
  const std::string once = write_qubes_xml(read_qubes_xml(real_file()));
  CHECK(write_qubes_xml(read_qubes_xml(once)) == once);
  CHECK(read_qubes_xml(once).domains.size() == 108);
}

TEST_CASE("every character of a value survives", "[qubes.xml]") {
  QubesXml content;
  const std::string odd = " a&<b>\"c'\t\r\n]]> ";
  content.domains.push_back({.id = "domain-0", .vm_class = "AdminVM"});
  content.domains[0].features = {{"f", odd}, {"blank", " "}, {"empty", ""}};
  content.pools.push_back({"p", "file", {{"dir_path", odd}}});
  const QubesXml read = read_qubes_xml(write_qubes_xml(content));
  CHECK(read.domains.at(0).features.at(0).value == odd);
  CHECK(read.domains.at(0).features.at(1).value == " ");
  CHECK(read.domains.at(0).features.at(2).value == "");
  CHECK(read.pools.at(0).options.at(0).value == odd);
  CHECK(is_xml_text(odd));
  CHECK_FALSE(is_xml_text("\v"));
}

TEST_CASE("devices are read in the forms of several versions", "[qubes.xml]") {
  const auto found = read_domain(
      "<devices class=\"pci\"><device backend-domain=\"dom0\" id=\"00_1d.0\" mode=\"auto-attach\" "
      "identity=\"0x8086:0x1:*\"><option name=\"permissive\">True</option></device>"
      "<device backend-domain=\"dom0\" id=\"00_1f.0\"/></devices>"
      "<devices class=\"block\"><device backend-domain=\"b\" id=\"sda\" required=\"no\"/>"
      "<device backend-domain=\"b\" id=\"sdb\" required=\"yes\"/>"
      "<device backend-domain=\"b\" id=\"sdc\" mode=\"ask-to-attach\"/></devices>");
  REQUIRE(found.devices.size() == 5);
  CHECK(found.devices[0].mode == DeviceMode::auto_attach);
  CHECK(found.devices[0].identity == "0x8086:0x1:*");
  CHECK(found.devices[0].options.at("permissive") == "True");
  CHECK(found.devices[1].mode == DeviceMode::required);
  CHECK(found.devices[1].identity == "*");
  CHECK(found.devices[2].mode == DeviceMode::auto_attach);
  CHECK(found.devices[3].mode == DeviceMode::required);
  CHECK(found.devices[4].mode == DeviceMode::ask_to_attach);
}

TEST_CASE("what is not understood is noted, and the rest is read", "[qubes.xml]") {
  CHECK(notes("<services><service/></services>") ==
        Texts{"an element 'services' in 'domain': it is not known there"});
  CHECK(notes("<tags><label/></tags>") ==
        Texts{"an element 'label' in 'tags': it is not known there"});
  CHECK(notes("<features><feature name=\"a\" x=\"1\"/></features>") ==
        Texts{"the attribute 'x' of an element 'feature': it is not known"});
  CHECK(notes("<devices class=\"usb\"><device backend-domain=\"b\" id=\"1\" mode=\"manual\"/>"
              "</devices>") ==
        Texts{"work: a usb device: 'manual' is no mode; required, auto-attach and ask-to-attach "
              "are"});
  for (const std::string wrong : {"size=\"1G\"", "size=\"-1\"", "size=\"99999999999999999999\"",
                                  "rw=\"yes\"", "revisions_to_keep=\"\"", "ephemeral=\"1\""})
    CHECK(notes("<volume-config><volume name=\"root\" " + wrong + "/></volume-config>") ==
          Texts{"work: volume root: a size, a number of revisions or a True or False is none"});
}

// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <initializer_list>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace qubes::mgmt {

/// What of a file was not understood and is left out, a sentence each.
using Notes = std::vector<std::string>;

/// Parses XML that may come from anywhere. Refused are declarations of types and entities,
/// CDATA, references to anything but the five signs of XML and to characters, and what is
/// larger than any file of ours: more than `longest` bytes, `most` tags and attributes, or
/// elements nested more deeply than ten. Gives the document, whose one element is called
/// `root`. Throws malformed.
struct XmlLimits {
  std::size_t longest;
  std::size_t most;
};
std::unique_ptr<pugi::xml_document> parse_xml(std::string_view untrusted, const XmlLimits& limits,
                                              std::string_view root);

/// The characters in an element, which holds nothing else. Throws malformed.
std::string xml_text(const pugi::xml_node& node);

/// An attribute, empty where it is missing.
std::string xml_attribute(const pugi::xml_node& node, const char* name);

/// The elements in an element, at most ten thousand; what stands between them is left out.
/// Throws malformed.
std::vector<pugi::xml_node> xml_elements(const pugi::xml_node& node);

/// Notes every attribute but these.
void note_attributes(const pugi::xml_node& node, std::initializer_list<std::string_view> known,
                     Notes& notes);

/// Notes an element that has no place where it stands.
void note_element(const pugi::xml_node& node, Notes& notes);

/// Builds XML, indented, a line for each element. All names are ours; values may be any text
/// that is_xml_text().
class XmlWriter {
 public:
  struct Attribute {
    std::string_view name;
    std::string_view value;
  };
  using Attributes = std::vector<Attribute>;

  void open(std::string_view name, const Attributes& attributes = {});
  void close(std::string_view name);
  void empty(std::string_view name, const Attributes& attributes = {});
  void text(std::string_view name, const Attributes& attributes, std::string_view content);

  const std::string& bytes() const { return out_; }

 private:
  void begin(std::string_view name, const Attributes& attributes);

  std::string out_;
  std::size_t depth_ = 0;
};

/// Whether every character of an ASCII text has a place in XML.
bool is_xml_text(std::string_view text);

}  // namespace qubes::mgmt

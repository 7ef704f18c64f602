// SPDX-License-Identifier: GPL-2.0-or-later
#include "exchange/xml.h"

#include <algorithm>

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt {
namespace {

constexpr int kDeepest = 10;
constexpr std::size_t kMostElements = 10'000;
constexpr std::uint32_t kLastCharacter = 0x10FFFF;

Fault refused(std::string_view why) { return {FaultKind::malformed, std::string{why}}; }

bool is_white(std::uint32_t character) {
  return character == '\t' || character == '\n' || character == '\r';
}

bool is_character(std::uint32_t code) {
  const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
  return is_white(code) || (code >= ' ' && code <= kLastCharacter && !is_surrogate);
}

bool is_character_reference(std::string_view name) {
  if (!name.starts_with('#')) return false;
  name.remove_prefix(1);
  const int base = name.starts_with('x') ? 16 : 10;
  if (base == 16) name.remove_prefix(1);
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), code, base);
  return error == std::errc{} && end == name.data() + name.size() && is_character(code);
}

void check_reference(std::string_view rest) {
  constexpr std::size_t kLongestReference = 12;
  const std::size_t end = rest.substr(0, kLongestReference).find(';');
  const std::string_view name = end == rest.npos ? "" : rest.substr(1, end - 1);
  for (const std::string_view known : {"amp", "lt", "gt", "quot", "apos"})
    if (name == known) return;
  if (!is_character_reference(name))
    throw refused(concat("it has the reference '", printable(rest.substr(0, kLongestReference)),
                         "'; only &amp; &lt; &gt; &quot; &apos; and characters are accepted"));
}

// Before any parser sees it. A file of ours has none of this, not even in a comment.
void check_bytes(std::string_view untrusted, const XmlLimits& limits) {
  if (untrusted.size() > limits.longest)
    throw refused(concat("it has more than ", limits.longest, " bytes, which are accepted"));
  std::size_t marks = 0;
  for (std::size_t i = 0; i < untrusted.size(); ++i) {
    const auto byte = static_cast<unsigned char>(untrusted[i]);
    if (byte < ' ' && !is_white(byte))
      throw refused(concat("it holds the byte ", int{byte}, ", which no XML may hold"));
    if (byte == '&') check_reference(untrusted.substr(i));
    if (byte == '<' && untrusted.substr(i + 1).starts_with('!') &&
        !untrusted.substr(i + 1).starts_with("!--"))
      throw refused("it declares something, a DOCTYPE or an entity say, or holds CDATA");
    marks += byte == '<' || byte == '=' ? 1 : 0;
  }
  if (marks > limits.most)
    throw refused(concat("it has more than ", limits.most, " tags and attributes"));
}

struct DepthCheck : pugi::xml_tree_walker {
  bool for_each(pugi::xml_node& /*node*/) override { return depth() <= kDeepest; }
};

std::string escaped(std::string_view text, bool is_attribute) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"' && is_attribute)
      out += "&quot;";
    else if (c == '\r' || (is_attribute && is_white(static_cast<unsigned char>(c))))
      out += concat("&#", int{c}, ";");
    else
      out += c;
  }
  return out;
}

}  // namespace

std::unique_ptr<pugi::xml_document> parse_xml(std::string_view untrusted, const XmlLimits& limits,
                                              std::string_view root) {
  check_bytes(untrusted, limits);
  auto document = std::make_unique<pugi::xml_document>();
  const auto result = document->load_buffer(untrusted.data(), untrusted.size(),
                                            pugi::parse_default | pugi::parse_ws_pcdata_single,
                                            pugi::encoding_utf8);
  if (!result)
    throw refused(concat("it is no XML: ", lower(result.description()), ", at byte ",
                         static_cast<std::int64_t>(result.offset)));
  DepthCheck check;
  if (!document->traverse(check))
    throw refused(concat("its elements are nested more deeply than ", kDeepest));
  const pugi::xml_node first = document->document_element();
  if (first.name() != root || first.next_sibling())
    throw refused(concat("its one element is not called '", root, "'"));
  return document;
}

std::string xml_text(const pugi::xml_node& node) {
  std::string text;
  for (const pugi::xml_node& child : node) {
    if (child.type() != pugi::node_pcdata)
      throw refused(concat("the element '", printable(node.name()), "' holds another, '",
                           printable(child.name()), "', where text is expected"));
    text += child.value();
  }
  return text;
}

std::string xml_attribute(const pugi::xml_node& node, const char* name) {
  return node.attribute(name).value();
}

std::vector<pugi::xml_node> xml_elements(const pugi::xml_node& node) {
  std::vector<pugi::xml_node> elements;
  for (const pugi::xml_node& child : node)
    if (child.type() == pugi::node_element) elements.push_back(child);
  if (elements.size() > kMostElements)
    throw refused(concat("the element '", printable(node.name()), "' holds more than ",
                         kMostElements, " others"));
  return elements;
}

void note_attributes(const pugi::xml_node& node, std::initializer_list<std::string_view> known,
                     Notes& notes) {
  for (const pugi::xml_attribute& attribute : node.attributes())
    if (std::ranges::find(known, std::string_view{attribute.name()}) == known.end())
      notes.push_back(concat("the attribute '", printable(attribute.name()), "' of an element '",
                             printable(node.name()), "': it is not known"));
}

void note_element(const pugi::xml_node& node, Notes& notes) {
  notes.push_back(concat("an element '", printable(node.name()), "' in '",
                         printable(node.parent().name()), "': it is not known there"));
}

void XmlWriter::begin(std::string_view name, const Attributes& attributes) {
  out_.append(2 * depth_, ' ');
  out_ += concat("<", name);
  for (const Attribute& attribute : attributes)
    out_ += concat(" ", attribute.name, "=\"", escaped(attribute.value, true), "\"");
}

void XmlWriter::open(std::string_view name, const Attributes& attributes) {
  begin(name, attributes);
  out_ += ">\n";
  ++depth_;
}

void XmlWriter::close(std::string_view name) {
  --depth_;
  out_.append(2 * depth_, ' ');
  out_ += concat("</", name, ">\n");
}

void XmlWriter::empty(std::string_view name, const Attributes& attributes) {
  begin(name, attributes);
  out_ += "/>\n";
}

void XmlWriter::text(std::string_view name, const Attributes& attributes,
                     std::string_view content) {
  begin(name, attributes);
  out_ += concat(">", escaped(content, false), "</", name, ">\n");
}

bool is_xml_text(std::string_view text) {
  return std::ranges::all_of(text,
                             [](char c) { return is_character(static_cast<unsigned char>(c)); });
}

}  // namespace qubes::mgmt

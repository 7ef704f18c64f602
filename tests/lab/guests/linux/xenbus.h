// SPDX-License-Identifier: GPL-2.0-or-later
// Xenstore by its wire protocol over the kernel's device: no library and no thread, so that a
// static program of a guest can use it. One request at a time; watch events are kept in between.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

extern "C" {
#include <xen/io/xs_wire.h>
}

namespace lab {

using Clock = std::chrono::steady_clock;

class Xenbus {
 public:
  Xenbus() : fd_(open("/dev/xen/xenbus", O_RDWR | O_CLOEXEC)) {
    if (fd_ < 0) throw std::runtime_error("cannot open /dev/xen/xenbus");
  }
  ~Xenbus() { close(fd_); }
  Xenbus(const Xenbus&) = delete;
  Xenbus& operator=(const Xenbus&) = delete;

  std::optional<std::string> read(const std::string& key) { return ask(XS_READ, ended(key)); }

  bool write(const std::string& key, std::string_view value) {
    return ask(XS_WRITE, ended(key).append(value)).has_value();
  }

  bool watch(const std::string& key) {
    return ask(XS_WATCH, ended(key) + ended("lab")).has_value();
  }

  bool remove(const std::string& key) { return ask(XS_RM, ended(key)).has_value(); }

  // dom0's key, which this domain may read.
  bool show_to(const std::string& key, const std::string& domid) {
    return ask(XS_SET_PERMS, ended(key) + ended("n0") + ended("r" + domid)).has_value();
  }

  std::vector<std::string> list(const std::string& key) {
    std::vector<std::string> names;
    std::string answer = ask(XS_DIRECTORY, ended(key)).value_or("");
    for (size_t i = 0; i < answer.size(); i += names.back().size() + 1)
      names.emplace_back(answer.c_str() + i);
    return names;
  }

  // Sleeps until a watch fires; false when the time is up before.
  bool wait_until(Clock::time_point deadline) {
    while (events_.empty()) {
      auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
      pollfd ready{fd_, POLLIN, 0};
      if (left <= 0 || poll(&ready, 1, static_cast<int>(left)) == 0) return false;
      receive();
    }
    events_.pop_front();
    return true;
  }
  void wait() {
    while (events_.empty()) receive();
    events_.pop_front();
  }

 private:
  static std::string ended(const std::string& text) { return text + '\0'; }

  // The kernel answers some requests itself, with another id: answers are told by their order only.
  std::optional<std::string> ask(uint32_t type, const std::string& body) {
    xsd_sockmsg head{type, 0, 0, static_cast<uint32_t>(body.size())};
    std::string message(reinterpret_cast<const char*>(&head), sizeof head);
    message += body;
    if (::write(fd_, message.data(), message.size()) != static_cast<ssize_t>(message.size()))
      return std::nullopt;
    for (;;)
      if (auto [answer_type, answer] = receive(); answer_type != XS_WATCH_EVENT)
        return answer_type == XS_ERROR ? std::nullopt : std::optional(std::move(answer));
  }

  std::pair<uint32_t, std::string> receive() {
    xsd_sockmsg head;
    get(&head, sizeof head);
    std::string body(head.len, '\0');
    get(body.data(), body.size());
    if (head.type == XS_WATCH_EVENT) events_.push_back(body);
    return {head.type, std::move(body)};
  }

  void get(void* to, size_t size) {
    for (auto* at = static_cast<char*>(to); size > 0;) {
      ssize_t n = ::read(fd_, at, size);
      if (n <= 0) throw std::runtime_error("xenstore does not answer");
      at += n;
      size -= static_cast<size_t>(n);
    }
  }

  int fd_;
  std::deque<std::string> events_;
};

// How dom0 has a command run in a guest: it writes kRequest, "ID\n" and the words, each ended by a
// NUL. The guest answers in pieces, kAnswer = "ID NUMBER KIND\n" and bytes, and writes the next one
// when dom0 has confirmed this one by kTaken = "ID NUMBER". The last piece is of the kind `exit`.
inline constexpr char kRequest[] = "vm-data/lab-request";
inline constexpr char kTaken[] = "vm-data/lab-taken";
inline constexpr char kAnswer[] = "data/lab-answer";

}  // namespace lab

// SPDX-License-Identifier: GPL-2.0-or-later
#include "doors/exchange.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace qubes::mgmt::test {
namespace {

using Clock = std::chrono::steady_clock;

// What is left to send; nothing once it was all sent, or nobody reads any more.
std::string_view send_some(int descriptor, std::string_view bytes) {
  const ssize_t sent = ::send(descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0 && errno == EAGAIN) return bytes;
  return sent < 0 ? "" : bytes.substr(static_cast<std::size_t>(sent));
}

// False at the end.
bool receive_some(int descriptor, std::string& into) {
  std::array<char, 65536> buffer;
  const ssize_t got = ::recv(descriptor, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got < 0 && errno == EAGAIN) return true;
  if (got < 0) throw std::runtime_error{std::string{"broken: "} + std::strerror(errno)};
  into.append(buffer.data(), static_cast<std::size_t>(got));
  return got > 0;
}

}  // namespace

SocketPair::SocketPair() {
  std::array<int, 2> ends;
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw std::runtime_error{"no sockets"};
  ours = Descriptor{ends[0]};
  theirs = Descriptor{ends[1]};
}

std::string socket_request(const std::string& service, const std::string& target,
                           const std::string& payload, const std::string& source) {
  return service + " " + source + " name " + target + '\0' + payload;
}

void send_all(int descriptor, std::string_view bytes) {
  if (::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(bytes.size()))
    throw std::runtime_error{std::string{"cannot send: "} + std::strerror(errno)};
}

bool can_be_read(int descriptor, std::chrono::milliseconds within) {
  pollfd waiting{descriptor, POLLIN, 0};
  return ::poll(&waiting, 1, static_cast<int>(within.count())) > 0;
}

std::string exchange(int in, std::string_view bytes, int out, std::chrono::milliseconds deadline) {
  const auto end = Clock::now() + deadline;
  std::string answer;
  for (bool is_sent = false;;) {
    if (!is_sent && bytes.empty()) {
      ::shutdown(in, SHUT_WR);
      is_sent = true;
    }
    std::array<pollfd, 2> sides{{{out, POLLIN, 0}, {is_sent ? -1 : in, POLLOUT, 0}}};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
    if (left.count() <= 0) throw std::runtime_error{"no end of the answer in time"};
    ::poll(sides.data(), sides.size(), static_cast<int>(left.count()));
    if (sides[1].revents != 0) bytes = send_some(in, bytes);
    if (sides[0].revents != 0 && !receive_some(out, answer)) return answer;
  }
}

Descriptor connect_to(const std::string& path) {
  Descriptor client{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error{"too long: " + path};
  path.copy(address.sun_path, path.size());
  if (::connect(client.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error{"cannot connect to " + path};
  return client;
}

}  // namespace qubes::mgmt::test

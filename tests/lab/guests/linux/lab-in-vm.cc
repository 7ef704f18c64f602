// SPDX-License-Identifier: GPL-2.0-or-later
// dom0's end of the agent in the Linux guest: runs a command there as if it were here.
#include <sys/file.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <sstream>

#include "xenbus.h"

namespace {

constexpr int kTimeUp = 124;
constexpr int kNoSuchGuest = 125;

int usage() {
  fputs(
      "usage: lab-in-vm [--timeout SECONDS] VM [COMMAND [ARG...]]\n"
      "Waits until the guest VM (a name or a domain id) is up, and runs COMMAND there with no "
      "stdin.\n"
      "Its output and status become those of this program; without COMMAND it only waits.\n"
      "124: the guest was not up, or COMMAND not done, in that time (60 s); 125: no such guest.\n",
      stderr);
  return 2;
}

std::optional<std::string> find_domain(lab::Xenbus& bus, const std::string& vm) {
  for (const std::string& domid : bus.list("/local/domain"))
    if (domid == vm || bus.read("/local/domain/" + domid + "/name") == vm) return domid;
  return std::nullopt;
}

// One command at a time in one guest, as there is one set of keys.
void lock(const std::string& domid) {
  int fd = open(("/run/lab-in-vm." + domid).c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0666);
  if (fd < 0 || flock(fd, LOCK_EX) != 0) throw std::runtime_error("cannot lock in /run");
}

class Guest {
 public:
  Guest(lab::Xenbus& bus, std::string domid, lab::Clock::time_point deadline)
      : bus_(bus), domid_(std::move(domid)), deadline_(deadline) {}

  bool wait_until_up() {
    bus_.watch(path("data/up"));
    while (bus_.read(path("data/up")) != "1")
      if (!bus_.wait_until(deadline_)) return false;
    return true;
  }

  // The status of the command; nothing if the time was up before.
  std::optional<int> run(const std::vector<std::string>& words) {
    id_ = std::to_string(getpid()) + "-" +
          std::to_string(lab::Clock::now().time_since_epoch().count());
    std::string request = id_ + "\n";
    for (const std::string& word : words) request += word + '\0';
    bus_.watch(path(lab::kAnswer));
    put(lab::kTaken, "");
    put(lab::kRequest, request);
    for (;;) {
      if (auto status = take()) return status;
      if (!bus_.wait_until(deadline_)) return std::nullopt;
    }
  }

 private:
  std::string path(const std::string& key) { return "/local/domain/" + domid_ + "/" + key; }

  void put(const std::string& key, const std::string& value) {
    if (!bus_.write(path(key), value) || !bus_.show_to(path(key), domid_))
      throw std::runtime_error("cannot write " + path(key) + " (a request is at most 4 kB)");
  }

  // Takes the next piece of the answer, if there is one; the status, if it was the last.
  std::optional<int> take() {
    std::string answer = bus_.read(path(lab::kAnswer)).value_or("");
    size_t line = answer.find('\n');
    std::string id, kind;
    int number = 0;
    std::istringstream(answer.substr(0, line)) >> id >> number >> kind;
    if (id != id_ || number != taken_ + 1) return std::nullopt;
    taken_ = number;
    if (kind == "exit") return atoi(answer.c_str() + line + 1);
    FILE* stream = kind == "out" ? stdout : stderr;
    fwrite(answer.data() + line + 1, 1, answer.size() - line - 1, stream);
    fflush(stream);
    put(lab::kTaken, id_ + " " + std::to_string(number));
    return std::nullopt;
  }

  lab::Xenbus& bus_;
  std::string domid_;
  lab::Clock::time_point deadline_;
  std::string id_;
  int taken_ = 0;
};

int fail(int status, const std::string& vm, const char* what) {
  fprintf(stderr, "lab-in-vm: %s: %s\n", vm.c_str(), what);
  return status;
}

}  // namespace

int main(int argc, char** argv) try {
  std::vector<std::string> words(argv + 1, argv + argc);
  std::chrono::seconds limit(60);
  if (words.size() > 2 && words[0] == "--timeout") {
    limit = std::chrono::seconds(atoi(words[1].c_str()));
    words.erase(words.begin(), words.begin() + 2);
  }
  if (words.empty() || words[0].starts_with("-")) return usage();
  std::string vm = words[0];
  words.erase(words.begin());

  lab::Xenbus bus;
  auto domid = find_domain(bus, vm);
  if (!domid) return fail(kNoSuchGuest, vm, "no such domain");
  lock(*domid);
  Guest guest(bus, *domid, lab::Clock::now() + limit);
  if (!guest.wait_until_up()) return fail(kTimeUp, vm, "did not come up");
  if (words.empty()) return 0;
  auto status = guest.run(words);
  return status ? *status : fail(kTimeUp, vm, "the command has not ended");
} catch (const std::exception& e) {
  fprintf(stderr, "lab-in-vm: %s\n", e.what());
  return kNoSuchGuest;
}

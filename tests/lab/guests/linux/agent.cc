// SPDX-License-Identifier: GPL-2.0-or-later
// Runs in the lab's Linux guest: says that the guest is up, and runs the commands that dom0 sends.
// `agent read KEY` and `agent write KEY VALUE` do that with a key of the guest, for scripts.
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "xenbus.h"

namespace {

// xenstored takes no value above 2048 bytes from a guest.
constexpr size_t kPiece = 1900;

class Answer {
 public:
  Answer(lab::Xenbus& bus, std::string id) : bus_(bus), id_(std::move(id)) {}

  void send(const std::string& kind, std::string_view bytes) {
    std::string piece = id_ + " " + std::to_string(++number_);
    bus_.write(lab::kAnswer, (piece + " " + kind + "\n").append(bytes));
    while (kind != "exit" && bus_.read(lab::kTaken) != piece) bus_.wait();
  }

 private:
  lab::Xenbus& bus_;
  std::string id_;
  int number_ = 0;
};

struct Pipe {
  int ends[2];
  Pipe() {
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  }
};

[[noreturn]] void become(std::vector<std::string> words, int out, int err) {
  int none = open("/dev/null", O_RDONLY);
  dup2(none, 0);
  dup2(out, 1);
  dup2(err, 2);
  setsid();
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execvp(argv[0], argv.data());
  dprintf(2, "%s: cannot be run\n", argv[0]);
  _exit(127);
}

// Passes on what the command says until it has closed both.
void pass_on(int out, int err, Answer& answer) {
  std::array<pollfd, 2> open_ends{pollfd{out, POLLIN, 0}, pollfd{err, POLLIN, 0}};
  while (open_ends[0].fd >= 0 || open_ends[1].fd >= 0) {
    poll(open_ends.data(), open_ends.size(), -1);
    for (pollfd& end : open_ends) {
      if (end.fd < 0 || end.revents == 0) continue;
      char bytes[kPiece];
      ssize_t n = read(end.fd, bytes, sizeof bytes);
      if (n > 0)
        answer.send(end.fd == out ? "out" : "err", {bytes, static_cast<size_t>(n)});
      else
        end.fd = -1;
    }
  }
}

void run(lab::Xenbus& bus, const std::string& id, std::vector<std::string> words) {
  Pipe out, err;
  Answer answer(bus, id);
  pid_t child = fork();
  if (child == 0) become(std::move(words), out.ends[1], err.ends[1]);
  close(out.ends[1]);
  close(err.ends[1]);
  pass_on(out.ends[0], err.ends[0], answer);
  close(out.ends[0]);
  close(err.ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  answer.send("exit", std::to_string(code));
}

[[noreturn]] void serve(lab::Xenbus& bus) {
  bus.watch(lab::kRequest);
  bus.watch(lab::kTaken);
  std::string last = bus.read(lab::kRequest).value_or("");
  bus.write("data/up", "1");
  for (;;) {
    bus.wait();
    std::string request = bus.read(lab::kRequest).value_or("");
    size_t line = request.find('\n');
    if (request == last || line == std::string::npos) continue;
    last = request;
    std::vector<std::string> words;
    for (size_t i = line + 1; i < request.size(); i += words.back().size() + 1)
      words.emplace_back(request.c_str() + i);
    if (!words.empty()) run(bus, request.substr(0, line), std::move(words));
  }
}

}  // namespace

int main(int argc, char** argv) try {
  lab::Xenbus bus;
  std::string verb = argc > 1 ? argv[1] : "serve";
  if (verb == "serve") serve(bus);
  if (verb == "write" && argc == 4) return bus.write(argv[2], argv[3]) ? 0 : 1;
  if (verb != "read" || argc != 3) return 2;
  auto value = bus.read(argv[2]);
  if (value) puts(value->c_str());
  return value ? 0 : 1;
} catch (const std::exception& e) {
  fprintf(stderr, "agent: %s\n", e.what());
  return 1;
}

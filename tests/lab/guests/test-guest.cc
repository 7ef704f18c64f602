// SPDX-License-Identifier: GPL-2.0-or-later
// A guest of a few kB that is up in half a second, for tests of what dom0 does with a domain:
//
//   says a line on its console, writes data/up, obeys control/shutdown, closes devices that are
//   detached; deaf to control/shutdown: the key vm-data/deaf, or `deaf` on the kernel's command
//   line; poweroff, reboot, crash or spin by itself: vm-data/act, or act=... on the kernel's
//   command line.
#include "store.h"

namespace guest {
namespace {

// The words of the command line, one after the other.
template <typename Use>
void for_each_word(const char* line, Use use) {
  while (*line) {
    char word[64];
    size_t size = 0;
    for (; *line && *line != ' '; ++line)
      if (size + 1 < sizeof word) word[size++] = *line;
    word[size] = '\0';
    if (size > 0) use(word);
    while (*line == ' ') ++line;
  }
}

void act(const char* what) {
  if (same(what, "poweroff")) shut_down(SHUTDOWN_poweroff);
  if (same(what, "reboot")) shut_down(SHUTDOWN_reboot);
  if (same(what, "crash")) shut_down(SHUTDOWN_crash);
  if (same(what, "spin"))
    for (;;) asm volatile("pause");
}

void obey_shutdown(Store& store) {
  const char* wish = store.read("control/shutdown");
  if (!wish) return;
  bool reboot = same(wish, "reboot");
  if (!reboot && !same(wish, "poweroff") && !same(wish, "halt")) return;
  store.write("control/shutdown", "");  // this is how a guest says that it has understood
  say("test-guest: going down\r\n");
  shut_down(reboot ? SHUTDOWN_reboot : SHUTDOWN_poweroff);
}

// A front end that does nothing but close when its back end wants to.
void close_detached(Store& store, const char* kind) {
  store.for_each(Text("device/", kind), [&](const char* number) {
    Text device("device/", kind, "/", number);
    const char* backend = store.read(Text(device, "/backend"));
    if (!backend) return;
    Text backend_state(backend, "/state");
    store.watch(backend_state);
    if (store.is(backend_state, "5")) store.write(Text(device, "/state"), "6");
  });
}

[[noreturn]] void run() {
  static Store store;
  const char* name = store.read("name");
  say(Text("test-guest: up as ", name ? name : "?", "\r\n"));
  store.write("data/up", "1");

  bool deaf = false;
  for_each_word(machine.command_line, [&](const char* word) {
    if (same(word, "deaf")) deaf = true;
    constexpr char kAct[] = "act=";
    size_t i = 0;
    while (kAct[i] && word[i] == kAct[i]) ++i;
    if (!kAct[i]) act(word + i);
  });

  store.watch("control/shutdown");
  store.watch("vm-data/act");
  store.watch("device");
  for (;;) {
    store.wait_for_change();
    if (!deaf && !store.exists("vm-data/deaf")) obey_shutdown(store);
    if (const char* what = store.read("vm-data/act")) act(what);
    close_detached(store, "vbd");
    close_detached(store, "vif");
  }
}

}  // namespace
}  // namespace guest

extern "C" void guest_main(void* handed_over) {
  guest::find_machine(handed_over);
  guest::run();
}

// SPDX-License-Identifier: GPL-2.0-or-later
// A client of xenstored for a guest without an operating system: one request at a time.
#pragma once

#include "machine.h"

namespace guest {

inline size_t length(const char* text) {
  size_t n = 0;
  while (text[n]) ++n;
  return n;
}

inline bool same(const char* a, const char* b) {
  while (*a && *a == *b) ++a, ++b;
  return *a == *b;
}

// A short text put together of pieces: a path, a line. What does not fit is cut off.
class Text {
 public:
  template <typename... Pieces>
  explicit Text(Pieces... pieces) {
    (append(pieces), ...);
  }
  operator const char*() const { return text_; }

 private:
  void append(const char* piece) {
    while (*piece && size_ + 1 < sizeof text_) text_[size_++] = *piece++;
  }
  char text_[256] = {};
  size_t size_ = 0;
};

class Store {
 public:
  // The value of a key, valid until the next request; null if there is none.
  const char* read(const char* key) { return ask(XS_READ, key); }
  bool exists(const char* key) { return read(key) != nullptr; }
  bool is(const char* key, const char* value) {
    const char* found = read(key);
    return found && same(found, value);
  }
  void write(const char* key, const char* value) { ask(XS_WRITE, key, value, length(value)); }
  // Asking twice for the same watch is an error without consequences.
  void watch(const char* key) { ask(XS_WATCH, key, "", 1); }

  // Calls act(name) for each child of a key. The names are copied, as act may ask as well.
  template <typename Act>
  void for_each(const char* key, Act act) {
    char names[512];
    if (!ask(XS_DIRECTORY, key)) return;
    size_t size = answer_size_ < sizeof names ? answer_size_ : 0;
    for (size_t i = 0; i < size; ++i) names[i] = answer_[i];
    for (size_t i = 0; i < size; i += length(names + i) + 1) act(names + i);
  }

  // Sleeps until a watch has fired since the last call.
  void wait_for_change() {
    while (!changed_) receive();
    changed_ = false;
  }

 private:
  const char* ask(uint32_t type, const char* key, const char* value = "", size_t size = 0) {
    size_t key_size = length(key) + 1;
    xsd_sockmsg head = {type, 0, 0, static_cast<uint32_t>(key_size + size)};
    put(&head, sizeof head);
    put(key, key_size);
    put(value, size);
    notify(channel_.port);
    uint32_t answer;
    do answer = receive();
    while (answer == XS_WATCH_EVENT);
    return answer == XS_ERROR ? nullptr : answer_;
  }

  // The next message: its type; its body is in answer_, ended by a NUL.
  uint32_t receive() {
    xsd_sockmsg head;
    get(&head, sizeof head);
    get(answer_, head.len);
    answer_[head.len] = '\0';
    answer_size_ = head.len;
    notify(channel_.port);
    if (head.type == XS_WATCH_EVENT) changed_ = true;
    return head.type;
  }

  void put(const void* from, size_t size) {
    auto* ring = channel_.page;
    for (auto* byte = static_cast<const char*>(from); size > 0; --size, ++byte) {
      XENSTORE_RING_IDX end = ring->req_prod;
      while (end - __atomic_load_n(&ring->req_cons, __ATOMIC_ACQUIRE) == XENSTORE_RING_SIZE)
        wait_for(channel_.port);
      ring->req[MASK_XENSTORE_IDX(end)] = *byte;
      __atomic_store_n(&ring->req_prod, end + 1, __ATOMIC_RELEASE);
    }
  }

  void get(void* to, size_t size) {
    auto* ring = channel_.page;
    for (auto* byte = static_cast<char*>(to); size > 0; --size, ++byte) {
      XENSTORE_RING_IDX begin = ring->rsp_cons;
      while (begin == __atomic_load_n(&ring->rsp_prod, __ATOMIC_ACQUIRE)) wait_for(channel_.port);
      *byte = ring->rsp[MASK_XENSTORE_IDX(begin)];
      __atomic_store_n(&ring->rsp_cons, begin + 1, __ATOMIC_RELEASE);
    }
  }

  Channel<xenstore_domain_interface>& channel_ = machine.store;
  char answer_[XENSTORE_PAYLOAD_MAX + 1];
  size_t answer_size_ = 0;
  bool changed_ = false;
};

}  // namespace guest

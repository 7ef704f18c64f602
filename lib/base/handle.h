// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>

namespace qubes::mgmt {

/// Names the function that frees a handle, as in `Handle<sqlite3, close_database>`.
template <auto close>
struct Closer {
  template <class T>
  void operator()(T* handle) const {
    close(handle);
  }
};

template <class T, auto close>
using Handle = std::unique_ptr<T, Closer<close>>;

/// A C struct that must be initialised before use and disposed of after it, as libxl's are.
template <class T, auto init, auto dispose>
class Value {
 public:
  Value() { init(&value_); }
  ~Value() { dispose(&value_); }
  Value(const Value&) = delete;
  Value& operator=(const Value&) = delete;

  T* get() { return &value_; }
  T* operator->() { return &value_; }

 private:
  T value_;
};

}  // namespace qubes::mgmt

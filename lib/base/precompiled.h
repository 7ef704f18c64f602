// SPDX-License-Identifier: GPL-2.0-or-later
// What nearly every file reads of the C++ library, read once for all of them: it is more than
// half of the time that one takes to compile. No file relies on it; each includes what it uses.
#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

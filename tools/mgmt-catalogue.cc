// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/file.h"
#include "frame/catalogue.h"

int main() { qubes::mgmt::write_all(1, qubes::mgmt::catalogue_json()); }

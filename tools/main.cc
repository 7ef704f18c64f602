// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/run.h"

int main(int argc, char** argv) { return qubes::mgmt::run(argc, argv); }

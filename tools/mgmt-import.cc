// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/exchange_programs.h"

int main(int argc, char** argv) { return qubes::mgmt::run_import_program(argc, argv); }

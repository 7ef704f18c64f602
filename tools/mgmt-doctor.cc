// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/doctor_program.h"

int main(int argc, char** argv) { return qubes::mgmt::run_doctor_program(argc, argv); }

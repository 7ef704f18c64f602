// SPDX-License-Identifier: GPL-2.0-or-later
// What any process costs: this one does nothing.

int main(void) { return 0; }

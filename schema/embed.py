#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Embeds the numbered scripts of the schema: schema/embed.py OUT.cc OUT_CURRENT FILES...

OUT.cc defines migrations(), which lib/store/migrations.h declares. OUT_CURRENT gets the schema
that the scripts lead to when run in order: what current.sql must say.
"""

import pathlib
import re
import sqlite3
import sys

SOURCE = """\
// SPDX-License-Identifier: GPL-2.0-or-later
// Made by schema/embed.py.
#include "store/migrations.h"

#include <array>

namespace qubes::mgmt {{
namespace {{

constexpr std::array<std::string_view, {count}> kMigrations{{
{literals}
}};

}}  // namespace

std::span<const std::string_view> migrations() {{ return kMigrations; }}

}}  // namespace qubes::mgmt
"""

LICENCE = "-- SPDX-License-Identifier: GPL-2.0-or-later\n"

# Most compilers take at least this much in one literal.
LONGEST_LITERAL = 65000


def check_names(files):
    """The n-th script is called by n: none is missing, none is there twice."""
    for number, file in enumerate(files, start=1):
        if not re.fullmatch(rf"{number:04}-[a-z0-9-]+\.sql", file.name):
            sys.exit(f"{file}: the name of script {number} must be {number:04}-WORDS.sql")


def literal(file):
    text = file.read_text(encoding="utf-8")
    if ')sql"' in text or len(text.encode()) > LONGEST_LITERAL:
        sys.exit(f"{file}: does not fit into one string literal")
    return f'    std::string_view{{R"sql({text})sql"}},'


def current(files):
    """The statements that would make the schema of the newest version at once."""
    store = sqlite3.connect(":memory:")
    for file in files:
        try:
            store.executescript(file.read_text(encoding="utf-8"))
        except sqlite3.Error as error:
            sys.exit(f"{file}: {error}")
    rows = store.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
    return LICENCE + "".join(f"{sql};\n" for (sql,) in rows)


def main(source, schema, *names):
    files = sorted((pathlib.Path(name) for name in names), key=lambda file: file.name)
    check_names(files)
    literals = "\n".join(literal(file) for file in files)
    pathlib.Path(schema).write_text(current(files), encoding="utf-8")
    pathlib.Path(source).write_text(SOURCE.format(count=len(files), literals=literals),
                                    encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])

# SPDX-License-Identifier: GPL-3.0-or-later
# The three stale bars, for programs and for people, and as an error under --strict.
"$ABNORM" quotes data/quotes
"$ABNORM" quotes data/quotes --summary --quiet
"$ABNORM" quotes data/quotes --format text
"$ABNORM" quotes data/quotes --strict --quiet >/dev/null

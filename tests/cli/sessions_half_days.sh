# SPDX-License-Identifier: GPL-3.0-or-later
# A week with a half day, three holidays and a weekend; then summer time's first days.
"$ABNORM" sessions XHKG 2025-01-27 2025-02-04
"$ABNORM" sessions nyse 2026-03-05 2026-03-10
"$ABNORM" sessions XNYS 2019-12-24 2019-12-25

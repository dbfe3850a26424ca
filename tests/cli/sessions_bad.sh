# SPDX-License-Identifier: GPL-3.0-or-later
"$ABNORM" sessions XABC 2025-01-27 2025-02-04
"$ABNORM" sessions XHKG 2025-02-30 2025-03-04
"$ABNORM" sessions XHKG 2025-03-04 2025-03-01

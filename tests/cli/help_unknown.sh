# SPDX-License-Identifier: GPL-3.0-or-later
# A mistyped command or option names the nearest right one.
$ABNORM hlp
echo "exit $?"
$ABNORM help --fromat csv
echo "exit $?"
$ABNORM help --digits x
echo "exit $?"
$ABNORM help a b
echo "exit $?"
$ABNORM --version

# SPDX-License-Identifier: GPL-3.0-or-later
# What is wrong with a call is said before anybody is asked.
unset ABNORM_TIINGO_KEY
try() { "$ABNORM" fetch "$@"; echo "code $?"; }
try AAPL
try --provider yahoo
try AAPL --provider yaho
try AAPL --provider yahoo --from 2025-02-01 --to 2025-01-01
try AAPL --provider yahoo --pace -1
try AAPL --provider tiingo
try AAPL --provider yahoo --base-url 127.0.0.1
try ../AAPL --provider yahoo -o "$WORK/q"
try --news http://127.0.0.1:1/feed
printf 'tiingo=two words\n' >"$WORK/keys"
chmod 600 "$WORK/keys"
try AAPL --provider tiingo --keys "$WORK/keys"
try AAPL --provider tiingo --keys "$WORK/none"
try --list --format csv
ls "$WORK"

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Each fault of network and provider: a clear message, the right exit code, the old file untouched.
. tests/tools/serve.sh
TIMEOUT=10
NOW=2025-03-14T22:00:00-04:00
KEY=a-key-of-a-test/+%
export ABNORM_TIINGO_KEY="$KEY" ABNORM_ALPHAVANTAGE_KEY="$KEY" ABNORM_EODHD_KEY="$KEY" ABNORM_STOOQ_KEY="$KEY"

fetch() { "$ABNORM" fetch AAPL --pace 0 --retry .02 --timeout $TIMEOUT --now $NOW "$@" >"$W/out" 2>"$W/err"; }
"$ABNORM" fetch AAPL -p yahoo --base-url $S/good -o "$W/old" --pace 0 --now 2025-03-01T00:00:00Z >"$W/out" 2>"$W/err"
ok "a first file" test -s "$W/old/AAPL.csv"
old=$(cat "$W/old/AAPL.csv" "$W/old/AAPL.json" | sha256sum)

judge() { # wanted code, wanted words, code
    [ "$3" = "$1" ] || { echo "exit code $3, not $1"; return 1; }
    grep -qe "$2" "$W/err" || { echo "no \"$2\" in:"; return 1; }
    [ "$(grep -c . "$W/err")" -le 2 ] || { echo "more than two lines"; return 1; }
    ! grep -qF "$KEY" "$W/err" "$W/out" || { echo "the key shows"; return 1; }
}
harmless() {
    [ "$(cat "$W/new/AAPL.csv" "$W/new/AAPL.json" | sha256sum)" = "$old" ] || { echo "the old file changed"; return 1; }
    left=$(find "$W/new" -name '*.??????' ! -name .abnorm.fetch | grep -v abnorm.lock)
    [ -z "$left" ] || { echo "left: $left"; return 1; }
}
bad() { # scene, code, words
    rm -rf "$W/new" && cp -r "$W/old" "$W/new"
    fetch -p yahoo --base-url "${4:-$S/$1}" -o "$W/new" $5
    code=$?
    ok "$1: exit code and message" judge "$2" "$3" $code
    ok "$1: old file untouched" harmless
}
fine() { # scene, rows
    rm -rf "$W/new"
    fetch -p yahoo --base-url $S/$1 -o "$W/new"
    ok "$1: all rows" [ "$(grep -c '^20' "$W/new/AAPL.csv")" = "$2" ]
}
bad later 75 'HTTP 429.*Too Many Requests.*come back in 3600 s'
bad broken 69 'HTTP 503.*Will be right back'
TIMEOUT=.2
bad silent 69 'too long.*tried 3 times'
bad drip 69 'too long.*tried 3 times'
TIMEOUT=10
bad cut 69 'cut short'
bad long 69 'cut short'
bad chunks-cut 69 'cut short'
bad short 65 'damaged JSON'
bad gzip-damaged 65 'compression is damaged'
bad bomb 65 'larger than 32 MB'
bad huge 65 'larger than 32 MB'
bad huge-stated 65 'larger than 32 MB'
bad loop 69 'too many redirects'
bad file 69 'redirect to an address that is not allowed'
for scheme in ftp gopher dict smb; do bad $scheme 69 'redirect to an address that is not allowed'; done
bad html 65 'web page instead of data, titled: Before you go on'
bad deep 65 'damaged JSON.*depth'
bad deep-object 65 'damaged JSON.*depth'
bad empty 65 'without data'
bad garbage 65 'AAPL: the provider says'
bad escapes 65 'says: ?\[31mred? and much'
bad reset 69 'connection broke'
bad unknown 66 'No data found here, it may be delisted'
bad quota 75 'Too Many Requests'
bad badkey 77 'Invalid Crumb'
bad "no server" 69 'cannot connect' http://127.0.0.1:1
bad "not an address" 64 'expected http' gopher://127.0.0.1
bad "password in an address" 64 'must not carry' http://me:secret@127.0.0.1
bad "unknown authority" 69 'certificate does not verify' https://127.0.0.1:$https/good
bad "self-signed" 69 'certificate does not verify' https://127.0.0.1:$selfsigned/good "--ca-file $W/ca.pem"
bad "another host's certificate" 69 'certificate does not verify' https://127.0.0.1:$otherhost/good "--ca-file $W/ca.pem"
bad "no such authority file" 66 'trusted certificates' https://127.0.0.1:$https/good "--ca-file $W/none.pem"

for scene in gzip chunked moved flaky busy-once nan weekend; do fine $scene 314; done
fetch -p yahoo --base-url https://127.0.0.1:$https/good --ca-file "$W/ca.pem" -o "$W/tls"
ok "https with its authority" cmp "$W/tls/AAPL.csv" "$W/new/AAPL.csv"

http_proxy=http://127.0.0.1:1 fetch -p yahoo --base-url $S/good
code=$?
ok "through a proxy where there is one" judge 69 'cannot connect' $code
http_proxy=http://127.0.0.1:1 no_proxy=127.0.0.1 fetch -p yahoo --base-url $S/good
code=$?
ok "past it where it says so" [ $code = 0 ]

# Each provider's own words; a key that an answer repeats is struck out.
says() { # provider, scene, code, words
    fetch -p $1 --base-url $S/$2
    code=$?
    ok "$1 $2" judge $3 "$4" $code
}
says stooq unknown 66 'says: No data'
says stooq quota 75 'Exceeded the daily hits limit'
says stooq badkey 77 'Get your apikey first'
says alphavantage unknown 66 'Invalid API call'
says alphavantage quota 75 'Key \**: the rate limit is 25'
says alphavantage badkey 77 'is invalid (\**)'
says tiingo unknown 66 'Not found'
says tiingo quota 75 'run over your lookups'
says tiingo badkey 77 'Invalid token \**'
says eodhd unknown 66 'Ticker Not Found'
says eodhd quota 75 'HTTP 402.*exceeded your daily limit'
says eodhd badkey 77 'Unauthenticated'
says fred unknown 66 'web page'
says french unknown 66 'HTTP 404'
for p in stooq alphavantage tiingo eodhd fred french; do says $p html $([ $p = fred ] && echo 66 || echo 65) 'web page instead of data'; done
says stooq short 65 'middle of a row'
says fred cut 69 'cut short'
says french short 65 'zip'
# A key stays with whom it is for.
fetch -p tiingo --base-url $S/elsewhere --ca-file "$W/ca.pem"
ok "a redirect to another origin is followed" [ "$(grep -c ^AAPL, "$W/out")" = 314 ]
fetch -p tiingo --base-url https://127.0.0.1:$https/elsewhere --ca-file "$W/ca.pem"
code=$?
ok "but not out of TLS with a key" judge 69 'not allowed' $code
fetch -p yahoo --base-url https://127.0.0.1:$https/elsewhere --ca-file "$W/ca.pem"
ok "without a key it is" [ "$(grep -c ^AAPL, "$W/out")" = 314 ]
python3 -c "import urllib.request as u; print(u.urlopen('$S/log').read().decode(), end='')" >"$W/log"
ok "the key went to the first origin" [ "$(grep '/elsewhere/tiingo' "$W/log" | grep -c "Token $KEY")" = 2 ]
ok "and to no other" [ "$(grep '/landed/tiingo' "$W/log" | grep -c '"authorization": null')" = 1 ]
fetch -p tiingo --base-url http://quotes.invalid
code=$?
ok "no key over plain http" judge 64 'only sent over https' $code
for host in 127.0.0.1.quotes.invalid 127.quotes.invalid localhost.quotes.invalid; do
    fetch -p tiingo --base-url http://$host
    code=$?
    ok "nor to $host" judge 64 'only sent over https' $code
done
unset ABNORM_TIINGO_KEY
fetch -p tiingo --base-url $S/good
code=$?
ok "no key" judge 77 'set ABNORM_TIINGO_KEY' $code
echo "1..$n"

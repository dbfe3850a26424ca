#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What a fetch does to its folder: updates, corrections, restated histories, sessions under way,
# runs that were stopped, two at once; and how it behaves towards the server.
. tests/tools/serve.sh
LATE=2025-03-14T22:00:00-04:00
fetch() { "$ABNORM" fetch --pace 0 --retry .02 "$@" >"$W/out" 2>"$W/err"; }
asked() { curl_log | grep -c "$1"; } # requests whose path holds $1
curl_log() { python3 -c "import urllib.request as u; print(u.urlopen('$S/log').read().decode(), end='')"; }
last() { tail -n 1 "$1" | cut -d, -f1; }
field() { # file, date, column number
    grep "^$2," "$1" | cut -d, -f"$3"
}

# A session under way is not stored; 15 minutes after its close it is.
fetch AAPL -p yahoo --base-url $S/live -o "$W/a" --now 2025-03-14T15:00:00-04:00
ok "no bar of the open session" [ "$(last "$W/a/AAPL.csv")" = 2025-03-13 ]
fetch AAPL -p yahoo --base-url $S/live -o "$W/a" --now 2025-03-14T16:05:00-04:00
ok "nor before it is final" [ "$(last "$W/a/AAPL.csv")" = 2025-03-13 ]
fetch AAPL -p yahoo --base-url $S/live -o "$W/a" --now 2025-03-14T16:20:00-04:00
ok "the bar of the closed session" [ "$(last "$W/a/AAPL.csv")" = 2025-03-14 ]
ok "of two bars of a day the first" [ "$(field "$W/a/AAPL.csv" 2025-03-14 5)" = 56.25 ]
fetch 7203.T -p yahoo --base-url $S/live --now 2025-03-14T15:00:00-04:00 -o "$W/a"
ok "without a calendar the answer tells the session" [ "$(last "$W/a/7203.T.csv")" = 2025-03-13 ]
fetch AAPL -p tiingo --base-url $S/good --now $LATE -o "$W/t0"
ok "no key, no file" [ ! -e "$W/t0" ]

# Up to date from the end; corrections are taken over and told.
fetch AAPL -p yahoo --base-url $S/good -o "$W/b" --now 2025-03-01T12:00:00Z
fetch AAPL -p yahoo --base-url $S/corrected -o "$W/b" --now $LATE
ok "ten rows more" grep -q '^AAPL,yahoo,done,314,10,' "$W/out"
ok "only the end was asked for" [ "$(asked 'corrected/.*period1=173[0-9]*')" = 1 ]
ok "no correction where there was none" [ ! -s "$W/err" ]
fetch AAPL -p yahoo --base-url $S/good -o "$W/b" --now $LATE
ok "a correction is taken over" [ "$(field "$W/b/AAPL.csv" 2025-03-05 5)" = 74.475 ]
ok "and told" grep -q 'AAPL.csv: 2025-03-05 close: 74.725 is now 74.475' "$W/err"
ok "and counted" grep -q ',done,314,0,1,' "$W/out"
cp "$W/b/AAPL.csv" "$W/before"
fetch AAPL -p yahoo --base-url $S/good -o "$W/b" --now $LATE
ok "nothing new, nothing changed" cmp "$W/before" "$W/b/AAPL.csv"
fetch AAPL -p yahoo --base-url $S/nulls -o "$W/b" --now $LATE
ok "null rows take nothing away" cmp "$W/before" "$W/b/AAPL.csv"
fetch AAPL -p yahoo --base-url $S/good --from 2025-03-01 -o "$W/c" --now $LATE
fetch AAPL -p yahoo --base-url $S/good --from 2024-06-03 -o "$W/c" --now $LATE
ok "an earlier --from is asked for" grep -q '^2024-06-03,' "$W/c/AAPL.csv"
ok "and no more" [ "$(grep -c '^2024-0[1-5]' "$W/c/AAPL.csv")" = 0 ]
fetch AAPL -p yahoo --base-url $S/good --to 2024-12-31 --now $LATE -o "$W/c2"
ok "--to is the last day" [ "$(last "$W/c2/AAPL.csv")" = 2024-12-31 ]

# A split: the old rows no longer fit, so everything is asked for.
fetch AAPL -p yahoo --base-url $S/split -o "$W/b" --now $LATE
ok "restated prices are taken as a whole" [ "$(field "$W/b/AAPL.csv" 2024-01-02 5)" = 16.54375 ]
ok "and told in one line" [ "$(grep -c . "$W/err")" = 1 ]
ok "as restated" grep -q 'restated after a split or dividend: the whole history from 2024-01-02' "$W/err"
ok "asked twice for it" [ "$(asked '/split/v8')" = 2 ]
ok "the dividend is kept" grep -qx 'AAPL,2025-03-11,0.5,USD' "$W/b/actions/dividends.csv"
ok "and the split" grep -qx 'AAPL,2025-03-10,4' "$W/b/actions/splits.csv"
export ABNORM_TIINGO_KEY=k1234567
fetch AAPL BABA -p tiingo --base-url $S/split -o "$W/t" --now $LATE
ok "the split beside raw prices" grep -qx 'AAPL,2025-03-10,4' "$W/t/actions/splits.csv"
ok "of each symbol" [ "$(grep -c , "$W/t/actions/splits.csv")" = 3 ]

# What fetch keeps, a study uses: prices that show the split already, prices that do not, and the dividend of both.
printf 'event_id,symbol,event_date\ne,AAPL,2025-03-10\n' >"$W/events.csv"
for at in b t; do
    "$ABNORM" study --events "$W/events.csv" --quotes "$W/$at" --model mean --tests car_t --digits 6 --event-window 0:1 -o "$W/$at.study" >"$W/out" 2>"$W/err"
    ok "the actions of $at are told" [ "$(grep -c "$at/actions/.*of these quotes" "$W/err")" = 2 ]
    ok "and in the returns" python3 -c '
import csv, sys
price = {r["date"]: float(r["close"]) for r in csv.DictReader(open(sys.argv[1] + "/AAPL.csv"))}
got = {r["date"]: float(r["return"]) for r in csv.DictReader(open(sys.argv[1] + ".study/returns.csv"))}
days = sorted(price)
at = days.index("2025-03-10")
before, split, paid = (price[d] for d in days[at - 1:at + 2])
whole = 4 if split / before < .5 else 1
assert abs(got["2025-03-10"] - (split * whole / before - 1)) < 1e-5, got
assert abs(got["2025-03-11"] - ((paid + .5) / split - 1)) < 1e-5, got' "$W/$at"
done
ok "the key travels in its header" [ "$(curl_log | grep -c '"authorization": "Token k1234567"')" = 2 ]

# A row that someone cut short stays as it is, and nothing leaks.
cp -r "$W/t" "$W/t2"
printf 'ZZZZ\nZZZZ,2024-01-02\n' >>"$W/t2/actions/splits.csv"
fetch AAPL -p tiingo --base-url $S/split -o "$W/t2" --now $LATE
code=$?
ok "actions that are cut short stay beside new ones" [ "$code:$(grep -c '^ZZZZ,' "$W/t2/actions/splits.csv"):$(grep -c '^AAPL,2025-03-10,4$' "$W/t2/actions/splits.csv")" = 0:2:1 ]
ok "and is in no file" [ -z "$(grep -rl k1234567 "$W/t")" ]
ok "the record names the provider" grep -q '"provider": "tiingo"' "$W/t/AAPL.json"
ok "and the file's hash" grep -q "$(sha256sum <"$W/t/AAPL.csv" | cut -d' ' -f1)" "$W/t/AAPL.json"
unset ABNORM_TIINGO_KEY
printf '# keys\nalphavantage = avkey9999\nstooq: x\n' >"$W/keys"
chmod 600 "$W/keys"
fetch AAPL -p alphavantage --base-url $S/good --keys "$W/keys" -o "$W/av" --now $LATE
ok "a key from a file" [ "$(asked 'apikey=avkey9999')" = 1 ]
ok "a hundred sessions" [ "$(grep -c '^20' "$W/av/AAPL.csv")" = 100 ]
ok "and in no record" [ -z "$(grep -rl avkey9999 "$W/av")" ]
fetch us3 -p french --base-url $S/good --from 2024-02-01 -o "$W/f" --now $LATE
ok "factors as decimals" [ "$(head -n 2 "$W/f/us3.csv" | tail -n 1)" = 2024-02-01,-0.002,0,0,0.0002 ]
fetch us3 -p french --base-url $S/good -o "$W/f2" --now $LATE
ok "a missing factor is empty" grep -qx '2024-01-08,0.001,0.0002,,0.0002' "$W/f2/us3.csv"
ok "the first table alone" [ "$(grep -c '^20' "$W/f2/us3.csv")" = 314 ]
fetch SP500 -p fred --base-url $S/good -o "$W/f" --now $LATE
ok "days without a value are no rows" [ -z "$(grep 2024-01-05 "$W/f/SP500.csv")" ]

# A file of another hand: checked as a whole, refused where it cannot be joined.
mkdir "$W/d"
printf 'Date,Close,Volume\n2025-03-13,58.275,1\n2025-03-14,1x,2\n' >"$W/d/AAPL.csv"
fetch AAPL -p yahoo --base-url $S/good -o "$W/d" --now $LATE
ok "a damaged file is told with its place" grep -q 'd/AAPL.csv:3:12: bad number "1x"' "$W/err"
ok "and not touched" grep -q 1x "$W/d/AAPL.csv"
printf 'Date,Close,Note\n2025-03-13,58.275,7\n2025-03-14,56.25,8\n' >"$W/d/AAPL.csv"
fetch AAPL -p yahoo --base-url $S/good -o "$W/d" --now $LATE
ok "columns of another hand stay" [ "$(last "$W/d/AAPL.csv"),$(tail -n 1 "$W/d/AAPL.csv" | cut -d, -f8)" = 2025-03-14,8 ]
printf 'date,close\n2023-12-28,100\n2025-03-13,58.275\n2025-03-14,200\n2025-03-12,300\n' >"$W/d/AAPL.csv"
cp "$W/d/AAPL.csv" "$W/before"
rm "$W/d/AAPL.json"
fetch AAPL -p yahoo --base-url $S/good -o "$W/d" --now $LATE
code=$?
ok "rows that would not fit are refused" [ $code = 65 ]
ok "and stay" cmp "$W/before" "$W/d/AAPL.csv"
fetch AAPL -p yahoo --base-url $S/good -o "$W/d" --now $LATE --refresh
ok "--refresh replaces" [ "$(sed -n 2p "$W/d/AAPL.csv" | cut -d, -f1)" = 2024-01-02 ]

# Several at once, one of them unknown or none.
fetch AAPL ../x -p yahoo --base-url $S/good -o "$W/e" --now $LATE
code=$?
ok "a symbol is no path" [ $code = 64 ]
fetch A B C -p yahoo --base-url $S/good -o "$W/e" --now $LATE
printf 'date,close\n2025-03-13,1x\n' >"$W/e/B.csv"
fetch A B C -p yahoo --base-url $S/good -o "$W/e" --now $LATE
code=$?
ok "what works is written, code 65" [ $code = 65 ]
ok "each in its row" [ "$(cut -d, -f1,3 "$W/out" | tr '\n' ' ')" = "symbol,status A,done B,failed C,done " ]
fetch A B C D -p stooq --base-url $S/quota --at-once 1 -o "$W/g" --now $LATE
code=$?
ok "a quota ends it" [ $code = 75 ]
ok "nothing more is asked" [ "$(asked '/quota/q/d/l')" = 1 ]

# A stopped run is taken up: what its journal holds is not asked for again.
fetch A B C -p yahoo --base-url $S/good -o "$W/h" --now $LATE
printf '%s yahoo :\nA\nB\nC' "$(date -u -d "$LATE" +%s)" >"$W/h/.abnorm.fetch"
fetch A B C -p yahoo --base-url $S/moved -o "$W/h" --now $LATE
ok "done symbols are kept" [ "$(cut -d, -f1,3 "$W/out" | tr '\n' ' ')" = "symbol,status A,kept B,kept C,done " ]
ok "and not asked for" [ "$(asked '/moved/')" = 1 ]
ok "the journal is gone" [ ! -e "$W/h/.abnorm.fetch" ]

# A feed's articles, each once; an entry stands for a page that cannot be had.
fetch --news $S/feed -o "$W/n"
ok "three articles" [ "$(ls "$W/n" | grep -c '^[0-9a-f]\{16\}\.html$')" = 3 ]
fetch --news $S/feed -o "$W/n"
ok "known the second time" [ "$(grep -c ',known,' "$W/out")" = 3 ]
ok "and not asked for" [ "$(asked '"/article/[123]"')" = 3 ]
fetch --news $S/atom -o "$W/n"
ok "a page, two entries" [ "$(cut -d, -f2 "$W/out" | tr '\n' ' ')" = "status new entry entry " ]
ok "an address with its ampersand" [ "$(asked 'article/2?a=1&b=2')" = 1 ]
ok "the same page is one file" [ "$(ls "$W/n" | wc -l)" = 5 ]
ok "an entry keeps its instant" grep -qs '<published>2025-03-04T10:00:00-05:00<' "$W"/n/*.xml
ok "and its text" grep -qs 'A &amp;lt; B fell 3 percent' "$W"/n/*.xml
ok "the failure is told" grep -q 'later/v8.*too many requests' "$W/err"

# The commands that read documents read addresses too.
"$ABNORM" extract "$S/article/3" "$S/later/4" -o "$W/x" >"$W/out" 2>"$W/err"
code=$?
ok "a page that fails beside one that does not" [ $code = 65 ]
ok "the page is dated" grep -q '^3,en,Move 3,2025-03-03,metadata,' "$W/x/documents.csv"
SSL_CERT_FILE=$W/ca.pem "$ABNORM" extract "https://127.0.0.1:$https/feed" -o "$W/y" >"$W/out" 2>"$W/err"
ok "a feed over https" [ "$(grep -c '^feed#' "$W/y/documents.csv")" = 3 ]
"$ABNORM" extract "https://127.0.0.1:$https/feed" -o "$W/z" >"$W/out" 2>"$W/err"
code=$?
ok "never from whom nobody vouches for" [ $code = 69 ]

# Manners.
ok "an honest name" [ "$(curl_log | grep -vc '"agent": "\(abnorm/[0-9.]*\|Python.*\)"')" = 0 ]
"$ABNORM" fetch A B C -p yahoo --base-url $S/good/pace --pace .3 --now $LATE >"$W/out" 2>"$W/err"
gaps=$(curl_log | python3 -c '
import json, sys
at = [e["at"] for e in map(json.loads, sys.stdin) if "/pace/" in e["path"]]
print(len(at), min(b - a for a, b in zip(at, at[1:])) > .28)')
ok "a host is paced" [ "$gaps" = "3 True" ]
begin=$(date +%s%N)
fetch $(seq -f S%.0f 20) -p yahoo --base-url $S/wait -o "$W/i" --now $LATE
ms=$((($(date +%s%N) - begin) / 1000000))
echo "# 20 symbols from a server that takes 200 ms: $ms ms"
ok "20 slow symbols come at once" [ $ms -lt 2500 ]
ok "all of them" [ "$(ls "$W/i" | grep -c csv)" = 20 ]
echo "1..$n"

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The first study, on the five originals where they are: what the texts claim, when they were written, what was announced,
# and which session met it first.
shared=$(sh tests/tools/shared.sh)
[ -n "$shared" ] || { echo "1..0 # SKIP no shared reference material"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0
sed "s|\"texts\"|\"$shared/seeds\"|; s|\"\.\./data|\"$PWD/data|g" seeds/study.json >"$work/study.json"
"$BUILD/abnorm" run -q --no-pictures "$work/study.json" -o "$work/out" >"$work/said" 2>&1
[ $? -eq 0 ] || { echo "Bail out! $(tail -n 1 "$work/said")"; exit 1; }
# A row as the values of some columns, joined by '|'.
rows() { # table, columns...
    table=$1
    shift
    python3 - "$work/out/$table.csv" "$@" <<'P'
import csv, sys
for r in csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8")):
    print("|".join(r[c][:3] if c == "doc" else r[c] for c in sys.argv[2:]))
P
}
has() { # name, file, line pattern
    n=$((n + 1))
    if grep -qE "$3" "$work/$2"; then echo "ok $n - $1"; else
        echo "not ok $n - $1"
        sed 's/^/# /' "$work/$2" | head -n 20
    fi
}
hasnt() {
    n=$((n + 1))
    if grep -qE "$3" "$work/$2"; then echo "not ok $n - $1: $(grep -E "$3" "$work/$2" | head -n 1)"; else echo "ok $n - $1"; fi
}
rows claims doc symbol kind pct level session extreme verdict actual_pct actual_level >"$work/claims"
rows documents doc published published_basis >"$work/documents"
rows events event_id announced_on precision type status symbols confirms >"$work/events"
rows alignment event_id symbol first_session >"$work/alignment"
rows cars event_id symbol window_from window_to car t >"$work/cars"

has "000: Hong Kong close" claims '^000\|9988\.HK\|close\|8\.48\|[^|]*\|2025-02-12\|\|confirmed\|8\.484'
has "000: Apple close the day before" claims '^000\|AAPL\|close\|2\.18\|[^|]*\|2025-02-11\|\|confirmed\|2\.183[^|]*\|232\.62'
has "000: Apple before the bell" claims '^000\|AAPL\|premarket\|0\.09\|232\.84\|2025-02-12\|\|untestable'
has "000: highest since September is contradicted" claims '^000\|9988\.HK\|[a-z]*\|\|\|2025-02-12\|high\|contradicted'
has "000: year to date is contradicted" claims '^000\|9988\.HK\|ytd\|36\|[^|]*\|[^|]*\|\|contradicted\|3[78]\.'
has "002: Apple's response" claims '^002\|AAPL\|intraday\|1\.5\|[^|]*\|2025-02-11\|\|confirmed'
has "002: Alibaba's response" claims '^002\|BABA\|intraday\|2\.6\|[^|]*\|2025-02-11\|\|confirmed'
has "003: the percent decides between two days" claims '^003\|9988\.HK\|[a-z]*\|9\.2\|124\.3\|2025-02-13\|\|confirmed'
has "003: highest since 2022 is untestable on these quotes" claims '^003\|9988\.HK\|[a-z]*\|\|[^|]*\|[^|]*\|high\|untestable'
hasnt "no claim of iPhone sales, revenue or models" claims '^...\|[^|]*\|[a-z]*\|-?(11|16|4|185\.1|2\.5)\|'
has "000 is dated by its claims" documents '^000\|2025-02-12\|claims'
has "002 is dated by the event" documents '^002\|2025-02-1[12]\|event'
has "003 is dated by its claims" documents '^003\|2025-02-13\|claims'
has "the report" events '^[^|]*\|2025-02-11\|(day|instant)\|partnership\|reported\|.*BABA'
has "the confirmation, of the report" events '^[^|]*\|2025-02-13\|(day|instant)\|partnership\|confirmed\|[^|]*\|partnership-2025-02-11'
has "a conference to come" events '^[^|]*\|2025-03-25\|day\|[a-z]*\|scheduled'
has "a launch to come" events '^[^|]*\|2025-04-01\|month\|[a-z]*\|scheduled'
has "a filing without a day" events '^[^|]*\|\|[a-z]*\|regulatory'
for symbol in AAPL BABA; do
    has "the report met $symbol on the 11th" alignment "^partnership-2025-02-11\|$symbol\|2025-02-11"
done
has "the report met Hong Kong on the 12th" alignment '^partnership-2025-02-11\|9988\.HK\|2025-02-12'
for symbol in AAPL BABA 9988.HK; do
    has "the confirmation met $symbol on the 13th" alignment "^partnership-2025-02-13\|$symbol\|2025-02-13"
done
has "Apple moved 2.1 % beyond its market" cars '^partnership-2025-02-11\|AAPL\|0\|0\|0\.021[0-9]*\|1\.6'
has "Alibaba in New York 1.2 %" cars '^partnership-2025-02-11\|BABA\|0\|0\|0\.012[0-9]*\|0?\.5'
has "Alibaba in Hong Kong 5.3 %" cars '^partnership-2025-02-11\|9988\.HK\|0\|0\|0\.05[23][0-9]*\|[34]\.'
"$BUILD/abnorm" extract -q -o "$work/out" --quotes data/quotes "$shared"/seeds/002*.txt >/dev/null 2>&1
rows documents doc published >"$work/alone"
has "002 alone is not dated" alone '^002\|$'
if [ -d "$shared/quotes" ]; then
    "$BUILD/abnorm" extract -q -o "$work/out" --quotes "$shared/quotes" "$shared"/seeds/003*.txt >/dev/null 2>&1
    rows claims doc symbol extreme verdict >"$work/longer"
    has "003: highest since 2022 is confirmed on longer quotes" longer '^003\|9988\.HK\|high\|confirmed'
fi
echo "1..$n"

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Write the inputs that fuzzing starts from. usage: seeds.sh FOLDER
out=$1
[ -d "$out" ] && exit 0
seed() { # target, name: stdin becomes a seed
    mkdir -p "$out/$1"
    cat >"$out/$1/$2"
}
strings() { # target, prefix, file: each C string of a test becomes a seed
    mkdir -p "$out/$1"
    SEED=$out/$1/$2 perl -0777 -ne 'my ($dir, $n) = ($ENV{SEED}, 0);
        s/"\s*\n\s*"//g;
        while (/"((?:[^"\\]|\\.)*)"/g) {
            my $text = $1;
            next if length $text < 8;
            $text =~ s/\\x([0-9A-Fa-f]{1,2})/chr hex $1/ge;
            $text =~ s/\\n/\n/g; $text =~ s/\\r/\r/g; $text =~ s/\\t/\t/g; $text =~ s/\\0/\0/g; $text =~ s/\\(.)/$1/g;
            open my $file, ">", $dir . $n++ or die; print $file $text; close $file;
        }' "$3"
}
strings text t tests/unit/test_document.c
strings html h tests/unit/test_document_html.c
strings feed f tests/unit/test_document_html.c
strings dates d tests/unit/test_document_stamp.c
strings timex x tests/unit/test_document.c
for test in tests/unit/test_timex*.c; do [ -f "$test" ] && strings timex "$(basename "$test")" "$test"; done
for test in tests/unit/test_provider*.c; do [ -f "$test" ] && strings provider p "$test"; done
strings study_file s tests/unit/test_study_file.c
strings number n tests/unit/test_base.c

for test in tests/unit/test_claim*.c; do [ -f "$test" ] && strings claims "$(basename "$test")" "$test"; done
for test in tests/unit/test_dat*.c tests/unit/test_extract*.c tests/unit/test_claim*.c; do
    [ -f "$test" ] && strings extract "$(basename "$test")" "$test"
done
for test in tests/unit/test_event*.c; do [ -f "$test" ] && strings events "$(basename "$test")" "$test"; done

seed html page <<'EOF'
<!DOCTYPE html><html lang="de-AT"><head><meta charset="iso-8859-1"><title>A - B</title>
<script type="application/ld+json">{"@graph":[{"@type":["NewsArticle"],"datePublished":"2025-02-11T09:21:00-05:00",
"headline":"x","author":{"@type":"Person"}}]}</script><meta property="article:published_time" content="2025-02-11">
<link rel="canonical" href="https://a.example/2025/02/11/b"></head><body><nav><a href=/>Start</a></nav><article><h1>Aktie
steigt</h1><time class="published" datetime="2025-02-11T09:21:00Z">11. Februar 2025</time><div itemprop="articleBody"><p>Die
Aktie gewann 3&nbsp;% auf 232,62 Dollar<br>und schloss.</p></div></article><div class="comments">x</div></body></html>
EOF
seed feed rss <<'EOF'
<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="c" xmlns:dc="d"><channel><title>F</title>
<language>fr</language><item><title>A &amp; B</title><pubDate>Tue, 11 Feb 2025 09:21:00 EST</pubDate><dc:date>2025-02-11</dc:date>
<description>x</description><content:encoded><![CDATA[<p>Le titre gagne 3 %.</p>]]></content:encoded></item></channel></rss>
EOF
seed feed atom <<'EOF'
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><entry><title type="html">&lt;b&gt;x</title><published>2025-02-11T09:00:00Z
</published><updated>2025-02-12T09:00:00Z</updated><content type="xhtml"><div><p>y</p></div></content></entry></feed>
EOF
seed claims en <<'EOF'
@Apple shares closed up 2.18% at $232.62 on Tuesday, their highest since January, after The Information reported that it chose
Alibaba. Alibaba's Hong Kong-listed shares rose as much as 9.2% to HK$124.3 and its ADRs 1.3%, respectively.
EOF
seed claims fr <<'EOF'
ALe titre Apple a gagné 2,18 % à 232,62 dollars mardi. À Hong Kong, Alibaba s'envole de 8,5 %, au plus haut depuis octobre 2024.
EOF
seed claims de <<'EOF'
BDie Apple-Aktie legte am Dienstag um 2,18 Prozent auf 232,62 US-Dollar zu. Alibaba gewann in Hongkong gut acht Prozent.
EOF
seed extract two <<'EOF'
Apple jumps
Published: February 12, 2025
Apple shares closed up 2.18% at $232.62 on Tuesday.
EOF
seed events own <<'EOF'
event_id,symbol,event_date,type
e1,AAPL,2025-02-11,partnership
e2,BABA,2025-02-11T09:21:00-05:00,earnings
EOF
seed events extracted <<'EOF'
event_id,announced_at,announced_on,precision,type,status,companies,symbols,documents,confidence,confirms,evidence
e1,,2025-02-11,day,partnership,reported,Alibaba;Apple,AAPL;BABA;9988.HK,a;b,0.9,,x
EOF
printf '1;A;M;12.02.2025;g;-5;5;-11;120\n' | seed events request
printf 'date,mkt_rf,smb,hml,rf\n2025-02-11,0.1,0.2,-0.3,0.01\n2025-02-12,0.1,0.2,-0.3,0.01\n' | seed factors own
printf 'x\n\n,Mkt-RF,SMB,HML,RF\n20250211,0.10,0.20,-0.30,0.01\n\n Annual\n' | seed factors french
seed csv quoted <<'EOF'
date,"name ""x""",close
2025-02-11,"a
b",232.62
EOF
seed quotes long <<'EOF'
symbol,date,open,high,low,close,volume
AAPL,2025-02-10,229.57,230.59,227.2,227.65,33115600
AAPL,2025-02-11,228.2,235.23,228.13,232.62,53718400
EOF
seed quotes wide <<'EOF'
Date;AAPL;BABA
10.02.2025;227,65;111,32
11.02.2025;232,62;112,78
EOF
head -n 40 data/quotes/AAPL.csv | seed quotes own
printf '1;A;M;12.02.2025;g;-5;5;-11;120\n' | seed quotes request
for kind in dividends splits fx; do
    [ -f data/$kind.csv ] || continue
    { printf '%s' "$kind" | cut -c1 | tr 'dsf' '\060\061\062' | tr -d '\n'; head -n 12 data/$kind.csv; } | seed actions $kind
done
head -n 30 data/calendars.csv | seed calendar own
printf 'exchange,date,kind,local_time,reason\nXNYS,2018-07-03,early,13:00,x\n' | seed calendar user
head -n 12 data/listings.csv | seed listings own
printf 'EST5EDT,M3.2.0,M11.1.0' | seed dates new_york
printf '<+03>-3' | seed dates named
printf '2025-02-11T09:21:00-05:00' | seed dates instant
printf '{"documents":["a"],"quotes":"q","benchmark":{"XHKG":"^HSI"},"windows":[[0,1],"-1:1"],"seed":7}' | seed study_file all
printf 'symbol,close\nA,1\n' | gzip -n | seed zip gz
printf 'PK\003\004\024\000\000\000\000\000\000\000\000\000\303\104\202\122\005\000\000\000\005\000\000\000\005\000\000\000a.csvx,y\n1' |
    seed zip stored
for symbol in AAPL; do
    printf '\000{"chart":{"result":[{"meta":{"symbol":"AAPL","currency":"USD","gmtoffset":-18000},"timestamp":[1739284200],"indicators":{"quote":[{"open":[228.2],"high":[235.2],"low":[228.1],"close":[232.6],"volume":[53718400]}],"adjclose":[{"adjclose":[232.2]}]}}],"error":null}}' |
        seed provider chart
    printf '\001[{"date":"2025-02-11T00:00:00.000Z","close":232.6,"open":228.2}]' | seed provider rows
    printf '\002Date,Open,High,Low,Close,Volume\n2025-02-11,228.2,235.2,228.1,232.6,53718400\n' | seed provider table
done
# Result folders of a run and a scan, a few rows of each table; the letters are fuzz_folder.c's.
if [ -x "${ABNORM:-build/abnorm}" ]; then
    made=$(mktemp -d)
    "${ABNORM:-build/abnorm}" run -q --no-pictures seeds/study.json -o "$made/run" >/dev/null 2>&1
    "${ABNORM:-build/abnorm}" scan -q --quotes data/quotes --adjust none --level .02 --events "$made/run/events.csv" -o "$made/scan" >/dev/null 2>&1
    printf '{"command":"run","settings":{"model":"market"},"inputs":[{"path":"a","sha256":"b"}],"notes":["c"]}' >"$made/run/run.json"
    for folder in run scan; do
        for pair in i:events j:alignment k:cars l:tests m:models n:documents o:claims p:moves q:coincidence s:returns t:caar u:prices \
            v:estimation w:parity x:leadlag y:venues; do
            [ -f "$made/$folder/${pair#*:}.csv" ] && printf '%s%s\n\f' "${pair%:*}" "$(head -n 5 "$made/$folder/${pair#*:}.csv")"
        done >"$made/$folder.all"
        printf 'z%s' "$(head -c 2000 "$made/$folder/run.json")" >>"$made/$folder.all"
        seed folder "$folder" <"$made/$folder.all"
    done
    rm -rf "$made"
fi

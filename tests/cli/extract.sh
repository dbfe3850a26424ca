# SPDX-License-Identifier: GPL-3.0-or-later
# Two markets date a text, prices contradict one, and one move alone leaves its day open.
mkdir "$WORK/news"
cat >"$WORK/news/asia.txt" <<'END'
Alibaba surges in Hong Kong

Shares of Alibaba closed 8.5% higher in Hong Kong on Wednesday, at HK$113.80. In New York, Apple shares had ended Tuesday up 2.18% at $232.62.
END
cat >"$WORK/news/open.txt" <<'END'
Apple en hausse

Le titre Apple gagne 1,5 % en séance à New York.
END
cat >"$WORK/news/wrong.txt" <<'END'
Apple schließt höher

Die Apple-Aktie schloss am Donnerstag 4,1 Prozent höher bei 241,53 Dollar.
END
"$ABNORM" extract -q -o "$WORK/out" "$WORK/news"
cut -d, -f1,2,4,5 "$WORK/out/documents.csv"
cut -d, -f1-8,13-15 "$WORK/out/claims.csv"
cut -d, -f1-8 "$WORK/out/events.csv"
"$ABNORM" extract --published 2025-02-12 --format csv "$WORK/news/open.txt" | cut -d, -f1-8,13-15
"$ABNORM" extract --explain "$WORK/news/wrong.txt" | sed 's/0\.[0-9]\{3\}/P/g; s/[0-9.]* times/N times/'

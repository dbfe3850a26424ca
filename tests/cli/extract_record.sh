# SPDX-License-Identifier: GPL-3.0-or-later
# An extraction's run.json names every file that was read, with its digest; a folder without one is doubted.
mkdir "$WORK/texts"
cp seeds/texts/en-translated-brief.txt seeds/texts/de-kooperation.txt "$WORK/texts"
"$ABNORM" extract -q --quotes data/quotes/AAPL.csv -o "$WORK/out" "$WORK/texts" || exit
sed -n 's/^ *"path": "\(.*\)",$/\1/p' "$WORK/out/run.json" | sed "s|$WORK/||; s|.*/\(data/.*\)|\1|" | grep -v /lang/
grep -o lang/de/claims.csv "$WORK/out/run.json"
for text in "$WORK"/texts/*; do grep -c "$(sha256sum <"$text" | cut -c1-64)" "$WORK/out/run.json"; done
grep -E '"(command|quotes|explain)":' "$WORK/out/run.json"
rm "$WORK/out/run.json"
"$ABNORM" report "$WORK/out" 2>&1 | sed "s|$WORK/||"

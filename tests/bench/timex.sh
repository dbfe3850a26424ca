#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Megabytes that the tagger of times reads in a second of one core's time: news, and input made to hurt.
ABNORM=${BUILD:-build}/abnorm
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
MB=${1:-100}

fill() { # name, text: the text again and again, up to MB megabytes
    awk -v text="$2" -v mb="$MB" 'BEGIN { while (length(text) < 60000) text = text text
        n = int(mb * 1e6 / length(text)); for (i = 0; i < n; i++) printf "%s", text }' >"$WORK/$1"
}
measure() { # name, language
    bytes=$(wc -c <"$WORK/$1")
    times >"$WORK/before"
    "$ABNORM" timex --lang "$2" --published 2025-02-13 "$WORK/$1" >"$WORK/found"
    times >"$WORK/after"
    cat "$WORK/before" "$WORK/after" | awk -v bytes="$bytes" -v found="$(wc -l <"$WORK/found")" -v name="$1" '
        function seconds(t, p) { split(t, p, /[ms]/); return p[1] * 60 + p[2] }
        NR == 2 || NR == 4 { used = seconds($1) + seconds($2) - used }
        END { printf "%-12s %6.1f MB/s %9d times in %d MB\n", name, bytes / 1e6 / (used + 1e-9), found, bytes / 1e6 }'
    rm "$WORK/$1"
}

fill english 'Shares of the group rose 2.2% on Tuesday to $232.62, their highest close since October, after the company said that it would spend more on data centres in the second half of the year. Analysts had expected a fall, and the index of its peers was little changed for the third consecutive day. A spokesman did not respond to a request for comment.
'
measure english en
fill french "L'action a progressé de 2,2% mardi à 232,62 dollars, au plus haut depuis octobre, après que le groupe a annoncé qu'il investirait davantage au deuxième semestre. Les analystes s'attendaient à un recul, et l'indice du secteur n'a guère varié. Un porte-parole n'a pas répondu à une demande de commentaire.
"
measure french fr
fill german 'Die Aktie stieg am Dienstag um 2,2 Prozent auf 232,62 Dollar und damit auf den höchsten Stand seit Oktober, nachdem das Unternehmen für die zweite Jahreshälfte höhere Ausgaben angekündigt hatte. Analysten hatten einen Rückgang erwartet. Ein Sprecher äußerte sich zunächst nicht.
'
measure german de
for text in 1 '(' '1 ' '1.1,' 'the last a ' "'9" '2008 1, 2 and 3 to 10.30 ' 'May '; do
    fill "$(printf '%s' "$text" | tr ' ' _ | cut -c 1-12)" "$text"
    measure "$(printf '%s' "$text" | tr ' ' _ | cut -c 1-12)" en
done

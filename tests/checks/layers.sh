#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The house's arrows: who may include whom, and which room sees which library.
n=0
fail=0
check() { # name, offenders
    n=$((n + 1))
    if [ -z "$2" ]; then echo "ok $n - $1"; else
        echo "not ok $n - $1"
        printf '%s\n' "$2" | sed 's/^/# /'
    fi
}
room_of() { # header name without .h: the room whose source has that name
    for r in base market news stats correlate report; do
        [ -f "src/$r/$1.c" ] && { echo $r; return; }
    done
    echo none
}
rank() {
    case $1 in base) echo 0 ;; market | news | stats) echo 1 ;; correlate) echo 2 ;; report) echo 3 ;; cli) echo 4 ;; *) echo 9 ;; esac
}
upward() {
    for f in src/*/*.c src/*/*.h include/abnorm/*.h; do
        [ -f "$f" ] || continue
        case $f in
        include/abnorm/abnorm.h) continue ;;
        include/*) from=$(room_of "$(basename "$f" .h)") ;;
        *) from=$(basename "$(dirname "$f")") ;;
        esac
        for h in $(sed -n 's|^#include <abnorm/\([a-z0-9_]*\)\.h>.*|\1|p' "$f"); do
            [ "$h" = abnorm ] && { [ "$from" = cli ] || echo "$f includes abnorm.h"; continue; }
            to=$(room_of "$h")
            [ "$from" = "$to" ] && continue
            [ "$(rank "$to")" -lt "$(rank "$from")" ] || echo "$f ($from) includes $h.h ($to)"
        done
        for h in $(sed -n 's|^#include "\(.*\)".*|\1|p' "$f"); do
            case $h in */*) echo "$f includes \"$h\" of another folder" ;; esac
        done
    done
}
sees() { # pattern, allowed path pattern
    grep -lE "#include <($1)" src/*/*.c src/*/*.h include/abnorm/*.h 2>/dev/null | grep -vE "$2"
}
check "nothing includes upward, siblings do not see each other" "$(upward)"
check "every public header is in abnorm.h" "$(for h in include/abnorm/*.h; do
    b=$(basename "$h"); [ "$b" = abnorm.h ] || grep -q "<abnorm/$b>" include/abnorm/abnorm.h || echo "$h"; done)"
check "libcurl in base's HTTP files only" "$(sees 'curl/' '^src/base/http_library\.h$')"
check "GSL in stats only" "$(sees 'gsl/' '^src/stats/')"
check "libxml2 in news's document reader only" "$(sees 'libxml/' '^src/news/(document|html|feed)[a-z_]*\.[ch]$')"
check "jansson where the house says" "$(sees 'jansson' '^src/(market/provider[a-z_]*|news/(document|html|jsonld)[a-z_]*|correlate/study_file|report/json_memory|report/run_record|report/page[a-z_]*)\.[ch]$')"
check "zlib in base only" "$(sees 'zlib' '^src/base/')"
check "MPI in correlate/ranks and cli" "$(sees 'mpi\.h' '^src/(correlate/ranks|cli/[a-z_]*)\.[ch]$')"
check "the library neither prints nor exits nor reads the environment" "$(
    grep -nE '(^|[^a-z_])(printf|puts|putchar|exit|abort|getenv|fprintf\(std(out|err))\(?' src/base/*.c src/market/*.c src/news/*.c \
        src/stats/*.c src/correlate/*.c src/report/*.c 2>/dev/null | grep -E '(^|[^a-z_"])(printf|puts|putchar|exit|abort|getenv) *\(|fprintf\(std' | grep -v '^\S*: *\*')"
check "one licence line a source file" "$(grep -L 'SPDX-License-Identifier: GPL-3.0-or-later' \
    src/*/*.c src/*/*.h include/abnorm/*.h tests/*/*.c tests/*/*.sh 2>/dev/null)"
echo "1..$n"

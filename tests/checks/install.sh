#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What is installed works from its place: the command finds its data, a program of thirty lines compiles
# against the library and runs, and the library exports just what its headers declare.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/usr
n=0
check() { # name, status
    n=$((n + 1))
    [ "$2" -eq 0 ] && echo "ok $n - $1" || { echo "not ok $n - $1"; sed 's/^/# /' "$work/log" | tail -n 20; }
}
sanitized=
nm "$BUILD/libabnorm.a" 2>/dev/null | grep -q __asan_ && sanitized='-fsanitize=address,undefined'

make --no-print-directory install PREFIX="$prefix" BUILD="$BUILD" DEPS=no CFLAGS="-O1 $sanitized" \
    -o "$BUILD/abnorm" -o "$BUILD/libabnorm.so.0" -o "$BUILD/libabnorm.a" >"$work/log" 2>&1
check "make install" $?
(cd / && "$prefix/bin/abnorm" sessions XHKG 2025-01-28 2025-02-03) >"$work/log" 2>&1 &&
    grep -q '^XHKG,2025-01-28,.*yes\|^XHKG,2025-01-28,.*,1' "$work/log"
check "the installed command finds its data" $?

cp tests/checks/example.c "$work/example.c"
PKG_CONFIG_PATH=$prefix/lib/pkgconfig ${CC:-gcc} -std=c11 $sanitized "$work/example.c" -o "$work/example" \
    $(PKG_CONFIG_PATH=$prefix/lib/pkgconfig pkg-config --cflags --libs abnorm) -Wl,-rpath,"$prefix/lib" >"$work/log" 2>&1
check "a program compiles against the installed library" $?
ASAN_OPTIONS=detect_odr_violation=0 "$work/example" data/quotes/AAPL.csv 'data/quotes/^GSPC.csv' 2025-02-11 >"$work/log" 2>&1 &&
    grep -q '^CAR\[0,1\] = 0\.0[0-9]*' "$work/log"
check "and prints a cumulative abnormal return" $?

# gcc itself lists what the headers declare.
if echo 'int main(void){return 0;}' | ${CC:-gcc} -fsyntax-only -aux-info "$work/none" -x c - 2>/dev/null; then
    echo '#include <abnorm/abnorm.h>' | ${CC:-gcc} -std=c11 -D_XOPEN_SOURCE=700 -Iinclude -fsyntax-only \
        -aux-info "$work/prototypes" -x c - >"$work/log" 2>&1
    sed -n 's/^.*include\/abnorm\/[^*]*\*\/ extern [^(]*[ *]\(abn_[a-z0-9_]*\) (.*/\1/p' "$work/prototypes" | sort -u >"$work/declared"
    sed -n 's/^extern .*[ *]\(abn_[a-z0-9_]*\)\(\[\]\)\{0,1\};.*/\1/p' include/abnorm/*.h | sort -u >>"$work/declared"
    sort -o "$work/declared" "$work/declared"
    nm -D --defined-only "$BUILD/libabnorm.so.0" | awk '$2 ~ /^[TDRBVW]$/ {print $3}' | grep -v '^_\|^mangle_path$' | sort >"$work/exported"
    comm -13 "$work/declared" "$work/exported" >"$work/log"
    [ ! -s "$work/log" ]
    check "nothing is exported that no header declares" $?
    comm -23 "$work/declared" "$work/exported" >"$work/log"
    [ ! -s "$work/log" ] && [ "$(wc -l <"$work/declared")" -gt 100 ]
    check "all that the headers declare is exported" $?
fi
for header in include/abnorm/*.h; do
    name=$(basename "$header" .h)
    [ "$name" = abnorm ] && continue
    ls src/*/"$name".c >/dev/null 2>&1 || echo "$header has no source of its name"
    grep -q "^#include <abnorm/$name.h>" include/abnorm/abnorm.h || echo "abnorm.h leaves $header out"
done >"$work/log"
[ ! -s "$work/log" ]
check "each header has a source of its name, and abnorm.h has each header" $?
echo "1..$n"

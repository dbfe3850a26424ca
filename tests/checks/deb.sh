#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The Debian package: what it holds works when unpacked anywhere, and it depends on what the command loads.
command -v dpkg-deb >/dev/null && command -v readelf >/dev/null || { echo "1..0 # skip no Debian tools here"; exit 0; }
[ -e /var/lib/dpkg/status ] || { echo "1..0 # skip no Debian"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0
check() { # name, status
    n=$((n + 1))
    [ "$2" -eq 0 ] && echo "ok $n - $1" || { echo "not ok $n - $1"; sed 's/^/# /' "$work/log" | tail -n 20; }
}
make --no-print-directory deb BUILD="$BUILD" PACKAGE="$work/package" DEPS=no \
    -o "$BUILD/abnorm" -o "$BUILD/libabnorm.so.0" -o "$BUILD/libabnorm.a" >"$work/log" 2>&1
check "make deb" $?
package=$(echo "$work"/*.deb)
dpkg-deb -I "$package" >"$work/log" 2>&1
for library in libc6 libcurl4 libgsl27 libjansson4 libxml2 zlib1g; do
    grep -q "Depends:.*[ ,]$library\(,\|$\)" "$work/log" || missing="$missing $library"
done
# Another release of Debian names some of them otherwise: as many packages as libraries is right there.
[ -z "$missing" ] || [ "$(sed -n 's/^ Depends: //p' "$work/log" | tr ',' '\n' | wc -l)" -eq 6 ]
check "it depends on what the command loads" $?
dpkg-deb -x "$package" "$work/root" >"$work/log" 2>&1 &&
    (cd / && "$work/root/usr/bin/abnorm" sessions XHKG 2025-01-28 2025-02-03) >"$work/log" 2>&1 &&
    grep -q '^XHKG,2025-01-28' "$work/log"
check "unpacked anywhere, the command finds its data" $?
for file in bin/abnorm lib/libabnorm.so.0 lib/libabnorm.a lib/pkgconfig/abnorm.pc include/abnorm/abnorm.h \
    share/man/man1/abnorm.1 share/bash-completion/completions/abnorm share/zsh/site-functions/_abnorm \
    share/fish/vendor_completions.d/abnorm.fish share/abnorm/exchanges.csv; do
    [ -s "$work/root/usr/$file" ] || echo "$file"
done >"$work/log"
[ ! -s "$work/log" ]
check "it holds all that make install brings" $?
echo "1..$n"

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# How the program is built and what it keeps itself from: flags of the binaries, no core file with a key in it, the sandbox.
BUILD=${BUILD:-build}
ABNORM=${ABNORM:-$PWD/$BUILD/abnorm}
W=$(mktemp -d)
trap 'rm -rf "$W"' EXIT
n=0
ok() { # what, command...
    n=$((n + 1))
    what=$1
    shift
    if "$@" >"$W/said" 2>&1; then echo "ok $n - $what"; else
        echo "not ok $n - $what"
        sed 's/^/# /' "$W/said" | head -n 20
    fi
}
has() { readelf -W "$1" "$2" | grep -qE "$3"; }
lacks() { ! has "$@"; }
if readelf -Ws "$ABNORM" | grep -qE '__asan_init|__gcov_init'; then
    echo "1..0 # SKIP an instrumented build"
    exit 0
fi
for file in "$ABNORM" "$BUILD/libabnorm.so.0"; do
    name=$(basename "$file")
    ok "$name: position independent" has -h "$file" 'Type: +DYN'
    ok "$name: relocations read-only" has -l "$file" GNU_RELRO
    ok "$name: and all bound at the start" has -d "$file" 'BIND_NOW|FLAGS.*NOW'
    ok "$name: stack not executable" has -l "$file" 'GNU_STACK.* RW '
    ok "$name: no segment writable and executable" lacks -l "$file" 'LOAD.* RWE '
    ok "$name: stack protector" has -s "$file" '__stack_chk_fail'
    ok "$name: checked copies" has -s "$file" '__(snprintf|vsnprintf|memcpy|strncpy|read)_chk'
    ok "$name: no text relocations, no search path" lacks -d "$file" 'TEXTREL|RPATH|RUNPATH'
done
ok "no function that a text could reach a shell by" lacks --dyn-syms "$ABNORM" ' (system|popen|wordexp|gets|tmpnam|mktemp)@'

# A preload library tells from inside what the process may do. It acts when a result is put in its place.
cat >"$W/inside.c" <<'E'
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#ifdef SYS_rename
#define PLACE(from, to) (int)syscall(SYS_rename, from, to)
#else
#define PLACE(from, to) renameat(AT_FDCWD, from, AT_FDCWD, to)
#endif
int rename(const char *from, const char *to)
{
    static int told;
    char path[4096];
    if (told++) return PLACE(from, to);
    const char *folder = getenv("INSIDE");
    if (!folder) return PLACE(from, to);
    snprintf(path, sizeof path, "%s/escaped", folder);
    dprintf(2, "write: %s\n", open(path, O_WRONLY | O_CREAT, 0600) < 0 ? "refused" : "done");
    snprintf(path, sizeof path, "%s/program", folder);
    if (access(path, X_OK) == 0 && fork() == 0) {
        execl(path, path, (char *)NULL);
        dprintf(2, "run: refused\n");
        _exit(0);
    }
    dprintf(2, "socket: %s\n", socket(AF_INET, SOCK_STREAM, 0) < 0 ? "refused" : "done");
    return PLACE(from, to);
}
void __attribute__((destructor)) last(void)
{
    struct rlimit core;
    getrlimit(RLIMIT_CORE, &core);
    if (getenv("INSIDE_CORE")) dprintf(2, "core: %ld %d\n", (long)core.rlim_cur, prctl(PR_GET_DUMPABLE));
}
E
${CC:-gcc} -w -shared -fPIC -o "$W/inside.so" "$W/inside.c" || exit 1
printf '#!/bin/sh\necho "run: done" >&2\n' >"$W/program"
chmod +x "$W/program"
inside() { INSIDE=$W LD_PRELOAD=$W/inside.so "$ABNORM" "$@"; }
inside extract -q -o "$W/free" seeds/texts 2>"$W/err"
sleep 0.3
ok "without --sandbox a reader at fault could write anywhere" grep -qx 'write: done' "$W/err"
ok "run programs" grep -qx 'run: done' "$W/err"
ok "and open sockets" grep -qx 'socket: done' "$W/err"
rm -f "$W/escaped"
"$ABNORM" sessions --sandbox XNYS 2025-02-10 2025-02-10 >"$W/out" 2>"$W/err"
if [ $? -eq 69 ]; then
    ok "where the kernel has none, --sandbox says so" grep -q '^abnorm: --sandbox: .*' "$W/err"
else
    inside extract --sandbox -q -o "$W/kept" seeds/texts 2>"$W/err"
    sleep 0.3
    ok "with it, no write outside the output folder" grep -qx 'write: refused' "$W/err"
    ok "no program" grep -qx 'run: refused' "$W/err"
    ok "no socket" grep -qx 'socket: refused' "$W/err"
    ok "nothing escaped" [ ! -e "$W/escaped" ]
    ok "and the same results" diff -r -x .abnorm.lock "$W/free" "$W/kept"
    ok "a whole run works in it" "$ABNORM" run --sandbox -q seeds/study.json -o "$W/run"
    ok "with its page" [ -s "$W/run/report.html" ]
    if command -v gnuplot >/dev/null; then ok "and its pictures" [ -s "$W/run/car.png" ]; fi
    "$ABNORM" extract --sandbox http://127.0.0.1:9/ 2>"$W/err"
    ok "what needs the network is refused" [ $? -eq 64 ]
fi
INSIDE_CORE=1 ABNORM_TIINGO_KEY=secretkey1 LD_PRELOAD=$W/inside.so "$ABNORM" fetch AAPL -p tiingo \
    --base-url http://127.0.0.1:9 --retry 0 -o "$W/fetched" >"$W/out" 2>"$W/err"
ok "with a key no core file is written" grep -qx 'core: 0 0' "$W/err"
ok "and the key is in no message" sh -c "! grep -r secretkey1 '$W/out' '$W/err' '$W/fetched'"
echo "1..$n"

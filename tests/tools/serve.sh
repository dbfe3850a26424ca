# SPDX-License-Identifier: GPL-3.0-or-later
# Source this: a scratch folder $W and the test server, with $http, $https, $selfsigned, $otherhost
# its ports and $W/ca.pem its authority. Both go when the script ends.
for need in python3 openssl; do
    command -v $need >/dev/null || { echo "1..0 # SKIP no $need"; exit 0; }
done
W=$(mktemp -d)
python3 tests/tools/server.py "$W" 280 2>"$W/server.err" &
server=$!
trap 'kill $server 2>/dev/null; rm -rf "$W"' EXIT
tries=0
while [ ! -s "$W/ports" ]; do
    tries=$((tries + 1))
    [ $tries -lt 600 ] && kill -0 $server 2>/dev/null || { cat "$W/server.err"; echo "Bail out! no test server"; exit 1; }
    sleep 0.05
done
. "$W/ports"
unset http_proxy https_proxy all_proxy HTTPS_PROXY ALL_PROXY SSL_CERT_FILE
S=http://127.0.0.1:$http
n=0
ok() { # what, then a command that must succeed
    what=$1
    shift
    n=$((n + 1))
    if "$@" >"$W/ok.out" 2>&1; then echo "ok $n - $what"; else
        echo "not ok $n - $what"
        sed 's/^/# /' "$W/ok.out" "$W/err" 2>/dev/null | head -n 20
    fi
}

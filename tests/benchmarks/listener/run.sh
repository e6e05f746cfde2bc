#!/usr/bin/env bash
# Measures the listener: durable intake beside a Node server and a minimal C++ server that do the same, all three without
# commit, held connections, and fairness among senders. Prints tables.
# usage: scripts/bench listener [PART ...]     parts: durable, without-commit, held, fairness, tls (default: all)
#
# SECONDS_EACH (default 8) is the time of each measurement of load, CONNECTIONS (default "1 16 64 256") its steps. For the
# Node server npm and Node's headers are installed where they are missing, and better-sqlite3 is built from its source.
set -euo pipefail
cd "$(dirname "$0")/../../.."
parts=${*:-durable without-commit held fairness tls}
seconds=${SECONDS_EACH:-8}
steps=${CONNECTIONS:-1 16 64 256}
here=tests/benchmarks/listener
build=build/release

# Where Node's headers are, in include/node.
node_home() { dirname "$(dirname "$(readlink -f "$(command -v node || echo /usr/bin/node)")")"; }

with_node=
node_packages=()
if [[ $parts == *durable* || $parts == *without-commit* ]]; then
  with_node=yes
  # Other distributions of Node than Debian's bring both.
  command -v npm >/dev/null || node_packages+=(npm)
  [ -e "$(node_home)/include/node/node.h" ] || node_packages+=(libnode-dev)
fi
scripts/setup ${node_packages[@]+"${node_packages[@]}"}
scripts/build release product-sync benchmark_minimal_server benchmark_intake_without_commit benchmark_held_latency \
  benchmark_keep_alive_fairness >/dev/null

home=$(mktemp -d "${TMPDIR:-/tmp}/product-sync-bench.XXXXXX")
server=
stop_server() { [ -z "$server" ] || { kill "$server"; wait "$server" || true; server=; }; }
trap 'stop_server; rm -rf "$home"' EXIT

# Builds better-sqlite3 from its source with the headers that are here, once for each Node: nothing prebuilt is downloaded.
prepare_node() {
  local node=$build/$here/node gyp built
  built=$node/built-for-$(node --version)
  mkdir -p "$node"
  cp $here/node/* "$node"
  [ -e "$built" ] && return
  gyp=$(command -v node-gyp || find "$(npm root -g)/npm" -name node-gyp.js -path '*bin*' 2>/dev/null | head -n 1)
  [ -n "$gyp" ] || { echo "bench: npm has no node-gyp" >&2; return 1; }
  (cd "$node" && npm ci --ignore-scripts --no-audit --no-fund &&
    node "$gyp" rebuild --release --nodedir="$(node_home)" -C node_modules/better-sqlite3) >"$home/node.log" 2>&1 ||
    { cat "$home/node.log" >&2; return 1; }
  touch "$built"
}

is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() {
  local candidate
  until candidate=$(shuf -i 20000-30000 -n 1) && ! is_open "$candidate"; do :; done
  echo "$candidate"
}

write_config() {
  mkdir -p "$home/feeds"
  cat >"$home/config.yaml" <<YAML
server: {listen: "127.0.0.1:$port"$1}
log: {level: warning}
store: {directory: $home/state}
sites:
  eu:
    acumatica: {url: "http://127.0.0.1:1", tenant: MyTenant, oauth: {client_id: product-sync@MyTenant, client_secret: "client-secret", grant: password, user: admin, password: "secret"}}
    notifications: {secrets: ["listener-secret"], debounce: 10m, longest_wait: 1h}
    mapping: {classifications: {ELEC: Electronics}, active_on_rithum: custom:ItemSettings.UsrActiveOnRithum, columns: {Auction Title: field:Description}}
    feed: {mode_prefix: CAAll}
    destination: {directory: {path: $home/feeds}}
YAML
}

# Becomes the server named $1.
run_server() {
  case $1 in
    product-sync)
      write_config ""
      exec "$build/src/product-sync" --config "$home/config.yaml" serve ;;
    product-sync-tls)
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1 \
        -keyout "$home/tls.key" -out "$home/tls.crt"
      write_config ", tls: {certificate: $home/tls.crt, private_key: $home/tls.key}"
      exec "$build/src/product-sync" --config "$home/config.yaml" serve ;;
    product-sync-without) exec "$build/$here/benchmark_intake_without_commit" "$port" ;;
    node) exec node "$build/$here/node/server.mjs" "$port" "$home/reference.db" ;;
    node-without) exec node "$build/$here/node/server.mjs" "$port" "$home/reference.db" --no-commit ;;
    minimal) exec "$build/$here/benchmark_minimal_server" "$port" "$home/reference.db" ;;
    minimal-without) exec "$build/$here/benchmark_minimal_server" "$port" "$home/reference.db" --no-commit ;;
  esac
}

# Starts the server named $1 on $port and waits until it accepts.
start_server() {
  rm -rf "$home/state" "$home"/reference.db*
  port=$(free_port)
  [[ $1 == *-tls ]] && scheme=https || scheme=http
  run_server "$1" >"$home/$1.log" 2>&1 &
  server=$!
  until is_open "$port"; do
    kill -0 "$server" 2>/dev/null || { cat "$home/$1.log" >&2; exit 1; }
    sleep 0.1
  done
}

# One row: server $1, connections $2.
measure() {
  start_server "$1"
  wrk -t1 -c"$2" -d"${seconds}s" --latency -s $here/notifications.lua "$scheme://127.0.0.1:$port/v1/sites/eu/notifications" \
    >"$home/wrk.log"
  stop_server
  tail -n 1 "$home/wrk.log" | jq -r --arg server "$1" --arg connections "$2" \
    '[$server, $connections, .rate, .p50_ms, .p99_ms, .max_ms, .failed] | @tsv' |
    awk -F '\t' '{printf "%-22s %11s %9s %8s %8s %8s %7s\n", $1, $2, $3, $4, $5, $6, $7}'
}

compare() {
  echo "server                 connections  a second   p50 ms   p99 ms  longest  failed"
  for connections in $steps; do
    for each in "$@"; do measure "$each" "$connections"; done
  done
}

[ -z "$with_node" ] || prepare_node || { echo "bench: better-sqlite3 cannot be built here, see above" >&2; exit 1; }
echo "$(date -u +%Y-%m-%d), $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), Node $(node --version 2>/dev/null || echo none), $(wrk -v 2>&1 | head -n 1 | cut -d' ' -f1,2)"
for part in $parts; do
  echo "== $part"
  case $part in
    durable) compare product-sync node minimal ;;
    without-commit) compare product-sync-without node-without minimal-without ;;
    tls) compare product-sync-tls ;;
    held) "$build/$here/benchmark_held_latency" || echo "MISSES the target: 99 % within 50 ms, all within 500 ms" ;;
    fairness) "$build/$here/benchmark_keep_alive_fairness" || echo "MISSES the target: everybody served, the slowest at least half the median" ;;
    *) echo "bench: there is no part \"$part\"" >&2; exit 2 ;;
  esac
done

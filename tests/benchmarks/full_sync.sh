#!/usr/bin/env bash
# Measures full syncs over simulated catalogues: the time and the peak memory of `product-sync sync full`, first (every exported
# item makes a row) and second (nothing changed). The destination is a directory. Fails when the peaks of two catalogues differ
# by 20 % or more: memory is flat in the number of items, or something is wrong.
# usage: scripts/bench sync [ITEMS ...]      (default: 10000 100000)
set -euo pipefail
cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- 10000 100000

scripts/setup
scripts/build release product-sync acumatica-simulator >/dev/null
product_sync=$PWD/build/release/src/product-sync
simulator=$PWD/build/release/tests/simulators/acumatica/acumatica-simulator

home=$(mktemp -d "${TMPDIR:-/tmp}/product-sync-bench.XXXXXX")
simulator_pid=
cleanup() { [ -z "$simulator_pid" ] || kill "$simulator_pid"; rm -rf "$home"; }
trap cleanup EXIT

# One sync of the catalogue of $1 items; prints a row of the table.
measure() {
  local items=$1 which=$2 code=0
  command time -f '%e %M' -o "$home/time" "$product_sync" --config "$home/config.yaml" sync full --json \
    >"$home/run.json" 2>"$home/run.log" || code=$?
  [ $code -eq 0 ] || [ $code -eq 3 ] || { cat "$home/run.log" >&2; exit 1; }
  read -r seconds kibibytes < <(tail -n 1 "$home/time")
  peaks[$which]+=" $kibibytes"
  printf '%9d  %-7s %8d %9.1f %10d %9.1f\n' "$items" "$which" "$(jq .counts.rows "$home/run.json")" "$seconds" \
    "$(awk -v n="$items" -v s="$seconds" 'BEGIN {print int(n / s)}')" "$(awk -v k="$kibibytes" 'BEGIN {print k / 1024}')"
}

declare -A peaks
echo "    items  sync        rows   seconds    items/s  peak MiB"
for items in "$@"; do
  mkdir -p "$home/feeds"
  "$simulator" --port 0 --items "$items" --seed 7 >"$home/simulator-$items.log" &
  simulator_pid=$!
  until address=$(grep -o "http://127.0.0.1:[0-9]*" "$home/simulator-$items.log" 2>/dev/null); do sleep 0.1; done
  cat >"$home/config.yaml" <<YAML
log: {level: warning}
store: {directory: $home/state}
sites:
  bench:
    acumatica:
      url: $address
      tenant: MyTenant
      oauth: {client_id: product-sync@MyTenant, client_secret: "client-secret", grant: password, user: admin, password: "secret"}
      licence: {requests_per_minute: 100000, share_percent: 100}
    mapping:
      classifications: {ELEC: Electronics, APPAREL: Apparel, TOYS: Toys, HOME GOODS: Home, SERVICE: Service}
      active_on_rithum: custom:ItemSettings.UsrActiveOnRithum
      columns:
        Auction Title: field:Description
        Description: field:Content
        Brand: attribute:BRAND.label
        UPC: cross_reference:Barcode
        Weight: field:DimensionWeight
        Buy It Now Price: field:DefaultPrice
      attributes: {Color: attribute:COLOR.label, Allowed for FBA: attribute:FBA}
    feed: {mode_prefix: CAAll}
    destination: {directory: {path: $home/feeds}}
YAML
  measure "$items" first
  measure "$items" second
  kill "$simulator_pid"; wait "$simulator_pid" || true; simulator_pid=
  rm -rf "$home/state" "$home/feeds"
done

for which in first second; do
  awk -v which="$which" '{
    low = high = $1
    for (i = 2; i <= NF; ++i) { if ($i < low) low = $i; if ($i > high) high = $i }
    printf "%s: the highest peak is %.0f %% above the lowest\n", which, 100 * (high - low) / low
    exit high >= 1.2 * low
  }' <<<"${peaks[$which]}" || { echo "bench: memory is not flat in the number of items" >&2; exit 1; }
done

#!/usr/bin/env bash
# within.sh <ratio> <folder> <source> <compiler> <flags>...
# A source must compile within 600 MB of address space and <ratio> times what calibration.cpp takes, seconds of the
# processor, the better of two runs in turn: a shared machine is slow for both.
set -euo pipefail
ratio=$1 folder=$2 source=$3
shift 3
ulimit -v 614400
here=$(dirname "${BASH_SOURCE[0]}")
TIMEFORMAT=%U
seconds_of() {  # seconds_of <source>
    local report
    if ! report=$({ time "${@:2}" -c "$1" -o "$folder/$(basename "$1").o"; } 2>&1); then
        printf '%s does not compile, or not within 600 MB:\n%s\n' "$1" "$report" >&2
        return 1
    fi
    tail -n 1 <<< "$report"
}
least() { sort -g | head -n 1; }
calibration="" this=""
for _ in 1 2; do
    calibration+=$(seconds_of "$here/calibration.cpp" "$@")$'\n'
    this+=$(seconds_of "$source" "$@")$'\n'
done
calibration=$(printf %s "$calibration" | least)
this=$(printf %s "$this" | least)
printf '%s: %s s, calibration %s s\n' "$(basename "$source")" "$this" "$calibration"
awk -v t="$this" -v c="$calibration" -v r="$ratio" 'BEGIN {
    printf "%.2f times the calibration; at most %.2f accepted\n", t / c, r
    exit !(t > 0 && c > 0 && t <= r * c)
}'

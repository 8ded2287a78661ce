#!/usr/bin/env bash
# within.sh <ratio> <rounds> <folder> <source> <compiler> <flags>...
# A source must compile within 600 MB of address space and <ratio> times what calibration.cpp takes: seconds of the
# processor, each the best so far of at most <rounds> runs in turn. On a shared machine one run in three may take half as
# long again, so that only the best ones can be compared.
set -euo pipefail
ratio=$1 rounds=$2 folder=$3 source=$4
shift 4
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
calibration=1e9 this=1e9
least() { printf '%s\n' "$@" | sort -g | head -n 1; }
for ((round = 1; round <= rounds; ++round)); do
    now=$(seconds_of "$here/calibration.cpp" "$@")
    calibration=$(least "$calibration" "$now")
    now=$(seconds_of "$source" "$@")
    this=$(least "$this" "$now")
    printf 'round %d: %s %s s, calibration %s s\n' "$round" "$(basename "$source")" "$this" "$calibration"
    if awk -v t="$this" -v c="$calibration" -v r="$ratio" 'BEGIN {
        printf "%.2f times the calibration; at most %.2f accepted\n", t / c, r
        exit !(t > 0 && c > 0 && t <= r * c)
    }'; then exit 0; fi
done
exit 1

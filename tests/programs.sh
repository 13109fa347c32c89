#!/bin/bash
# Runs programs that others wrote under this Tcl and another one, and compares everything they print and every file they
# write, byte for byte; prints the table of docs/PROGRAMS.md.
#
#   tests/programs.sh CHECKOUTS OURS TCLSH9 TCLSH8 ?PATTERN? ?ROUNDS?
#
# CHECKOUTS is a folder with the programs, which tests/data/programs.tsv names with their commands; in those $tclsh is
# the Tcl under test. A folder is copied before each run, so that nothing is written where the program lives. Of ROUNDS
# alternating runs (3 unless told otherwise) the fastest counts. Differing results stay under $KEEP (a temporary folder
# unless told otherwise, named at the end). Programs whose tests need tcltest find it by TCL_LIBRARY.
set -u
checkouts=$1 ours=$(realpath "$2") tclsh9=$(realpath "$3") tclsh8=$(realpath "$4") pattern=${5:-.} rounds=${6:-3}
cases=$(dirname "$0")/data/programs.tsv
keep=${KEEP:-$(mktemp -d)}
mkdir -p "$keep"

# run WHICH PROGRAM FOLDER COMMAND: one run in a fresh copy; prints its seconds.
run() {
    local which=$1 program=$2 folder=$3 command=$4 place="$keep/run"
    rm -rf "$place" && mkdir -p "$place/bin" "$place/folder" && cp -a "$folder/." "$place/folder"
    ln -s "$program" "$place/bin/tclsh"
    ( cd "$place/folder" && find . -type f -printf '%p %s %T@\n' | sort ) > "$keep/$which.before"
    local begin end
    begin=$(date +%s%N)
    ( cd "$place/folder" && export tclsh="$place/bin/tclsh" && timeout "${SECONDS_MAX:-300}" bash -c "$command" ) \
        > "$keep/$which.out" 2> "$keep/$which.err" < /dev/null
    echo "exit $?" >> "$keep/$which.out"
    end=$(date +%s%N)
    ( cd "$place/folder" && find . -type f -printf '%p %s %T@\n' | sort | comm -13 "$keep/$which.before" - \
        | sed 's/ [0-9]* [0-9.]*$//' | tr '\n' '\0' | xargs -0 -r md5sum ) > "$keep/$which.files"
    awk "BEGIN { printf \"%.3f\", ($end - $begin) / 1e9 }"
}

smaller() { awk "BEGIN { print ($1 < $2 ? $1 : $2) }"; }

printf '| program | outcome | seconds | other | ratio |\n|---|---|---|---|---|\n'
while IFS=$'\t' read -r version name folder command; do
    [[ $version == [89] && $name =~ $pattern && -d $checkouts/$folder ]] || continue
    [[ $version == 9 ]] && other=$tclsh9 || other=$tclsh8
    folder=$checkouts/$folder
    best_ours=999999 best_other=999999 outcome=same
    for ((round = 0; round < rounds; round++)); do
        best_other=$(smaller "$(run other "$other" "$folder" "$command")" "$best_other")
        best_ours=$(smaller "$(run ours "$ours" "$folder" "$command")" "$best_ours")
        for what in out err files; do
            cmp -s "$keep/ours.$what" "$keep/other.$what" && continue
            [[ $outcome == same ]] && outcome="differs:"
            [[ $outcome == *" $what"* ]] || outcome+=" $what"
            mkdir -p "$keep/$name" && cp "$keep"/ours.* "$keep"/other.* "$keep/$name/"
        done
    done
    printf '| %s | %s | %s | %s | %s |\n' "$name" "$outcome" "$best_ours" "$best_other" \
        "$(awk "BEGIN { printf \"%.2f\", $best_ours / $best_other }")"
done < "$cases"
rm -rf "$keep/run"
echo "(differing results: $keep)" >&2

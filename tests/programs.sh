#!/bin/bash
# Runs programs that others wrote under this Tcl and another one, and compares everything they print and every file they
# write, byte for byte; prints a row of docs/PROGRAMS.md for each.
#
#   tests/programs.sh CASES OURS OTHER ?PATTERN? ?ROUNDS?
#
# CASES has a line for each program: its name, the folder it runs in, and a shell command in which $tclsh is the Tcl under
# test, separated by tabs. The folder is copied before each run, so that nothing is written where the program lives. Of
# ROUNDS alternating runs (3 unless told otherwise) the fastest counts. Differing results stay under $KEEP (default: a
# folder in /tmp that is named at the end).
set -u
cases=$1 ours=$(realpath "$2") other=$(realpath "$3") pattern=${4:-.} rounds=${5:-3}
keep=${KEEP:-$(mktemp -d /tmp/programs.XXXXXX)}
mkdir -p "$keep"

# run WHICH PROGRAM FOLDER COMMAND: one run in a fresh copy; prints its seconds.
run() {
    local which=$1 program=$2 folder=$3 command=$4 place="$keep/run"
    rm -rf "$place" && mkdir -p "$place/bin" && cp -a "$folder" "$place/folder"
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
while IFS=$'\t' read -r name folder command; do
    [[ -z $name || $name == \#* ]] && continue
    [[ $name =~ $pattern ]] || continue
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

# SPDX-License-Identifier: BSD-2-Clause
# bash completion for run-bench; what there is to complete the program itself says.
_run_bench() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} bin=$1 commands cmd=run words='' kind=-W head=''
  commands=$("$bin" --help 2>/dev/null | sed -n '1,/^Other commands/d; s/^  \([a-z][a-z-]*\) .*/\1/p')
  [[ $COMP_CWORD -gt 1 && " ${commands//$'\n'/ } " == *" ${COMP_WORDS[1]} "* ]] && cmd=${COMP_WORDS[1]}
  # Lists are completed behind their last comma.
  [[ $cur == *,* && $prev == -[kmt] ]] && { head=${cur%,*},; cur=${cur##*,}; }
  case $prev in
    -k | --kernel) words="all $("$bin" list kernels 2>/dev/null | awk 'NR > 1 && /^[a-z]/ { print $1 }')" ;;
    -m | --mode) words='throughput latency' ;;
    -t | --target) words='auto dram loop'; kind=-fW ;;
    --only) words=$("$bin" list figures 2>/dev/null | awk 'NR > 1 && /^[a-z]/ { print $1 }') ;;
    -o | --output | --kernel-path) kind=-dW ;;
    *)
      if [[ $cur == -* ]]; then
        words=$("$bin" "$cmd" --help 2>/dev/null | grep -oE -- '(^|[ ,])--?[a-zA-Z][a-z-]*' | tr -d ' ,')
      elif [[ $cmd == list ]]; then
        words=$("$bin" list 2>&1 | sed -n 's/.*list what? //p' | sed 's/,//g; s/ or / /')
      else
        kind=-fW
        [[ $COMP_CWORD -eq 1 ]] && words="run $commands"
      fi ;;
  esac
  mapfile -t COMPREPLY < <(compgen "$kind" "$words" -- "$cur")
  [[ -z $head ]] || COMPREPLY=("${COMPREPLY[@]/#/$head}")
}
complete -o filenames -F _run_bench run-bench ./run-bench

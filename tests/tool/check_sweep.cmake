# cmake -DTOOL=qvit -DWORK_DIR=... -P check_sweep.cmake
# Runs a sweep, goes on with it, compares its runs: exit status, tables, messages.
cmake_minimum_required(VERSION 3.25)

file(REMOVE_RECURSE "${WORK_DIR}")
file(MAKE_DIRECTORY "${WORK_DIR}")

function(check description condition)
  cmake_language(EVAL CODE "if(${condition})\n  set(holds TRUE)\nelse()\n  set(holds FALSE)\nendif()")
  if(NOT holds)
    set_property(GLOBAL APPEND_STRING PROPERTY problems
      "- ${description}\n  status ${status}\n  stdout: ${out}\n  stderr: ${err}\n")
  endif()
endfunction()

function(run)
  execute_process(COMMAND ${prefix} "${TOOL}" ${ARGN} WORKING_DIRECTORY "${WORK_DIR}"
    RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE err)
  set(status "${status}" PARENT_SCOPE)
  set(out "${out}" PARENT_SCOPE)
  set(err "${err}" PARENT_SCOPE)
endfunction()

function(refused found)
  run(${ARGN})
  string(FIND "${err}" "${found}" found_at)
  check("${ARGN}: status 2, one line on stderr with '${found}'"
    [[status STREQUAL "2" AND out STREQUAL "" AND err MATCHES "^qvit: [^\n]*\n$" AND found_at GREATER -1]])
endfunction()

# plan(<file> <models> <common>)
function(plan file models common)
  file(WRITE "${WORK_DIR}/${file}" "{\"data\": \"synthetic\", \"model\": [${models}], \"seed\": [0, 1], \"options\": "
    "[{\"name\": \"base\"}, {\"name\": \"flips\", \"augment\": \"flips\"}], \"common\": {${common}}}")
endfunction()

plan(plan.json "\"qvit4\"" "\"epochs\": 2, \"lr\": 0.02")
run(sweep plan.json --out runs --jobs 2 --json)
check("a sweep ends well" [[status STREQUAL "0" AND out MATCHES "\"trained_now\":4,\"kept\":0,\"failed\":0"]])
check("images/s over all runs" [[out MATCHES "\"images_per_second\":[0-9.]+"]])
check("progress goes to stderr" [[err MATCHES "run 4/4"]])
file(STRINGS "${WORK_DIR}/runs/results.csv" rows)
list(LENGTH rows count)
list(GET rows 0 header)
check("one row a run below the header, not ${count}" [[count EQUAL 5]])
check("the columns: ${header}" [[header MATCHES "^data,model,options,seed,params,attention_params,best_epoch,val_auc"]])
file(GLOB logs "${WORK_DIR}/runs/logs/*.log")
list(LENGTH logs count)
check("one log a run, not ${count}" [[count EQUAL 4]])

# The same numbers as the command itself gives.
run(train --data synthetic --model qvit4 --seed 1 --epochs 2 --lr 0.02 --augment flips --json)
string(JSON auc GET "${out}" test_auc)
string(FIND "${rows}" ",${auc}," found_at)
check("a run of the sweep is the run of train: ${auc}" [[found_at GREATER -1]])

# Killed in the middle of a row: whole rows are kept, the rest is run.
list(GET rows 1 first)
file(WRITE "${WORK_DIR}/runs/results.csv" "${header}\n${first}\nsynthetic,qvit4,fl")
run(sweep plan.json --out runs --json)
check("the sweep goes on" [[status STREQUAL "0" AND out MATCHES "\"trained_now\":3,\"kept\":1"]])
file(STRINGS "${WORK_DIR}/runs/results.csv" again)
list(GET again 1 kept)
list(LENGTH again count)
check("the kept row is what it was, and all are there" [[count EQUAL 5 AND kept STREQUAL first]])
run(sweep plan.json --out runs --json)
check("nothing is left to do" [[status STREQUAL "0" AND out MATCHES "\"trained_now\":0,\"kept\":4"]])

plan(other.json "\"qvit4\"" "\"epochs\": 3, \"lr\": 0.02")
refused("/common/epochs was 2 and is 3" sweep other.json --out runs)
plan(other.json "\"qvit4\"" "\"epoch\": 3")
refused("unknown key 'epoch'; did you mean 'epochs'?" sweep other.json --out none)
plan(other.json "\"qvit4\"" "\"seed\": 3")
refused("'seed' is set by the sweep" sweep other.json --out none)
file(WRITE "${WORK_DIR}/other.json" "{\"data\": \"x\", \"models\": \"qvit4\", \"seed\": 0}")
refused("unknown key 'models'; did you mean 'model'?" sweep other.json --out none)
file(WRITE "${WORK_DIR}/other.json" "{\"data\": \"x\", \"model\": \"qvit4\", \"seed\": [0, 0]}")
refused("the same entry twice" sweep other.json --out none)
file(WRITE "${WORK_DIR}/other.json" "{\"data\": ")
refused("other.json: is no JSON" sweep other.json --out none)
check("a refused plan leaves no folder" [[NOT EXISTS "${WORK_DIR}/none"]])

# Runs that fail are recorded, the others stand, and the status is 1.
plan(failing.json "\"qvit4\", \"qvit5\"" "\"epochs\": 1")
run(sweep failing.json --out failing --jobs 2 --json)
check("failing runs end with 1" [[status STREQUAL "1" AND out MATCHES "\"trained_now\":4,\"kept\":0,\"failed\":4"]])
check("failing runs are named" [[err MATCHES "failed with status 2: synthetic qvit5 base seed 0"]])
file(STRINGS "${WORK_DIR}/failing/failures.csv" rows)
list(LENGTH rows count)
check("failures.csv has a row for each, not ${count}" [[count EQUAL 5]])

plan(long.json "\"qvit4\"" "\"epochs\": 1000000")
set(prefix timeout --preserve-status --signal=INT 3)
run(sweep long.json --out long --jobs 2)
set(prefix "")
check("Ctrl-C ends with 130" [[status STREQUAL "130" AND err MATCHES "qvit: interrupted\n$"]])

# compare
refused("tell them apart by more columns" compare runs/results.csv)
run(compare runs/results.csv --by options --baseline base --metric test_auc --json)
check("compare ends well" [[status STREQUAL "0" AND err STREQUAL ""]])
string(JSON rows LENGTH "${out}" rows)
string(JSON pairs GET "${out}" rows 1 difference pairs)
string(JSON group GET "${out}" rows 1 group)
string(JSON mean GET "${out}" rows 1 mean)
check("a row for each group: ${rows} ${group} ${pairs}" [[rows EQUAL 2 AND group STREQUAL "flips" AND pairs EQUAL 2]])
check("mean ${mean} is an AUC" [[mean GREATER 0 AND mean LESS 1]])
run(compare runs/results.csv --by options --baseline base --metric test_auc)
check("the table is Markdown" [[out MATCHES "^[|] data [|] options [|] runs [|] test_auc [|] minus base .95 %. [|]\n[|] --- "]])
refused("did you mean 'base'?" compare runs/results.csv --by options --baseline bsae)
refused("did you mean 'test_auc'?" compare runs/results.csv --by options --metric test_au)
refused("expected two files of scores with --data" compare runs/results.csv --data synthetic)
refused("expected scores of" compare runs/results.csv runs/results.csv --data synthetic)
refused("no column 'data'" compare plan.json)

get_property(problems GLOBAL PROPERTY problems)
if(problems)
  message(FATAL_ERROR "${problems}")
endif()

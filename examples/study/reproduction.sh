#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The numbers of docs/reproduction.md: classical teachers, four students from scratch and distilled, five seeds.
#
#     examples/study/reproduction.sh QVIT DATA OUT [SET...]     the tool, the folder of the .npz files, a folder for results
#
# For each set: OUT/SET/scratch.csv (qvit sweep), teachers.csv, STUDENT/comparison.md (qvit distil); then table.py reads them.
# What is there already is not done again.
set -eu
qvit=$1 data=$2 out=$3
shift 3
[ $# -gt 0 ] || set -- retinamnist breastmnist pneumoniamnist_rebuilt bloodmnist_like

for set in "$@"; do
  case $set in
    bloodmnist_like) teacher_epochs=15 augment=dihedral normalise=medmnist ;;
    pneumoniamnist_rebuilt) teacher_epochs=30 augment=none normalise=medmnist ;;
    retinamnist) teacher_epochs=100 augment=dihedral normalise=data ;;
    *) teacher_epochs=100 augment=none normalise=data ;;
  esac
  common="\"augment\": \"$augment\", \"normalise\": \"$normalise\", \"lr\": 0.01"
  here=$out/$set
  file=$data/$set.npz
  mkdir -p "$here"

  echo "{\"data\": \"$file\", \"model\": [\"qvit4\", \"qvit8\", \"vit4\", \"vit8\"], \"seed\": [0, 1, 2, 3, 4]," \
    "\"options\": [{\"name\": \"scratch\", \"epochs\": 100}], \"common\": {$common}}" > "$here/scratch.json"
  "$qvit" sweep "$here/scratch.json" --out "$here/scratch"

  for seed in 0 1 2 3 4; do  # the first three teach
    [ -e "$here/teacher-$seed/result.json" ] || {
      rm -rf "$here/teacher-$seed"
      "$qvit" train --data "$file" --model teacher --seed $seed --epochs $teacher_epochs --lr 0.001 --normalise $normalise \
        --augment $augment --out "$here/teacher-$seed"
    }
  done

  for student in qvit4 qvit8 vit4 vit8; do
    [ -s "$here/$student.json" ] || {
      "$qvit" distil --data "$file" --student $student --seeds 5 --augment $augment --normalise $normalise \
        --teacher "$here/teacher-0/best.safetensors" "$here/teacher-1/best.safetensors" \
        "$here/teacher-2/best.safetensors" \
        --kd-epochs 50 --kd-lr 0.01 --epochs 50 --lr 0.003 --json > "$here/$student.json.part"
      mv "$here/$student.json.part" "$here/$student.json"
    }
    # Two sets and the quantum models again, with as many epochs on labels as those from scratch had above.
    case $set-$student in retinamnist-qvit* | bloodmnist_like-qvit*) ;; *) continue ;; esac
    [ -s "$here/long-$student.json" ] || {
      "$qvit" distil --data "$file" --student $student --seeds 5 --augment $augment --normalise $normalise \
        --teacher "$here/teacher-0/best.safetensors" "$here/teacher-1/best.safetensors" \
        "$here/teacher-2/best.safetensors" \
        --kd-epochs 50 --kd-lr 0.01 --epochs 100 --lr 0.01 --json > "$here/long-$student.json.part"
      mv "$here/long-$student.json.part" "$here/long-$student.json"
    }
  done
done

// SPDX-License-Identifier: Apache-2.0
#pragma once

/// All of the layer data.

#include <qvit/data/accuracy.hpp>
#include <qvit/data/auc.hpp>
#include <qvit/data/augmentation.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/bootstrap.hpp>
#include <qvit/data/byte_image.hpp>
#include <qvit/data/calibration.hpp>
#include <qvit/data/class_balance.hpp>
#include <qvit/data/class_scores.hpp>
#include <qvit/data/confusion_matrix.hpp>
#include <qvit/data/csv_text.hpp>
#include <qvit/data/dataset.hpp>
#include <qvit/data/default_augmentation.hpp>
#include <qvit/data/edit_distance.hpp>
#include <qvit/data/find_dataset_file.hpp>
#include <qvit/data/image_block.hpp>
#include <qvit/data/image_difference.hpp>
#include <qvit/data/image_folder.hpp>
#include <qvit/data/image_view.hpp>
#include <qvit/data/input_file.hpp>
#include <qvit/data/load_dataset.hpp>
#include <qvit/data/md5.hpp>
#include <qvit/data/medmnist.hpp>
#include <qvit/data/normalisation.hpp>
#include <qvit/data/npy_array.hpp>
#include <qvit/data/npy_header.hpp>
#include <qvit/data/npz.hpp>
#include <qvit/data/orientation.hpp>
#include <qvit/data/paired_difference.hpp>
#include <qvit/data/printable.hpp>
#include <qvit/data/read_dataset.hpp>
#include <qvit/data/read_image.hpp>
#include <qvit/data/read_logits.hpp>
#include <qvit/data/resize_dataset.hpp>
#include <qvit/data/resize_image.hpp>
#include <qvit/data/roc_curve.hpp>
#include <qvit/data/sample_summary.hpp>
#include <qvit/data/show_image.hpp>
#include <qvit/data/symmetric_beta.hpp>
#include <qvit/data/synthetic.hpp>
#include <qvit/data/task.hpp>
#include <qvit/data/zip_archive.hpp>
#include <qvit/data/zip_entry_reader.hpp>

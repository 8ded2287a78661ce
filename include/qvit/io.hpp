// SPDX-License-Identifier: Apache-2.0
#pragma once

/// All of the layer io.

#include <qvit/io/atomic_file.hpp>
#include <qvit/io/attention_plot.hpp>
#include <qvit/io/axis_ticks.hpp>
#include <qvit/io/bar_plot.hpp>
#include <qvit/io/base64.hpp>
#include <qvit/io/checkpoint.hpp>
#include <qvit/io/confusion_plot.hpp>
#include <qvit/io/crc32c.hpp>
#include <qvit/io/csv_file.hpp>
#include <qvit/io/flat_tensors.hpp>
#include <qvit/io/io_error.hpp>
#include <qvit/io/json_text.hpp>
#include <qvit/io/line_plot.hpp>
#include <qvit/io/markup_text.hpp>
#include <qvit/io/medmnist_result.hpp>
#include <qvit/io/metrics_file.hpp>
#include <qvit/io/named_tensor.hpp>
#include <qvit/io/number_text.hpp>
#include <qvit/io/picture.hpp>
#include <qvit/io/plot_colours.hpp>
#include <qvit/io/png.hpp>
#include <qvit/io/rasterized.hpp>
#include <qvit/io/read_medmnist_result.hpp>
#include <qvit/io/reliability_plot.hpp>
#include <qvit/io/report_page.hpp>
#include <qvit/io/rgb_image.hpp>
#include <qvit/io/roc_plot.hpp>
#include <qvit/io/safetensors.hpp>
#include <qvit/io/stroke_font.hpp>
#include <qvit/io/svg.hpp>
#include <qvit/io/tensorboard_file.hpp>
#include <qvit/io/training_report.hpp>

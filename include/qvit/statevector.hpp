// SPDX-License-Identifier: Apache-2.0
#pragma once

/// All of the layer statevector.

#include <qvit/statevector/amplitude.hpp>
#include <qvit/statevector/closed_form_engine.hpp>
#include <qvit/statevector/evaluator.hpp>
#include <qvit/statevector/lane_expectations.hpp>
#include <qvit/statevector/lane_statevector_engine.hpp>
#include <qvit/statevector/schedule.hpp>
#include <qvit/statevector/slots.hpp>
#include <qvit/statevector/stage_groups.hpp>

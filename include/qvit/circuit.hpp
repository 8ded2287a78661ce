// SPDX-License-Identifier: Apache-2.0
#pragma once

/// All of the layer circuit.

#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/closed_form.hpp>
#include <qvit/circuit/draw.hpp>
#include <qvit/circuit/engine.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/gate.hpp>
#include <qvit/circuit/heisenberg.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/merged.hpp>
#include <qvit/circuit/monomials.hpp>
#include <qvit/circuit/pauli_string.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/circuit/table.hpp>
#include <qvit/circuit/topology.hpp>

// SPDX-License-Identifier: Apache-2.0
#pragma once

/// All of the layer attention.

#include <qvit/attention/classical_attention.hpp>
#include <qvit/attention/gaussian_attention.hpp>
#include <qvit/attention/multi_head_attention.hpp>
#include <qvit/attention/orthogonal_attention.hpp>
#include <qvit/attention/quantum_attention.hpp>

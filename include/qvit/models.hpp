// SPDX-License-Identifier: Apache-2.0
#pragma once

/// All of the layer models.

#include <qvit/models/named_models.hpp>

// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <type_traits>

#include <qvit/shape/shape.hpp>

using namespace qvit;

namespace {
constexpr shape<2, 3, 4> box;
static_assert(shape<2, 3, 4>::rank == 3 && shape<2, 3, 4>::is_static);
static_assert(box.size() == 24 && box.extent(0) == 2 && box.extent(1) == 3 && box.extent(2) == 4);
static_assert(box.offset(0, 0, 0) == 0 && box.offset(0, 0, 1) == 1 && box.offset(0, 1, 0) == 4 &&
              box.offset(1, 0, 0) == 12);
static_assert(box.offset(1, 2, 3) == 23);
static_assert(shape<>{}.size() == 1 && shape<>{}.offset() == 0 && shape<>::rank == 0);
static_assert(shape<5, 0>{}.size() == 0);

static_assert(!shape<dynamic, 4>::is_static && shape<dynamic, 4>::static_extent<0> == dynamic);
static_assert(shape<dynamic, 4>::static_extent<1> == 4);
static_assert(shape<dynamic, 4>(7).size() == 28);
static_assert(shape<2, dynamic, 3, dynamic>(5, 7).extent(1) == 5);
static_assert(shape<2, dynamic, 3, dynamic>(5, 7).extent(3) == 7);
static_assert(shape<2, dynamic, 3, dynamic>(5, 7).offset(1, 4, 2, 6) == 2 * 5 * 3 * 7 - 1);

template <class Shape>
struct with_pointer {
    double* value;
    [[no_unique_address]] Shape extents;
};
static_assert(sizeof(shape<dynamic, 4>) == sizeof(std::size_t));
static_assert(sizeof(shape<dynamic, 4, dynamic>) == 2 * sizeof(std::size_t));

// As many run-time extents as are declared dynamic, and no conversion from a number behind one's back.
static_assert(!std::is_constructible_v<shape<dynamic, dynamic>, int>);
static_assert(!std::is_constructible_v<shape<2, 3>, int>);
static_assert(!std::is_convertible_v<int, shape<dynamic>>);

template <class Shape, class... Indices>
constexpr bool takes = requires(Shape s, Indices... i) {
    s.offset(i...);
};
static_assert(takes<shape<2, 3>, int, int> && !takes<shape<2, 3>, int> && !takes<shape<2, 3>, int, int, int>);
}  // namespace

TEST_CASE("shape: offsets of all elements are 0, 1, 2, ... in row-major order") {
    const shape<dynamic, 3, dynamic> s(2, 4);
    std::size_t expected = 0;
    for (int i = 0; i < 2; ++i)
        for (int j = 0; j < 3; ++j)
            for (int k = 0; k < 4; ++k) CHECK(s.offset(i, j, k) == expected++);
    CHECK(s.size() == expected);
}

TEST_CASE("shape: a default-made dynamic shape is empty") { CHECK(shape<dynamic, 3>{}.size() == 0); }

TEST_CASE("shape: a static shape occupies nothing in a variable, a dynamic one its run-time extents") {
    CHECK(std::is_empty_v<shape<17, 4>>);
    CHECK(sizeof(with_pointer<shape<17, 4>>) == sizeof(double*));
    CHECK(sizeof(with_pointer<shape<dynamic, 4>>) == sizeof(double*) + sizeof(std::size_t));
}

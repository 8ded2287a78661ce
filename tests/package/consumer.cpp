// SPDX-License-Identifier: Apache-2.0
// A user's program: takes the version it expects and returns 0 if the headers it found are of that version.
#include <cstring>

#include <qvit/core/config.hpp>

#if defined(WITH_DATA)
#include <md5.h>
#include <zlib.h>
#endif

int main(int argc, char** argv) {
#if defined(WITH_DATA)
    // qvit::data brings the two libraries along.
    MD5_CTX digest;
    MD5Init(&digest);
    if (zlibVersion() == nullptr) return 1;
#endif
    return argc == 2 && std::strcmp(argv[1], qvit::version) == 0 ? 0 : 1;
}

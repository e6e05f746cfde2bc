#pragma once

#include <cstdio>
#include <cstdlib>

/// Ends the process when `truth` does not hold, so that libFuzzer and CTest keep the input at hand.
inline void must_hold(bool truth, const char* what) {
  if (truth) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

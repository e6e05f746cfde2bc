#include "base/error.hpp"

#include <utility>

namespace product_sync {

std::string Error::text() const { return remedy.empty() ? message : message + " " + remedy; }

tl::unexpected<Error> fail(std::string code, std::string message, std::string remedy, Retry retry) {
  return tl::unexpected<Error>(Error{std::move(code), std::move(message), std::move(remedy), retry, std::nullopt});
}

tl::unexpected<Error> cancelled(std::string_view what) {
  return fail("cancelled", std::string(what) + " was cancelled.", {}, Retry::cancelled);
}

}  // namespace product_sync

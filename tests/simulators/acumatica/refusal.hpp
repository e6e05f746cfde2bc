#pragma once

#include <stdexcept>
#include <string>

namespace acumatica_sim {

/// A request that the instance answers with an error body (acumatica.md §2.5). Thrown while a request is understood,
/// caught at one place, the dispatch of routes.
struct Refusal : std::runtime_error {
  Refusal(int http_status, const std::string& text, std::string exception_type = "PX.Data.PXException")
      : std::runtime_error(text), status(http_status), type(std::move(exception_type)) {}

  int status;
  std::string type;  ///< .NET class name; only CannotOptimizeException is documented, the others are stand-ins
};

/// The body: message, exceptionMessage, exceptionType, stackTrace.
[[nodiscard]] std::string error_body(const Refusal& refusal);

}  // namespace acumatica_sim

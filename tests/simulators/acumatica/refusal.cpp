#include "refusal.hpp"

#include "json_text.hpp"

namespace acumatica_sim {

std::string error_body(const Refusal& refusal) {
  std::string body = R"({"message":"An error has occurred.","exceptionMessage":)";
  append_json_string(body, refusal.what());
  body += R"(,"exceptionType":)";
  append_json_string(body, refusal.type);
  return body + R"#(,"stackTrace":"   at PX.Api.ContractBased.EntityService.Get(EntityImpl entity)"})#";
}

}  // namespace acumatica_sim

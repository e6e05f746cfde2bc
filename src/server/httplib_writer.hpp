#pragma once

#include <functional>
#include <string>

#include "front/message.hpp"
#include "server/http.hpp"

namespace product_sync::server {

/// Has cpp-httplib answer a request that the front has read and checked: it parses a clean head, calls `handle`, and
/// writes the response, compressed where the client takes that. It meets neither the connection nor the body, so none
/// of its weaknesses in reading from strangers matter. Returns the whole response. `fields` are the request's; those of
/// `head` are not looked at.
[[nodiscard]] std::string write_with_httplib(const front::RequestHead& head, const front::Fields& fields,
                                             bool keep_alive, const std::function<Response()>& handle);

}  // namespace product_sync::server

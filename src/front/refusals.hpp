#pragma once

#include "front/message.hpp"

/// Every reason for which the front itself refuses a request. The codes stand in responses and name the counter in
/// `/metrics`; docs/listener.md explains them.
namespace product_sync::front::refusals {

inline constexpr Refusal kBareLineFeed{400, "request.bare_line_feed", "A line ends without a carriage return."};
inline constexpr Refusal kBareCarriageReturn{400, "request.bare_carriage_return",
                                             "A carriage return stands without a line feed."};
inline constexpr Refusal kControlCharacter{400, "request.control_character", "The head contains a control character."};
inline constexpr Refusal kRequestLine{400, "request.line", "The request line is not METHOD SP target SP version."};
inline constexpr Refusal kTarget{400, "request.target",
                                 "The target is not a path with an optional query in valid characters; this server is "
                                 "no proxy."};
inline constexpr Refusal kFieldLine{400, "request.field", "A header line is not a name, a colon and a value."};
inline constexpr Refusal kFoldedLine{400, "request.folded_line", "A header line begins with a blank."};
inline constexpr Refusal kHost{400, "request.host", "There must be exactly one Host field, with a valid name."};
inline constexpr Refusal kContentLength{400, "request.content_length",
                                        "There must be one Content-Length at most, a decimal number."};
inline constexpr Refusal kTwoFramings{400, "request.two_framings",
                                      "Content-Length and Transfer-Encoding must not stand together."};
inline constexpr Refusal kTransferEncoding{400, "request.transfer_encoding",
                                           "Transfer-Encoding must stand once, in HTTP/1.1, and be chunked."};
inline constexpr Refusal kChunk{400, "request.chunk",
                                "A chunk is not a hexadecimal size, a line end, as many bytes and a line end; chunk "
                                "extensions are not taken."};
inline constexpr Refusal kTrailer{400, "request.trailer", "Fields behind the last chunk are not taken."};
inline constexpr Refusal kCutOff{400, "request.cut_off", "The connection ended within the request."};
inline constexpr Refusal kHeadTimeout{408, "request.head_timeout", "The head did not arrive in time."};
inline constexpr Refusal kBodyTimeout{408, "request.body_timeout", "The body did not arrive in time."};
inline constexpr Refusal kTooLarge{413, "request.too_large", "The body is larger than this address takes."};
inline constexpr Refusal kTargetTooLong{414, "request.target_too_long", "The request line is too long."};
inline constexpr Refusal kContentCoding{415, "request.content_coding", "Compressed bodies are not taken."};
inline constexpr Refusal kExpectation{417, "request.expectation", "The only expectation taken is 100-continue."};
inline constexpr Refusal kHeadTooLarge{431, "request.head_too_large", "The head is too large."};
inline constexpr Refusal kTooManyFields{431, "request.too_many_fields", "There are too many header fields."};
inline constexpr Refusal kMethod{501, "request.method_unknown", "The method is not known here."};
inline constexpr Refusal kTransferCoding{501, "request.transfer_coding", "The only transfer coding taken is chunked."};
inline constexpr Refusal kBodyMemory{503, "request.body_memory", "Too much is being received at the same time."};
// Without an answer: the client speaks another language.
inline constexpr Refusal kProxyHeader{400, "proxy.header", "A trusted proxy sent no valid PROXY header."};
inline constexpr Refusal kTls{400, "tls.failed", "TLS failed."};
inline constexpr Refusal kVersion{505, "request.version", "The protocol is neither HTTP/1.1 nor HTTP/1.0."};

}  // namespace product_sync::front::refusals

#include "transfer/probe.hpp"

#include <fmt/format.h>

#include <string>

#include "base/digest.hpp"

namespace product_sync::transfer {
namespace {

Result<void> put_look_and_rename(Destination& destination, const StoreBytes& store, const std::string& first,
                                 const std::string& second, const std::stop_token& stop) {
  constexpr std::string_view kContent = "A check by Product Sync; may be removed.\n";
  std::string_view rest = kContent;
  const ReadSome source = [&](std::span<char> space) -> Result<std::size_t> {
    const auto count = rest.copy(space.data(), space.size());
    rest.remove_prefix(count);
    return count;
  };
  if (auto stored = store(first, kContent.size(), source); !stored) return stored;
  const auto there = destination.size(first, stop);
  if (!there && there.error().code != "transfer.stat_refused") return tl::unexpected(there.error());
  if (there && *there != kContent.size()) {
    return fail("transfer.size_mismatch", fmt::format("{} took a file of {} bytes but does not have it.",
                                                      destination.describe(), kContent.size()));
  }
  const auto renamed = destination.rename(first, second, stop);
  if (!renamed && renamed.error().code != "transfer.rename_refused") return renamed;
  return destination.remove(renamed ? second : first, stop);
}

}  // namespace

Result<void> probe(Destination& destination, const StoreBytes& store, const std::stop_token& stop) {
  const auto stem = "product-sync-check-" + random_hex(8);
  const auto name = stem + ".part";  // an unfinished upload, to whoever watches the directory
  const auto renamed = stem + "-renamed.part";
  auto probed = put_look_and_rename(destination, store, name, renamed, stop);
  if (!probed && destination.remove(name, {}))
    static_cast<void>(destination.remove(renamed, {}));  // as well as it goes
  return probed;
}

}  // namespace product_sync::transfer

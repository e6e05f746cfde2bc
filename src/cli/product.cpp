#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>

#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "server/json.hpp"
#include "sync/near_skus.hpp"
#include "sync/story.hpp"

namespace product_sync::cli {
namespace {

void print_field(std::string_view name, std::string_view text) {
  if (!text.empty()) fmt::print("  {:<14} {}\n", name, text);
}

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, ", ")); }

std::string since(std::string_view text, const std::optional<Instant>& time) {
  return time ? fmt::format("{}, {}", text, to_iso8601(*time)) : std::string(text);
}

void print_entry(const store::LedgerEntry& entry) {
  print_field("state", fmt::format("{} since {}", store::to_text(entry.state), to_iso8601(entry.changed_at)));
  print_field("reason", entry.reason.empty() ? "" : fmt::format("{} ({})", entry.reason, entry.reason_code));
}

void print_origin(const store::LedgerEntry& entry) {
  print_field("kind", catalog::to_text(entry.kind));
  print_field("parent", entry.parent);
  if (entry.inventory_id != entry.sku) print_field("inventory ID", entry.inventory_id);
}

std::string id_line(const store::LedgerEntry& entry) {
  if (entry.product_id.empty()) return "not known";
  return entry.written_id == entry.product_id ? fmt::format("{}, written to Acumatica", entry.product_id)
                                              : entry.product_id;
}

void print_told(const store::LedgerEntry& entry) {
  if (entry.told.empty()) {
    fmt::print("  Rithum was never told of it.\n");
    return;
  }
  fmt::print("  {}:\n", since("Rithum was last told", entry.sent_at));
  for (const auto& [name, text] : entry.told) fmt::print("    {} = {}\n", name, text);
}

void print_step(const sync::StoryStep& step) {
  fmt::print("  {}  {:<12}  {}", to_iso8601(step.at), sync::to_text(step.kind), step.text);
  if (!step.code.empty()) fmt::print(" ({})", step.code);
  if (step.times > 1) fmt::print(" {} times, the last {}.", step.times, step.until ? to_iso8601(*step.until) : "");
  fmt::print("{}\n", step.run_id.empty() ? "" : fmt::format(" [{}]", step.run_id));
  for (const auto& change : step.changes) {
    fmt::print("      {}: \"{}\" -> \"{}\"\n", change.key, change.before, change.after);
  }
  if (step.kind != sync::StepKind::row) return;
  if (!step.row) fmt::print("      The spool has the file no more, or it is too large to look through.\n");
  if (!step.row) return;
  for (const auto& cell : *step.row) fmt::print("      {} = {}\n", cell.column, cell.text);
}

void print_story(const std::string& site, const sync::Story& story) {
  fmt::print("{} of site {}\n", story.sku, site);
  if (story.entry) {
    print_entry(*story.entry);
  } else {
    print_field("state", "not known: no run has judged its item");
  }
  print_field("what to do", story.remedy);
  if (story.waiting) {
    print_field("waiting file", fmt::format("{}, {} attempts so far", story.waiting->file.name, story.waiting->attempts));
  }
  if (story.retry) {
    print_field("to be read", fmt::format("{}; next attempt {}", story.retry->message, to_iso8601(story.retry->next_attempt)));
  }
  if (story.entry) {
    print_field("product ID", id_line(*story.entry));
    print_origin(*story.entry);
  }
  print_field("components", joined(story.components));
  print_field("variations", joined(story.variations));
  print_field("in bundles", joined(story.bundles));
  if (story.entry) print_told(*story.entry);
  fmt::print("  {}\n", story.steps.empty() ? "Nothing is kept of its past." : "Its story [with the sync of each step]:");
  for (const auto& step : story.steps) print_step(step);
}

Result<void> print_site(const std::string& site, const ProductOptions& options, store::Store& store, bool& found) {
  const auto story = sync::tell_story(site, options.sku, store);
  if (!story) return tl::unexpected(story.error());
  if (!*story) return {};
  found = true;
  if (!options.json) {
    print_story(site, **story);
    return {};
  }
  server::Json json{{"site", site}};
  json.update(server::to_json(**story));
  fmt::print("{}\n", json.dump());
  return {};
}

Result<void> print_unknown(const ProductOptions& options, Installation& installation) {
  std::vector<std::string> sites;
  std::vector<std::string> near;
  for (const auto& site : installation.sites()) {
    sites.push_back(site->config().id);
    const auto some = sync::near_skus(sites.back(), options.sku, installation.store());
    if (!some) return tl::unexpected(some.error());
    for (const auto& sku : *some) {
      if (std::ranges::find(near, sku) == near.end()) near.push_back(sku);
    }
  }
  fmt::print(stderr, "product-sync: no product {} is known to {} {}. {}\n", options.sku,
             sites.size() == 1 ? "site" : "sites", joined(sites),
             near.empty() ? "A sync reads it if it is new in Acumatica." : sync::did_you_mean(near));
  return {};
}

ExitCode product_failed(const Error& error) {
  fmt::print(stderr, "product-sync: {}\n", error.text());
  return ExitCode::failed;
}

}  // namespace

ExitCode product(const config::Config& config, const ProductOptions& options) {
  auto installation = Installation::open(config, options.sites);
  if (!installation) return product_failed(installation.error());
  bool found = false;
  for (const auto& site : (*installation)->sites()) {
    const auto printed = print_site(site->config().id, options, (*installation)->store(), found);
    if (!printed) return product_failed(printed.error());
  }
  if (found) return ExitCode::ok;
  if (auto told = print_unknown(options, **installation); !told) return product_failed(told.error());
  return ExitCode::failed;
}

}  // namespace product_sync::cli

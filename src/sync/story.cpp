#include "sync/story.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

#include "base/bytes.hpp"
#include "sync/subject.hpp"

namespace product_sync::sync {
namespace {

using store::EventKind;
using store::FileEventKind;
using store::ProductState;

/// Bytes of feed files that one story looks through for its rows; the newest rows come first.
constexpr std::uint64_t kSearched = 1ULL << 30U;

/// What a person can do, by state and, where it says more, by the beginning of the reason's code. The first that fits.
struct Remedy {
  ProductState state;
  std::string_view code;
  std::string_view text;
};
constexpr std::array kRemedies{
    Remedy{ProductState::parked, "",
           "Correct what the reason names, in Acumatica or in the mapping. A changed item is read again at once; after a "
           "change of the mapping run \"product-sync sync full\"."},
    Remedy{ProductState::not_exported, "",
           "Nothing, unless it should be exported: then change what the reason names, in Acumatica or in the mapping."},
    Remedy{ProductState::withdrawn, "",
           "Nothing, unless it should be sold again: then change what the reason names, and it is sent again by itself."},
    Remedy{ProductState::rejected, "",
           "Correct what Rithum names, in Acumatica or in the mapping: the change is sent by itself. To have it sent again "
           "as it is: \"product-sync retry-rejected SKU\"."},
    Remedy{ProductState::overdue, "confirmation.vanished",
           "If it was not deleted in Rithum on purpose, send its file again: \"product-sync resend FILE\"."},
    Remedy{ProductState::overdue, "confirmation.different",
           "See who changes the product in Rithum. To have it as Acumatica says, send its file again: \"product-sync resend "
           "FILE\"."},
    Remedy{ProductState::overdue, "",
           "See Rithum's Upload/Download Status for the file; \"product-sync confirm\" looks again, and \"product-sync "
           "resend FILE\" sends it again."},
    Remedy{ProductState::sent, "confirmation.different",
           "Nothing yet: Rithum may take a while. If it stays so, see who changes the product in Rithum."},
};

constexpr std::array<std::string_view, 9> kStepNames{"notification", "read",    "decision",   "plan",      "row",
                                                     "delivery",     "outcome", "product_id", "write_back"};

/// A retry for these reasons is no failure of a read.
constexpr std::array<std::string_view, 4> kReadAgain{"rejected.", "delivery.", "push.", "family."};

std::string with_placeholders_filled(std::string_view text, const std::string& sku, const std::string& file) {
  std::string filled(text);
  for (const auto& [name, value] : {std::pair<std::string_view, const std::string&>{"SKU", sku}, {"FILE", file}}) {
    const auto at = filled.find(fmt::format(" {}\"", name));
    if (at != std::string::npos && !value.empty()) filled.replace(at + 1, name.size(), value);
  }
  return filled;
}

std::string remedy_for(const store::LedgerEntry& entry, const std::string& last_file) {
  for (const auto& remedy : kRemedies) {
    if (remedy.state == entry.state && entry.reason_code.starts_with(remedy.code)) {
      return with_placeholders_filled(remedy.text, entry.sku, last_file);
    }
  }
  return {};
}

/// Makes the steps of a story out of what the store kept.
class Weaver {
 public:
  Weaver(store::ProductHistory history, std::string sku_key, store::Store& store)
      : history_(std::move(history)), sku_key_(std::move(sku_key)), store_(store) {}

  Result<std::vector<StoryStep>> weave() {
    for (const auto& mention : history_.mentions) add_mention(mention);
    for (const auto& event : history_.events) {
      if (auto added = add_event(event); !added) return tl::unexpected(added.error());
    }
    std::ranges::stable_sort(steps_, {}, [](const StoryStep& step) { return std::tuple(step.at, step.kind); });
    look_up_rows();
    return std::move(steps_);
  }

 private:
  StoryStep& add(StepKind kind, Instant at, const std::string& run_id, std::string text) {
    StoryStep step;
    step.kind = kind;
    step.at = at;
    step.run_id = run_id;
    step.text = std::move(text);
    return steps_.emplace_back(std::move(step));
  }

  void add_mention(const store::Mention& mention) {
    add(StepKind::notification, mention.received, mention.run_id,
        fmt::format("Acumatica's \"{}\" named the item{}.", mention.query,
                    mention.pending ? "; it waits to be read" : ""));
  }

  Result<void> add_event(const store::Event& event) {
    switch (event.kind) {
      case EventKind::state:
        return add_state(event);
      case EventKind::unchanged:
        return add_unchanged(event);
      case EventKind::row:
        return add_row(event);
      case EventKind::retry:
        add_retry(event);
        return {};
      case EventKind::product_id:
        add(StepKind::product_id, event.at, event.run_id, id_text(event));
        return {};
      case EventKind::written_id:
        add(StepKind::write_back, event.at, event.run_id,
            fmt::format("Acumatica was told the product ID {}.", event.value));
        return {};
    }
    return {};
  }

  static std::string id_text(const store::Event& event) {
    if (event.value.empty()) return fmt::format("The product ID {} was forgotten.", event.text);
    if (event.text.empty()) return fmt::format("Rithum's product ID is {}.", event.value);
    return fmt::format("Rithum's product ID is {} now; it was {}.", event.value, event.text);
  }

  void add_retry(const store::Event& event) {
    const bool again =
        std::ranges::any_of(kReadAgain, [&](std::string_view code) { return event.code.starts_with(code); });
    add(StepKind::read, event.at, event.run_id,
        fmt::format("{}: {}", again ? "The item is to be read again" : "The item could not be read", event.text))
        .code = event.code;
  }

  Result<StoryStep*> add_read(Instant at, const store::Event& event) {
    const auto type = type_of(event.run_id);
    if (!type) return tl::unexpected(type.error());
    return &add(StepKind::read, at, event.run_id,
                type->empty() ? "Read from Acumatica." : fmt::format("Read from Acumatica by a {} sync.", *type));
  }

  Result<void> add_unchanged(const store::Event& event) {
    const auto read = add_read(event.at, event);
    if (!read) return tl::unexpected(read.error());
    (*read)->times = event.times;
    (*read)->until = event.until;
    auto& decision = add(StepKind::decision, event.at, event.run_id, "Rithum was told of it as it is: nothing to send.");
    decision.times = event.times;
    decision.until = event.until;
    return {};
  }

  Result<void> add_state(const store::Event& event) {
    const auto state = store::parse_product_state(event.value);
    const bool answer = state == ProductState::confirmed || state == ProductState::rejected ||
                        state == ProductState::overdue || event.code.starts_with("confirmation.");
    if (!answer) {
      if (const auto read = add_read(event.at, event); !read) return tl::unexpected(read.error());
    }
    auto& step = add(answer ? StepKind::outcome : StepKind::decision, event.at, event.run_id, state_text(event, state));
    step.code = event.code;
    if (answer && event.file != 0) name_file(step, event.file);
    return {};
  }

  static std::string state_text(const store::Event& event, std::optional<ProductState> state) {
    const auto because = event.text.empty() ? std::string(".") : ": " + event.text;
    if (state == ProductState::confirmed) return "Rithum holds what was sent.";
    if (state == ProductState::rejected) return "Rithum refused it" + because;
    if (state == ProductState::overdue) return "Overdue" + because;
    if (state == ProductState::parked) return "Parked" + because;
    if (state == ProductState::withdrawn) return "Withdrawn" + because;
    if (state == ProductState::not_exported) return "Not exported" + because;
    if (event.code.starts_with("confirmation.")) return "Rithum shows something else" + because;
    if (state == ProductState::sent) return "In order again, and Rithum was told of it as it is: nothing to send.";
    std::string text = event.value;
    return text += because;
  }

  Result<void> add_row(const store::Event& event) {
    const auto type = type_of(event.run_id);
    if (!type) return tl::unexpected(type.error());
    const bool repair = *type == store::to_text(store::RunType::reconcile);
    if (!repair) {
      if (const auto read = add_read(event.read_at.value_or(event.at), event); !read) {
        return tl::unexpected(read.error());
      }
    }
    add(StepKind::decision, event.at, event.run_id,
        repair ? "To be sent again: Rithum did not hold what it was told." : row_text(event))
        .code = event.code;
    const auto changed = event.plan.changes.size() + event.plan.more;
    auto& plan = add(StepKind::plan, event.at, event.run_id,
                     event.plan.whole ? "Rithum is told of the whole product."
                                      : fmt::format("{} {} changed.", changed, changed == 1 ? "value has" : "values have"));
    plan.changes = event.plan.changes;
    auto& row = add(StepKind::row, event.at, event.run_id, {});
    name_file(row, event.file);
    row.text = row.file_name.empty() ? "A row of a file that is not remembered any more."
                                     : fmt::format("A row of {}.", row.file_name);
    add_deliveries(event);
    return {};
  }

  static std::string row_text(const store::Event& event) {
    if (event.value == "withdrawn") return fmt::format("To be withdrawn: {}", event.text);
    return event.text.empty() ? "To be sent." : fmt::format("To be sent, with a remark: {}", event.text);
  }

  void add_deliveries(const store::Event& event) {
    const auto found = history_.files.find(event.file);
    if (found == history_.files.end()) return;
    for (const auto& happened : found->second.events) {
      auto& step = add(StepKind::delivery, happened.at, event.run_id, delivery_text(happened));
      step.times = happened.times;
      step.until = happened.until;
      if (happened.kind == FileEventKind::failed) step.code = happened.code;
      name_file(step, event.file);
    }
  }

  static std::string delivery_text(const store::FileEvent& happened) {
    switch (happened.kind) {
      case FileEventKind::failed:
        return "The file could not be delivered: " + happened.text;
      case FileEventKind::delivered:
        return happened.text.empty() ? "The file was delivered." : fmt::format("The file is at {}.", happened.text);
      case FileEventKind::dropped:
        return "The file was given up by an operator.";
      case FileEventKind::again:
        break;
    }
    return "An operator has the file sent again.";
  }

  void name_file(StoryStep& step, store::FileId id) const {
    step.file = id;
    if (const auto found = history_.files.find(id); found != history_.files.end()) {
      step.file_name = found->second.file.file.name;
    }
  }

  /// Empty when the run is not remembered any more.
  Result<std::string> type_of(const std::string& run_id) {
    if (const auto found = types_.find(run_id); found != types_.end()) return found->second;
    const auto run = store_.runs().find(run_id);
    if (!run) return tl::unexpected(run.error());
    std::string type(*run ? store::to_text((*run)->what.type) : std::string_view{});
    return types_.emplace(run_id, std::move(type)).first->second;
  }

  void look_up_rows() {
    auto budget = kSearched;
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
      if (step->kind != StepKind::row) continue;
      const auto found = history_.files.find(*step->file);
      if (found != history_.files.end()) step->row = find_sent_row(found->second.file.file.path, sku_key_, budget);
    }
  }

  const store::ProductHistory history_;
  const std::string sku_key_;
  store::Store& store_;
  std::map<std::string, std::string> types_;  // of runs, by their ids
  std::vector<StoryStep> steps_;
};

/// The file with the product's latest row.
const store::OutboxFile* last_file(const store::ProductHistory& history) {
  const auto last = std::ranges::find(history.events.rbegin(), history.events.rend(), EventKind::row, &store::Event::kind);
  if (last == history.events.rend()) return nullptr;
  const auto found = history.files.find(last->file);
  return found == history.files.end() ? nullptr : &found->second.file;
}

/// Parts and wholes of the product.
Result<void> add_relatives(std::string_view site, Story& story, store::Store& store) {
  const auto uses = store.kit_index().kits_of(site, key_of(story.sku));
  if (!uses) return tl::unexpected(uses.error());
  for (const auto& use : *uses) story.bundles.push_back(use.kit_id);
  if (!story.entry) return {};
  if (story.entry->kind == catalog::ProductKind::kit) {
    const auto components = store.kit_index().components_of(site, story.entry->inventory_id);
    if (!components) return tl::unexpected(components.error());
    for (const auto& component : *components) story.components.push_back(component.key);
  }
  if (story.entry->kind == catalog::ProductKind::parent) {
    const auto family = store.ledger().family(site, story.entry->sku);
    if (!family) return tl::unexpected(family.error());
    for (const auto& relative : *family) story.variations.push_back(relative.sku);
  }
  return {};
}

}  // namespace

std::string_view to_text(StepKind kind) { return kStepNames.at(static_cast<std::size_t>(kind)); }

Result<std::optional<Story>> tell_story(std::string_view site, std::string_view sku, store::Store& store) {
  const auto key = key_of(sku);
  auto entry = store.ledger().find(site, key);
  if (!entry) return tl::unexpected(std::move(entry.error()));
  auto history = store.history().of(site, key);
  if (!history) return tl::unexpected(std::move(history.error()));
  if (!*entry && history->empty()) return std::nullopt;

  Story story;
  story.sku = *entry ? (*entry)->sku : std::string(trim(sku));
  story.entry = std::move(*entry);
  story.retry = history->retry;
  const auto* file = last_file(*history);
  if (file != nullptr && file->state == store::FileState::sealed) story.waiting = *file;
  if (story.entry) story.remedy = remedy_for(*story.entry, file == nullptr ? std::string() : file->file.name);
  if (auto added = add_relatives(site, story, store); !added) return tl::unexpected(std::move(added.error()));
  auto steps = Weaver(std::move(*history), key, store).weave();
  if (!steps) return tl::unexpected(std::move(steps.error()));
  story.steps = std::move(*steps);
  return story;
}

}  // namespace product_sync::sync

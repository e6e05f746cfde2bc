#include "sync/bundle_admission.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "catalog/rules.hpp"

namespace product_sync::sync {
namespace {

constexpr std::string_view kAdmitted = "admitted";  // list of the scratch: by key of a component, round and number

}  // namespace

void BundleAdmission::begin_again() {
  ++round_;
  new_bundles_ = 0;
}

bool BundleAdmission::checks(std::string_view code) const {
  return catalog::Judgement({}, mapping_.policies, {}).policy(code) == catalog::Policy::park;
}

/// New bundles of this round that hold the component.
Result<std::uint64_t> BundleAdmission::admitted_with(const std::string& component, store::Scratch& kept) const {
  const auto bytes = kept.get(kAdmitted, component);
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return 0;
  const auto blank = (*bytes)->find(' ');
  if (std::stoull((*bytes)->substr(0, blank)) != round_) return 0;
  return std::stoull((*bytes)->substr(blank + 1));
}

Result<std::vector<catalog::Reason>> BundleAdmission::admit(const std::string& kit_id, const std::string& components,
                                                            store::Scratch& kept) {
  const auto& rules = *mapping_.bundles;
  const auto told = index_.told(site_, kit_id);
  if (!told) return tl::unexpected(told.error());
  std::vector<catalog::Reason> reasons;
  if (told->empty() && checks(catalog::kTooManyBundles)) {
    if (!told_bundles_) {  // counting takes a while, and it does not change during a run
      const auto there = index_.bundles(site_);
      if (!there) return tl::unexpected(there.error());
      told_bundles_ = *there;
    }
    const auto count = *told_bundles_ + new_bundles_;
    if (count >= rules.most_bundles) reasons.push_back(catalog::too_many_bundles(kit_id, count, rules));
  }
  std::vector<std::pair<std::string, std::uint64_t>> added;  // components that are new to it, with those admitted before
  for (const auto& component : catalog::component_keys(components)) {
    if (std::ranges::find(*told, component) != told->end()) continue;
    const auto admitted = admitted_with(component, kept);
    if (!admitted) return tl::unexpected(admitted.error());
    added.emplace_back(component, *admitted);
    if (!checks(catalog::kComponentInTooMany)) continue;
    const auto there = index_.bundles_with(site_, component);
    if (!there) return tl::unexpected(there.error());
    const auto count = *there + *admitted;
    if (count < rules.most_with_component) continue;
    reasons.push_back(catalog::component_in_too_many(kit_id, component, count, rules));
  }
  if (!reasons.empty()) return reasons;
  if (told->empty()) ++new_bundles_;
  for (const auto& [component, admitted] : added) {
    if (auto put = kept.put(kAdmitted, component, fmt::format("{} {}", round_, admitted + 1)); !put) {
      return tl::unexpected(put.error());
    }
  }
  return reasons;
}

}  // namespace product_sync::sync

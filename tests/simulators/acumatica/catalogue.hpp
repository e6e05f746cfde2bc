#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <shared_mutex>
#include <unordered_map>

#include "collation.hpp"
#include "schema.hpp"

namespace acumatica_sim {

struct CustomValue {
  std::string type;
  Cell value;
  bool operator==(const CustomValue&) const = default;
};

/// What differs from the generated record. Never changed once published: a change makes a new one.
struct Override {
  std::string key;       ///< of a record that was inserted, or whose key was changed; else empty
  bool scratch = false;  ///< nothing is generated: the record was inserted by a client
  bool deleted = false;
  Millis last_modified = 0;
  std::map<std::size_t, Cell> fields;
  std::map<std::size_t, std::vector<Row>> details;
  std::map<std::string, CustomValue, std::less<>> custom;
};

class Catalogue;

/// One record as it was when it was read; stays valid while others change the catalogue.
class Item {
 public:
  Item(const Catalogue& home, Seeded seeded, std::shared_ptr<const Override> over)
      : home_(&home), seeded_(seeded), over_(std::move(over)) {}

  [[nodiscard]] const EntitySpec& spec() const;
  [[nodiscard]] const Seeded& seeded() const { return seeded_; }
  [[nodiscard]] std::string key() const;
  [[nodiscard]] std::string id() const { return seeded_.guid(); }
  [[nodiscard]] Millis last_modified() const { return over_ ? over_->last_modified : seeded_.last_modified(); }
  [[nodiscard]] Cell cell(std::size_t field) const;
  [[nodiscard]] Cell field(std::string_view name) const;
  [[nodiscard]] std::vector<Row> rows(std::size_t detail) const;
  [[nodiscard]] Cell attribute(std::string_view id) const;
  /// By `View.Field`; none where the record has no such field.
  [[nodiscard]] std::optional<CustomValue> custom(std::string_view name) const;
  /// Names of the attached files. Clients cannot attach any.
  [[nodiscard]] std::vector<std::string> files() const;
  /// The description in the second language of the tenant; none when it has not been translated.
  [[nodiscard]] Cell french() const;

 private:
  [[nodiscard]] Cell stored(std::size_t field) const;

  const Catalogue* home_;
  Seeded seeded_;
  std::shared_ptr<const Override> over_;
};

struct RowEdit {
  std::string id;  ///< empty: find the row by its key columns
  std::map<std::size_t, Cell> cells;
  bool remove = false;
};

struct Edit {
  std::map<std::size_t, Cell> fields;
  std::map<std::size_t, std::vector<RowEdit>> details;
  std::map<std::string, CustomValue, std::less<>> custom;
};

enum class Presence { any, must_exist, must_not_exist };

/// What a change did. `touched` names fields, `Detail` or `View.Field`; empty = every value was as before.
struct Change {
  bool refused = false;  ///< by the Presence asked for, or because a new key is taken
  std::optional<Item> before;
  std::optional<Item> after;
  std::set<std::string, std::less<>> touched;
};

/// All records of one entity: generated ones, changed ones, inserted ones. Safe for many threads.
class Catalogue {
 public:
  enum class Order { ascending, shuffled };

  /// Where a listing stands. Rows of a stable catalogue are visited once each, whatever the batches.
  struct Place {
    std::uint64_t step = 0;      ///< generated records passed
    std::string inserted_after;  ///< key of the last inserted record passed
    bool any_inserted_passed = false;
    Order order = Order::ascending;
  };

  /// `details_stamp`: whether a change of detail rows alone moves LastModified (acumatica.md §2.6: unknown).
  Catalogue(const Tenant& tenant, const EntitySpec& spec, bool details_stamp);

  [[nodiscard]] const Tenant& tenant() const { return tenant_; }
  [[nodiscard]] const EntitySpec& spec() const { return spec_; }
  [[nodiscard]] std::size_t size() const;
  /// How many are generated.
  [[nodiscard]] std::uint64_t generated() const { return generated_; }
  [[nodiscard]] std::optional<Item> by_key(std::string_view key) const;
  [[nodiscard]] std::optional<Item> by_id(std::string_view guid) const;
  /// A generated record by its index, from 1, whatever its key is now; none when it was deleted.
  [[nodiscard]] std::optional<Item> by_index(std::uint64_t index) const;
  /// The items that name this template, in the order of their keys. `generated` says where its own children stand.
  [[nodiscard]] std::vector<Item> of_template(std::string_view template_key, IndexRange generated) const;

  /// The start of a listing; in ascending order it may start behind the key `above`.
  [[nodiscard]] Place start(Order order, const std::optional<std::string>& above = {}) const;

  /// Visits up to `most` records from `place` on, until `visit` says false (that one counts as visited).
  /// Returns false when the end was reached.
  bool visit(Place& place, std::size_t most, const std::function<bool(const Item&)>& visit) const;

  /// Creates or updates a record; values equal to the stored ones are skipped, and nothing else happens if all are
  /// (acumatica.md §2.9).
  Change apply(std::string_view key, const Edit& edit, Presence presence = Presence::any);
  Change remove(std::string_view key);
  /// Gives a record another key ("Change ID").
  Change rename(std::string_view key, std::string_view to);
  /// Moves the stamp alone.
  void touch(std::string_view key);

  /// Custom fields that exist, by `View.Field`, with their types.
  [[nodiscard]] std::map<std::string, std::string, std::less<>> custom_fields() const;

 private:
  using OverridePtr = std::shared_ptr<const Override>;

  [[nodiscard]] Seeded seeded(std::uint64_t index) const;
  [[nodiscard]] std::string generated_key(std::uint64_t index) const { return spec_.generated_key(seeded(index)); }
  /// The first generated index whose key is greater than `key`, or, with `or_equal`, not less.
  [[nodiscard]] std::uint64_t bound(std::string_view key, bool or_equal) const;
  [[nodiscard]] OverridePtr override_of(std::uint64_t index) const;
  [[nodiscard]] std::optional<std::uint64_t> index_of(std::string_view key) const;
  [[nodiscard]] std::optional<Item> at(std::uint64_t index) const;  ///< none when deleted
  [[nodiscard]] std::uint64_t shuffled(std::uint64_t step) const;
  void publish(std::uint64_t index, Override next);
  Millis next_stamp();

  const Tenant& tenant_;
  const EntitySpec& spec_;
  const bool details_stamp_;
  const std::uint64_t generated_;
  std::uint64_t stride_ = 1;         ///< coprime to the number of generated records
  mutable std::shared_mutex mutex_;  // guards all below
  std::vector<bool> touched_;        ///< per generated record: has an override
  std::unordered_map<std::uint64_t, OverridePtr> overrides_;
  std::map<std::string, std::uint64_t, CollationLess> inserted_;  ///< keys that are not generated, or no longer
  std::map<std::string, std::set<std::uint64_t>, CollationLess> moved_to_;  ///< by template: items told to belong to it
  std::map<std::string, std::string, std::less<>> declared_custom_;
  std::uint64_t next_index_;
  std::uint64_t rows_made_ = 0;
  std::size_t hidden_ = 0;  ///< generated records that are deleted or have another key
  Millis last_stamp_ = 0;
};

}  // namespace acumatica_sim

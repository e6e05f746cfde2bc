#include "acumatica/item_parser.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <optional>

#include "acumatica/reply.hpp"
#include "base/bytes.hpp"

namespace product_sync::acumatica {
namespace {

namespace ondemand = simdjson::ondemand;

/// Fields that name a record of another table; such keys may come padded (acumatica.md §1.3, §2.7).
constexpr std::array<std::string_view, 12> kKeyFields{
    "InventoryID", "ItemClass", "TemplateItemID", "DefaultWarehouseID", "PostingClass", "PriceClass",
    "TaxCategory", "BaseUOM",   "SalesUOM",       "PurchaseUOM",        "WeightUOM",    "VolumeUOM"};

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_key_field(std::string_view name) {
  return std::find(kKeyFields.begin(), kKeyFields.end(), name) != kKeyFields.end();
}

tl::unexpected<Error> unexpected_reply(std::string message) {
  return fail("acumatica.unexpected_reply", std::move(message),
              "If it stays so, check the base URL, and whether a proxy stands between.", Retry::later);
}

/// A value of one contract field: `{}`, `{"value":…}`, perhaps with an `error`, or with `Translations`.
struct Field {
  std::string value;
  std::string error;
  catalog::TextMap translations;
};

/// A record while it is being read.
struct Record {
  catalog::Item item;
  std::string key;  ///< InventoryID as sent
  std::string error;
};

/// Walks one record. Any simdjson error means that the walk and the validated text disagree, which is a fault of ours;
/// it leaves by simdjson_error and becomes an error value in ItemParser.
class RecordReader {
 public:
  explicit RecordReader(const Entity& entity) : entity_(entity), key_parts_(entity.keys.size()) {
    record_.item.entity = entity.items;
  }

  Record read(ondemand::object object) {
    for (auto member : object) {
      const std::string name(std::string_view(member.unescaped_key()));
      read_member(name, member.value());
    }
    record_.key = joined_key();
    record_.item.inventory_id = trim_right(record_.key);
    return std::move(record_);
  }

 private:
  void read_member(const std::string& name, ondemand::value value) {
    switch (value.type()) {
      case ondemand::json_type::array:
        read_detail(name, value.get_array());
        return;
      case ondemand::json_type::object:
        if (name == "custom") {
          read_custom(value.get_object());
        } else if (name != "_links" && name != "note") {
          take_field(std::string(entity_.catalogue_name(name)), read_field(value.get_object()));
        }
        return;
      case ondemand::json_type::string:
        if (name == "error") note_error(std::string(std::string_view(value.get_string())));
        return;
      default:
        return;  // id, rowNumber and other bare members of the system
    }
  }

  void take_field(const std::string& name, Field field) {
    note_field_error(name, field);
    const auto key = std::find(entity_.keys.begin(), entity_.keys.end(), name);
    if (key != entity_.keys.end()) key_parts_[static_cast<std::size_t>(key - entity_.keys.begin())] = field.value;
    if (is_key_field(name)) field.value = trim_right(field.value);
    record_.item.fields.try_emplace(name, std::move(field.value));
    if (!field.translations.empty()) record_.item.translations.try_emplace(name, std::move(field.translations));
  }

  void read_custom(ondemand::object views) {
    for (auto view : views) {
      const std::string prefix = std::string(std::string_view(view.unescaped_key())) + ".";
      ondemand::value content = view.value();
      if (content.type() != ondemand::json_type::object) continue;
      for (auto member : content.get_object()) {
        const std::string path = prefix + std::string(std::string_view(member.unescaped_key()));
        ondemand::value value = member.value();
        if (value.type() != ondemand::json_type::object) continue;
        Field field = read_field(value.get_object());
        note_field_error(path, field);
        record_.item.custom_fields.try_emplace(path, std::move(field.value));
      }
    }
  }

  /// As sent when it is one field; none when a part is missing.
  [[nodiscard]] std::string joined_key() const {
    if (key_parts_.size() == 1) return key_parts_.front();
    std::string key;
    for (const std::string& part : key_parts_) {
      if (trim_right(part).empty()) return {};
      if (!key.empty()) key += kKeyJoint;
      key += trim_right(part);
    }
    return key;
  }

  void read_detail(const std::string& own_name, ondemand::array rows) {
    const std::string name(entity_.catalogue_name(own_name));
    if (name == "files") return;  // attachments are of another form, and never asked for
    if (name == "Attributes") return read_attributes(rows);
    if (name == "CrossReferences") return read_cross_references(rows);
    auto& kept = record_.item.details[name];
    for_each_row(rows, name, [&](catalog::DetailRow& row) { kept.push_back(std::move(row)); });
  }

  void read_attributes(ondemand::array rows) {
    for_each_row(rows, "Attributes", [&](catalog::TextMap& row) {
      record_.item.attributes.push_back(
          {std::string(trim_right(row["AttributeID"])), row["Value"], row["ValueDescription"]});
    });
  }

  void read_cross_references(ondemand::array rows) {
    for_each_row(rows, "CrossReferences", [&](catalog::TextMap& row) {
      record_.item.cross_references.push_back(
          {row["AlternateType"], std::string(trim_right(row["AlternateID"])), std::string(trim_right(row["UOM"]))});
    });
  }

  template <class Take>
  void for_each_row(ondemand::array rows, std::string_view detail, const Take& take) {
    for (ondemand::value element : rows) {
      if (element.type() != ondemand::json_type::object) continue;
      catalog::TextMap row;
      for (auto member : element.get_object()) {
        const std::string name(std::string_view(member.unescaped_key()));
        ondemand::value value = member.value();
        if (value.type() == ondemand::json_type::string && name == "error") {
          note_error(std::string(std::string_view(value.get_string())));
        }
        if (value.type() != ondemand::json_type::object || name == "custom") continue;
        Field field = read_field(value.get_object());
        note_field_error(fmt::format("{}/{}", detail, name), field);
        if (is_key_field(name)) field.value = trim_right(field.value);
        row.try_emplace(name, std::move(field.value));
      }
      take(row);
    }
  }

  static Field read_field(ondemand::object object) {
    Field field;
    for (auto member : object) {
      const std::string_view name = member.unescaped_key();
      if (name == "value") field.value = scalar_text(member.value());
      if (name == "error") field.error = scalar_text(member.value());
      if (name == "Translations") field.translations = read_translations(member.value());
    }
    return field;
  }

  /// `{"fr":"Le stylo"}`: the tenant's own language is the field's value.
  static catalog::TextMap read_translations(ondemand::value value) {
    catalog::TextMap texts;
    if (value.type() != ondemand::json_type::object) return texts;
    for (auto member : value.get_object()) {
      std::string language(std::string_view(member.unescaped_key()));
      texts.try_emplace(std::move(language), scalar_text(member.value()));
    }
    return texts;
  }

  static std::string scalar_text(ondemand::value value) {
    switch (value.type()) {
      case ondemand::json_type::string:
        return std::string(std::string_view(value.get_string()));
      case ondemand::json_type::number:
        return std::string(trim(value.raw_json_token()));  // the token and blanks behind it
      case ondemand::json_type::boolean:
        return bool(value.get_bool()) ? "true" : "false";
      default:
        return {};
    }
  }

  void note_error(std::string text) {
    if (record_.error.empty()) record_.error = std::move(text);
  }

  /// A field with an error and a value is usable. One without would look as if it had been emptied.
  void note_field_error(std::string_view name, const Field& field) {
    if (!field.error.empty() && field.value.empty()) note_error(fmt::format("{}: {}", name, field.error));
  }

  const Entity& entity_;
  std::vector<std::string> key_parts_;  // as sent
  Record record_;
};

}  // namespace

struct ItemParser::Impl {
  explicit Impl(const Entity& its_entity) : entity(its_entity) {}

  const Entity& entity;
  simdjson::dom::parser validating;
  ondemand::parser walking;

  /// Makes `body` ready for both parsers: the mark gone, room behind it. Returns the length of the text.
  static std::size_t prepare(std::string& body) {
    if (std::string_view(body).starts_with(kByteOrderMark)) body.erase(0, kByteOrderMark.size());
    const std::size_t length = body.size();
    body.resize(length + simdjson::SIMDJSON_PADDING);
    return length;
  }

  Result<void> validate(const std::string& body, std::size_t length) {
    const std::string_view text = trim(std::string_view(body).substr(0, length));
    if (text.empty()) return unexpected_reply("Acumatica answered with an empty body where items were asked for.");
    if (text.starts_with('<'))
      return unexpected_reply("Acumatica answered with an HTML page where items were asked for.");
    const auto fault = validating.parse(body.data(), length, false).error();
    if (fault == simdjson::SUCCESS) return {};
    return fail(
        "acumatica.malformed_json",
        fmt::format("The answer of {} bytes is no valid JSON ({}); it ends with: {}", length,
                    simdjson::error_message(fault), text.substr(text.size() - std::min<std::size_t>(text.size(), 60))),
        {}, Retry::later);
  }

  Result<void> take(Record record, ParsedPage& page) const {
    if (record.item.inventory_id.empty()) {
      if (!record.error.empty())
        return unexpected_reply(fmt::format("A record came with an error and no {}: {}.", entity.keys.back(), record.error));
      return unexpected_reply(fmt::format("Record {} has no {}.", page.keys.size() + 1, entity.keys.back()));
    }
    page.keys.push_back(std::move(record.key));
    if (record.error.empty()) {
      page.items.push_back(std::move(record.item));
      return {};
    }
    const std::string& id = record.item.inventory_id;
    auto error =
        fail("acumatica.record_error", fmt::format("Acumatica gave item {} with an error: {}", id, record.error),
             fmt::format("Open it on the form {} and correct it.", entity.form));
    page.failed.emplace_back(id, std::move(error.value()));
    return {};
  }

  Result<ParsedPage> walk_list(ondemand::document& document) {
    ondemand::array list;
    if (document.type() == ondemand::json_type::array) {
      list = document.get_array();
    } else if (document.type() != ondemand::json_type::object ||
               document.get_object()["value"].get_array().get(list) != simdjson::SUCCESS) {
      return unexpected_reply("Acumatica answered with something else where a list of items was asked for.");
    }
    ParsedPage page;
    for (ondemand::value element : list) {
      if (element.type() != ondemand::json_type::object) {
        return unexpected_reply(fmt::format("Record {} is no object.", page.keys.size() + 1));
      }
      auto taken = take(RecordReader(entity).read(element.get_object()), page);
      if (!taken) return tl::unexpected<Error>(std::move(taken.error()));
    }
    return page;
  }

  Result<ParsedPage> walk_record(ondemand::document& document) {
    if (document.type() != ondemand::json_type::object) {
      return unexpected_reply("Acumatica answered with something else where an item was asked for.");
    }
    ParsedPage page;
    auto taken = take(RecordReader(entity).read(document.get_object()), page);
    if (!taken) return tl::unexpected<Error>(std::move(taken.error()));
    return page;
  }

  template <class Walk>
  Result<ParsedPage> parse(std::string body, const Walk& walk) {
    const std::size_t length = prepare(body);
    auto valid = validate(body, length);
    if (!valid) return tl::unexpected<Error>(std::move(valid.error()));
    try {
      ondemand::document document = walking.iterate(simdjson::padded_string_view(body.data(), length, body.size()));
      return walk(document);
    } catch (const simdjson::simdjson_error& fault) {
      return fail("acumatica.malformed_json", fmt::format("The answer cannot be read: {}.", fault.what()), {},
                  Retry::later);
    }
  }
};

ItemParser::ItemParser(const Entity& entity) : impl_(std::make_unique<Impl>(entity)) {}
ItemParser::ItemParser(ItemParser&&) noexcept = default;
ItemParser::~ItemParser() = default;

Result<ParsedPage> ItemParser::parse_list(std::string body) {
  return impl_->parse(std::move(body), [&](ondemand::document& document) { return impl_->walk_list(document); });
}

Result<ParsedPage> ItemParser::parse_record(std::string body) {
  return impl_->parse(std::move(body), [&](ondemand::document& document) { return impl_->walk_record(document); });
}

}  // namespace product_sync::acumatica

#pragma once

#include "account.hpp"
#include "http_server.hpp"
#include "world.hpp"

namespace rithum_simulator {

/// One product by its ID: `/v1/Products(ID)`, its `BundleComponents`, `Images` and `Labels` (rithum.md §3.2, §5.6).
/// Assumed: what is not there is answered with 404, a value that its column refuses and a component of a listed bundle
/// with 400. Thread-safe.
class ProductEdits {
 public:
  ProductEdits(World& world, const Account& account) : world_(world), account_(account) {}

  static constexpr std::string_view kPath = "/v1/Products(";
  [[nodiscard]] HttpReply answer(const HttpRequest& request);

 private:
  struct Target;
  struct Route;
  static const Route kRoutes[];

  [[nodiscard]] HttpReply read(Product& product, const Target& target);
  [[nodiscard]] HttpReply change(Product& product, const Target& target);
  [[nodiscard]] HttpReply remove(Product& product, const Target& target);
  [[nodiscard]] HttpReply list_components(Product& product, const Target& target);
  [[nodiscard]] HttpReply remove_component(Product& product, const Target& target);
  [[nodiscard]] HttpReply set_image(Product& product, const Target& target);
  [[nodiscard]] HttpReply remove_image(Product& product, const Target& target);
  [[nodiscard]] HttpReply remove_label(Product& product, const Target& target);

  World& world_;
  const Account& account_;
};

}  // namespace rithum_simulator

#include "reference_tables.hpp"

namespace acumatica_sim {

std::span<const ItemClass> item_classes() {
  static constexpr std::array<ItemClass, 5> kClasses{{
      {"ELEC", "Electronics", {"Charger", "Lamp", "Speaker", "Keyboard", "Adapter", "Camera", "Router", "Headset"}},
      {"APPAREL", "Apparel", {"Shirt", "Jacket", "Trousers", "Scarf", "Hat", "Sweater", "Socks", "Coat"}},
      {"TOYS", "Toys", {"Puzzle", "Car", "Robot", "Doll", "Blocks", "Train", "Kite", "Ball"}},
      {"HOME GOODS", "Home goods", {"Vase", "Pillow", "Kettle", "Blanket", "Clock", "Mirror", "Basket", "Rug"}},
      {"SERVICE",
       "Services",
       {"Installation", "Repair", "Inspection", "Training", "Setup", "Rental", "Tuning", "Advice"}},
  }};
  return kClasses;
}

std::string category_name(std::uint64_t id) {
  constexpr Words kNames{"Lighting", "Outdoor", "Küche & Bad", "Kids", "Office", "Sport", "Travel", "Sale"};
  return std::string(kNames[id % kNames.size()]) + " " + std::to_string(id);
}

}  // namespace acumatica_sim

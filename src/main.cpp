#include "cli/command_line.hpp"

int main(int argc, char** argv) { return product_sync::cli::run(argc, argv); }

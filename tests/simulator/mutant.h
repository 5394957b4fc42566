// Which mutant of mutants.md is awake. Only the simulator asks: the cores that it breaks are copies
// made by mutate.py, the code that ships has no such question in it.
#pragma once

#include "simulator/mutant_list.h"  // generated from mutants.md

namespace ieum::flow::simulation {

// Set before any schedule runs; the same for all threads.
inline MutantId awake_mutant = MutantId::kNone;

inline bool Mutated(MutantId id) { return awake_mutant == id; }

}  // namespace ieum::flow::simulation

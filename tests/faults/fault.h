// A kind of fault: what it does and what must hold beyond the laws. Each has a file of its own.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/faults/dice.h"
#include "tests/faults/load.h"
#include "tests/faults/world.h"

namespace ieum::faults {

// What a fault may touch.
struct Scene {
  World& world;
  Load& load;
  journal::Writer& writer;
};

// One fault as the schedule holds it: everything random is drawn before the run begins.
struct Strike {
  std::string words;        // what happens, with its numbers
  absl::Duration duration;  // about how long it takes
  // Does harm and heals it. OK when what must hold did hold; UNIMPLEMENTED with the reason when
  // this machine cannot do it; any other status says what was broken.
  std::function<absl::Status(Scene&)> run;
};

struct Fault {
  const char* id;       // "T1"
  const char* does;     // in a few words
  const char* promise;  // what must hold beyond the laws
  std::function<Strike(Dice&)> draw;
  bool alone = false;  // only when it is asked for by name
};

// In the order of their numbers.
const std::vector<Fault>& Faults();

Fault KillServices();      // T1
Fault KillAtFailpoints();  // T2
Fault KillBroker();        // T3
Fault CutBrokersTail();    // T4
Fault LoseStreams();       // T5
Fault BreakPostgres();     // T6
Fault CutNetwork();        // T7
Fault DelayNetwork();      // T7N
Fault HaltLeader();        // T8
Fault LeaseRace();         // T8L
Fault HaltServers();       // T9
Fault TwoLeaders();        // T10
Fault FillDisk();          // T11
Fault MoveClocks();        // T12
Fault DeliverAgain();      // T13
Fault ForgePosition();     // T13F
Fault SlowConsumer();      // T14
Fault Poison();            // T15
Fault RollingRestart();    // T16
Fault RestoreLedger();     // T17
Fault RebuildAndKill();    // T18
Fault IdleWriter();        // T19
Fault DeadlineStorm();     // T25
Fault RetryStorm();        // T26
Fault HostileText();       // T29

}  // namespace ieum::faults

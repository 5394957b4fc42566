#include "tests/faults/fault.h"

namespace ieum::faults {

const std::vector<Fault>& Faults() {
  static const auto* all = new std::vector<Fault>{
      KillServices(),   KillAtFailpoints(), KillBroker(),    CutBrokersTail(), LoseStreams(),
      BreakPostgres(),  CutNetwork(),       DelayNetwork(),  HaltLeader(),     LeaseRace(),
      HaltServers(),    TwoLeaders(),       FillDisk(),      MoveClocks(),     DeliverAgain(),
      ForgePosition(),  SlowConsumer(),     Poison(),        RollingRestart(), RestoreLedger(),
      RebuildAndKill(), IdleWriter(),       DeadlineStorm(), RetryStorm(),     HostileText(),
  };
  return *all;
}

}  // namespace ieum::faults

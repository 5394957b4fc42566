#include "tests/faults/patience.h"

#include <atomic>

namespace ieum::faults {
namespace {

std::atomic<double> slack{1};

}  // namespace

void SetSlack(double times) { slack = times; }
double Slack() { return slack; }

}  // namespace ieum::faults

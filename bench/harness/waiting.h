// Waiting for what other processes do.
#pragma once

#include <functional>

namespace ieum::bench {

// Asks every `every` seconds; false when `condition` never held within `limit` seconds.
bool WaitFor(const std::function<bool()>& condition, double limit, double every = 0.002);
void Pause(double seconds);
// Monotonic seconds.
double Now();
// A server on this loopback port accepts and says something.
bool PortAnswers(int port);
// An HTTP GET on this loopback port answers 200.
bool HttpSaysOk(int port, const char* path);

}  // namespace ieum::bench

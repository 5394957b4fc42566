// What can be done with cases, groups and what belongs to them: rows of Actions().
#pragma once

#include <map>
#include <string>

#include "tools/play/call_shape.h"

namespace ieum::play {

std::map<std::string, CallShape> ConsentRows();
std::map<std::string, CallShape> CaseRows();
std::map<std::string, CallShape> AssessmentRows();  // with conferences and plans
std::map<std::string, CallShape> SessionRows();     // with retention checks
std::map<std::string, CallShape> GroupRows();

}  // namespace ieum::play

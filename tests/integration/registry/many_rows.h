// Ten to thirty thousand rows in every table that the registry lists, by SQL: more than a page may
// touch.
#pragma once

#include <string>

namespace ieum::registry {

// A row's number n decides what it says: most of it is common, what a thousandth of the rows has is
// rare. Every fifth row is of centre A, a thousandth of centre B; what is made is made a minute
// after the row before, from 2023-01-01 on; ids follow from n. The tables are analysed.
void FillManyRows(const std::string& conninfo);

}  // namespace ieum::registry

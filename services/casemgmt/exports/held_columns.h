// How statements about what is held begin. A row is told for who acts for its centre.
#pragma once

// Texts of SQL, literals: the key within the kind, the table's name in the statement and a dot,
// when it was written down, from when it held.
#define HELD(key, t, recorded, from)                                                      \
  "SELECT " key "::text AS key, " t "centre_id, ($2::boolean OR " t                       \
  "centre_id = ANY($3::uuid[])) AS seen, " recorded "::timestamptz AS recorded_at, " from \
  "::timestamptz AS from_at, NULL::timestamptz AS until_at, "

// A civil day as the instant with which it begins in Korea.
#define DAY(day) "(" day "::timestamp AT TIME ZONE 'Asia/Seoul')"

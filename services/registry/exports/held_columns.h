// How statements about what is held begin. A row is told for who acts for its centre.
#pragma once

// All are SQL texts, literals: the key within the kind, the centre's column (`x.centre_id`), when
// it was written down, from when and until when it held.
#define HELD(key, centre, recorded, from, until)                                 \
  "SELECT " key "::text AS key, " centre ", ($2::boolean OR " centre             \
  " = ANY($3::uuid[])) AS seen, " recorded "::timestamptz AS recorded_at, " from \
  "::timestamptz AS from_at, " until "::timestamptz AS until_at, "

// A number as a key that is ordered as the number is.
#define ORDERED(number) "lpad(" number "::text, 19, '0')"

// A civil day as the instant with which it begins in Korea.
#define DAY(day) "(" day "::timestamp AT TIME ZONE 'Asia/Seoul')"

// An instant as text, in Korea.
#define INSTANT(at) \
  "to_char(" at " AT TIME ZONE 'Asia/Seoul', 'YYYY-MM-DD\"T\"HH24:MI:SS\"+09:00\"')"

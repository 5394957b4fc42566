"""Goal: an edited list becomes the migration that loads it, and nothing that was recorded loses its meaning.

Method: made-up lists before and after. row:R30
"""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "services/registry/reference/data"))
import next_migration  # noqa: E402

HEAD = "code,name_ko,name_en,province_code,valid_from,valid_to\n"
BEFORE = HEAD + "28,인천광역시,Incheon,,,\n28260,서구,Seo-gu,28,,\n"


def made(after, name="regions.csv", before=BEFORE):
    return next_migration.statements(name, before, after)


class NextMigration(unittest.TestCase):
    def test_an_unchanged_list_needs_nothing(self):
        self.assertEqual(made(BEFORE), [])

    def test_a_split_ends_one_code_and_begins_others(self):
        after = HEAD + "28,인천광역시,Incheon,,,\n28260,서구,Seo-gu,28,,2026-06-30\n" + (
            "28275,서해구,Seohae-gu,28,2026-07-01,\n")
        self.assertEqual(made(after), [
            "UPDATE region SET valid_to = '2026-06-30' WHERE code = '28260';",
            "INSERT INTO region (code, name_ko, name_en, province_code, valid_from, valid_to) "
            "VALUES ('28275', '서해구', 'Seohae-gu', '28', '2026-07-01', NULL);",
        ])

    def test_provinces_come_before_their_districts(self):
        after = BEFORE + "12110,동구,Dong-gu,12,2026-07-01,\n12,전남광주통합특별시,Jeonnam-Gwangju,,2026-07-01,\n"
        self.assertEqual([line.split("VALUES ('")[1][:5] for line in made(after)], ["12', ", "12110"])

    def test_quotes_are_data(self):
        before = "day,name_ko,name_en\n"
        self.assertEqual(made(before + "2026-01-01,1월 1일,New Year's Day\n", "holidays.csv", before),
                         ["INSERT INTO holiday (day, name_ko, name_en) "
                          "VALUES ('2026-01-01', '1월 1일', 'New Year''s Day');"])

    def test_no_row_goes(self):
        with self.assertRaisesRegex(next_migration.Refused, "28260 is gone"):
            made(HEAD + "28,인천광역시,Incheon,,,\n")

    def test_no_code_means_another_thing(self):
        for old, new in [(",28,,", ",26,,"), (",28,,", ",28,2020-01-01,")]:
            with self.assertRaisesRegex(next_migration.Refused, "another meaning"):
                made(BEFORE.replace("Seo-gu" + old, "Seo-gu" + new))

    def test_every_key_stands_once(self):
        with self.assertRaisesRegex(next_migration.Refused, "stands above already"):
            made(BEFORE + "28260,서구,Seo-gu,28,,\n")

    def test_a_row_has_every_value(self):
        with self.assertRaisesRegex(next_migration.Refused, "as many values"):
            made(BEFORE + "28275,서해구\n")


if __name__ == "__main__":
    unittest.main()

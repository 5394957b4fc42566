// Goal: tables stand straight on a terminal, whatever is in them. Method: examples.
#include "tools/play/display_width.h"

#include <gtest/gtest.h>

#include "tools/play/text_table.h"

namespace ieum::play {
namespace {

TEST(DisplayWidth, CountsTwoCellsForAKoreanLetterAndOneForALatinOne) {
  EXPECT_EQ(DisplayWidth(""), 0);
  EXPECT_EQ(DisplayWidth("B04"), 3);
  EXPECT_EQ(DisplayWidth("캠페인"), 6);
  EXPECT_EQ(DisplayWidth("일·생활균형"), 11);  // the middle dot is narrow
  EXPECT_EQ(DisplayWidth("ＡＢ"), 4);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1);  // a combining accent takes none
  EXPECT_EQ(DisplayWidth("\xff"), 1);
}

TEST(DisplayWidth, PadsToCellsAndLeavesTheTooWideAlone) {
  EXPECT_EQ(PadRight("지표", 6), "지표  ");
  EXPECT_EQ(PadLeft("24", 4), "  24");
  EXPECT_EQ(PadRight("지표", 3), "지표");
}

TEST(TextTable, AlignsColumnsByCells) {
  TextTable table({{"지표"}, {"n", TextTable::Align::kRight}});
  table.Add({"캠페인 참여 기업", "24"});
  table.Add({"visits", "5"});
  EXPECT_EQ(table.ToString(),
            "  지표               n\n"
            "  ────────────────  ──\n"
            "  캠페인 참여 기업  24\n"
            "  visits             5\n");
}

}  // namespace
}  // namespace ieum::play

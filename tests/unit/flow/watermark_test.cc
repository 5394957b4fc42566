#include "platform/flow/watermark.h"

#include <gtest/gtest.h>

namespace ieum::flow {
namespace {

TEST(Watermark, ComesBackAsItWent) {
  Watermark mark{3, 2, {}, 99};
  for (int shard = 0; shard < kShards; ++shard) mark.pos[shard] = shard * 1'000'000'007LL;
  const auto back = ParseWatermark(EncodeWatermark(mark));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->epoch, 3);
  EXPECT_EQ(back->incarnation, 2);
  EXPECT_EQ(back->pos, mark.pos);
  EXPECT_EQ(back->stream_seq, 99u);
}

TEST(Watermark, IsNotReadFromAnythingElse) {
  for (
      const char* text :
      {"", "1", "{}", R"({"epoch":1,"incarnation":0,"pos":[1,2],"stream_seq":1})",
       R"({"epoch":"1","incarnation":0,"pos":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0],"stream_seq":1})",
       R"({"epoch":1,"incarnation":0,"pos":[0,0,0,0,0,0,0,"x",0,0,0,0,0,0,0,0],"stream_seq":1})"}) {
    EXPECT_FALSE(ParseWatermark(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace ieum::flow

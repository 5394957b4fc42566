// Goal: texts are filled, and what cannot be read or filled is said before anybody gets a mail with
// a hole in it. Method: small texts.
#include "services/notify/templates/mustache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace ieum::notify {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Mustache, FillsAsItStandsWithoutHtml) {
  EXPECT_EQ(*Render("{{a}} & {{{a}}} & {{&a}}", {{"a", "<김 & 박>"}}),
            "<김 & 박> & <김 & 박> & <김 & 박>");
  EXPECT_EQ(*Render("{{! remark }}x", {}), "x");
  EXPECT_EQ(*Render("{{ a }}", {{"a", "{{b}}"}}), "{{b}}");  // a value is no template
}

TEST(Mustache, AsksForValuesInSections) {
  const std::string text = "{{#a}}with {{a}}{{/a}}{{^a}}without{{/a}}";
  EXPECT_EQ(*Render(text, {{"a", "x"}}), "with x");
  EXPECT_EQ(*Render(text, {{"a", ""}}), "without");
  EXPECT_EQ(*Render(text, {}), "without");
}

// row:N8
TEST(Mustache, RefusesToRenderWithoutAValueThatIsNeeded) {
  const auto rendered = Render("{{person}}, {{date}}", {{"person", "x"}, {"date", ""}});
  EXPECT_EQ(rendered.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(rendered.status().message()), HasSubstr("date"));
}

TEST(Mustache, TellsItsVariables) {
  const auto variables = VariablesOf("{{b}} {{a}} {{#c}}{{d}}{{/c}}");
  ASSERT_TRUE(variables.ok());
  EXPECT_THAT(variables->used, ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(variables->needed, ElementsAre("a", "b"));
}

TEST(Mustache, RefusesWhatItCannotRead) {
  for (const char* text : {"{{a", "{{}}", "{{{a}}", "{{#a}}", "{{/a}}", "{{#a}}{{/b}}", "{{> a}}",
                           "{{=<% %>=}}", "{{#a}}{{#b}}{{/a}}{{/b}}"}) {
    EXPECT_EQ(VariablesOf(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(Mustache, SaysWhereInCharacters) {
  EXPECT_THAT(std::string(VariablesOf("가나 {{a").status().message()), HasSubstr("character 4"));
}

TEST(Mustache, BearsDeepNesting) {
  std::string text;
  for (int i = 0; i < 1500; ++i) absl::StrAppend(&text, "{{#a}}");
  for (int i = 0; i < 1500; ++i) absl::StrAppend(&text, "{{/a}}");
  EXPECT_EQ(*Render(text, {{"a", "x"}}), "");
}

}  // namespace
}  // namespace ieum::notify

// Goal: a merge and its end leave everything as it was, whatever happened to both before. Method:
// random histories of three records; all rows of the registry are compared, and what the vault says
// of each record. Chains of merges, too. row:R6
#include <gmock/gmock.h>
#include <rapidcheck.h>

#include "tests/integration/registry/merge_world.h"

namespace ieum::registry {
namespace {

struct History {
  std::vector<std::string> persons, firms, campaigns;
  std::map<v1::ConsentPurpose, std::string> texts;
};

void Talk(MergeWorld& merges, const History& history, const std::string& person) {
  const auto purpose =
      *rc::gen::element(v1::CONSENT_PURPOSE_COLLECTION, v1::CONSENT_PURPOSE_ADVERTISING);
  if (*rc::gen::inRange(0, 3) == 0) {
    merges.consents.Withdraw(person).status().IgnoreError();
  } else {
    merges.consents.Say(person, purpose, history.texts.at(purpose)).status().IgnoreError();
  }
}

// Refusals are steps, too.
void Step(MergeWorld& merges, const History& history) {
  const std::string person = *rc::gen::elementOf(history.persons);
  const std::string firm = *rc::gen::elementOf(history.firms);
  switch (*rc::gen::inRange(0, 7)) {
    case 0:
      merges.SetPhone(person, absl::StrCat("010-0000-000", *rc::gen::inRange(1, 5)))
          .status()
          .IgnoreError();
      return;
    case 1:
      merges.Affiliate(person, firm);
      return;
    case 2:
      merges.Lead(firm, person).status().IgnoreError();
      return;
    case 3:
      merges.Enrol(*rc::gen::elementOf(history.campaigns), person).status().IgnoreError();
      return;
    case 4:
      merges.Employ(person, firm, absl::StrCat("2023-0", *rc::gen::inRange(1, 8), "-01"))
          .status()
          .IgnoreError();
      return;
    default:
      Talk(merges, history, person);
  }
}

std::vector<std::string> SomeFields() {
  std::vector<std::string> fields;
  for (const char* field : {"full_name", "phone", "basis"}) {
    if (*rc::gen::arbitrary<bool>()) fields.push_back(field);
  }
  return fields;
}

std::vector<std::string> Values(MergeWorld& merges, const History& history) {
  std::vector<std::string> values;
  for (const std::string& name : history.persons) {
    v1::Person person = merges.Known(name);
    person.clear_etag();  // a version is never taken back
    values.push_back(person.ShortDebugString());
  }
  return values;
}

// row:X12
TEST(MergeProperty, UndoneItLeavesEverythingAsItWas) {
  MergeWorld merges;
  absl::Time now = merges.world.clock.Now().value();
  History shared;
  for (int firm = 1; firm <= 3; ++firm) shared.firms.push_back(merges.world.Firm(firm));
  for (const auto purpose : {v1::CONSENT_PURPOSE_COLLECTION, v1::CONSENT_PURPOSE_ADVERTISING}) {
    shared.texts[purpose] = merges.consents.Text(purpose);
  }
  int merged = 0;
  EXPECT_TRUE(rc::check("merge and undo are the identity", [&] {
    History history = shared;
    for (const char* name : {"김하나", "김 하나", "Kim Hana"}) {
      history.persons.push_back(merges.Register(name, *rc::gen::element("", "010-0000-0001")));
    }
    history.campaigns = {merges.world.OpenCampaign([](v1::Campaign* campaign) {
      campaign->set_capacity(*rc::gen::inRange(0, 4));
      campaign->set_waiting_list(false);
    })};
    for (int step = *rc::gen::inRange(0, 12); step > 0; --step) {
      RC_ASSERT(merges.world.clock.Set(now += absl::Minutes(1)).ok());
      Step(merges, history);
    }
    const auto rows = merges.Rows();
    const auto values = Values(merges, history);
    std::vector<std::string> names;
    const auto first = merges.Merge(history.persons[0], history.persons[1], SomeFields());
    RC_ASSERT(first.ok());
    names.push_back(first->name());
    if (*rc::gen::arbitrary<bool>()) {
      const bool chain = *rc::gen::arbitrary<bool>();
      const auto second = chain
                              ? merges.Merge(history.persons[2], history.persons[0], SomeFields())
                              : merges.Merge(history.persons[0], history.persons[2], SomeFields());
      RC_ASSERT(second.ok());
      names.push_back(second->name());
      RC_ASSERT(Why(merges.Undo(names[0])) == "MERGE_NOT_LAST");
    }
    for (; !names.empty(); names.pop_back()) {
      const auto undone = merges.Undo(names.back());
      if (!undone.ok()) ADD_FAILURE() << undone.status();
      RC_ASSERT(undone.ok());
      ++merged;
    }
    const auto after = merges.Rows();
    for (const auto& [table, text] : rows) {
      if (after.at(table) != text)
        ADD_FAILURE() << table << "\n" << text << "\nbecame\n" << after.at(table);
    }
    RC_ASSERT(after == rows);
    RC_ASSERT(Values(merges, history) == values);
  }));
  EXPECT_GT(merged, 20);
}

}  // namespace
}  // namespace ieum::registry

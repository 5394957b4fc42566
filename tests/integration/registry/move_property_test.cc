// Goal: a move there and back leaves everything as it was, but for what counts moves. Method:
// random centres full of people, firms, enrolments and leads; all rows are compared. row:R24
#include <gmock/gmock.h>
#include <rapidcheck.h>

#include <map>

#include "tests/integration/registry/move_world.h"

namespace ieum::registry {
namespace {

class MoveProperty : public Moves {
 protected:
  void TestBody() override {}

 public:
  // Every row that a move may touch, without when and how often.
  std::map<std::string, std::string> Rows() {
    std::map<std::string, std::string> rows;
    for (const char* table : {"person", "affiliation", "guardianship", "consent", "consent_head",
                              "legal_hold", "enrolment", "enrolment_transition", "lead",
                              "lead_transition", "campaign", "duplicate_pair", "organization"}) {
      rows[table] = world_.Ask(absl::StrCat(
          "SELECT coalesce(string_agg(r, E'\\n' ORDER BY r), '') FROM (SELECT (to_jsonb(t) - "
          "'ownership_epoch' - 'updated_at' - 'version' - 'known_from')::text AS r FROM ",
          table, " t) x"));
    }
    return rows;
  }

  void Fill() {
    person_ = PersonOf(at_a_.get());
    for (const std::string& text : {to_b_, to_a_}) {
      Must(consents_.Say(person_, v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION, text));
    }
    const std::string firm = world_.Firm(firms_++);
    if (*rc::gen::arbitrary<bool>()) Enrol(at_a_.get(), campaign_a_, person_);
    if (*rc::gen::arbitrary<bool>()) Enrol(at_b_.get(), campaign_b_, firm);
    if (*rc::gen::arbitrary<bool>()) Must(Lead(at_a_.get(), firm));
    enrolment_ = Enrol(at_a_.get(), campaign_a_, firm).name();
    if (*rc::gen::arbitrary<bool>()) Must(Activate(enrolment_, at_a_.get()));
  }
  void Carry(const std::string& what, const std::string& to, rpc::Peer* giver, rpc::Peer* taker) {
    Must(Accept(Must(Request(what, to, giver)).name(), taker));
  }

  std::string person_, enrolment_;
  using Moves::a_, Moves::b_, Moves::at_a_, Moves::at_b_, Moves::world_;

 private:
  int firms_ = 100;
  const std::string campaign_a_ = CampaignOf(at_a_.get(), "A1"),
                    campaign_b_ = CampaignOf(at_b_.get(), "B1");
  const std::string to_b_ = consents_.Text(v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION, b_),
                    to_a_ = consents_.Text(v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION, a_);
};

TEST(MoveProperties, ThereAndBackIsWhereItWas) {
  MoveProperty moves;
  EXPECT_TRUE(rc::check([&] {
    moves.Fill();
    const std::string what =
        *rc::gen::elementOf(std::vector<std::string>{moves.person_, moves.enrolment_});
    const auto before = moves.Rows();
    const int turns = *rc::gen::inRange(1, 3);
    for (int turn = 0; turn < turns; ++turn) {
      moves.Carry(what, moves.b_, moves.at_a_.get(), moves.at_b_.get());
      RC_ASSERT(moves.Rows() != before);
      moves.Carry(what, moves.a_, moves.at_b_.get(), moves.at_a_.get());
    }
    const auto after = moves.Rows();
    for (const auto& [table, rows] : before) RC_ASSERT(after.at(table) == rows);
    // The periods follow one another without a gap, and are as many as the moves.
    RC_ASSERT(moves.world_.Ask("SELECT count(*) FROM ownership_before x JOIN ownership_before y ON "
                               "y.row_id = x.row_id AND y.epoch = x.epoch + 1 WHERE y.from_at <> "
                               "x.to_at") == "0");
    RC_ASSERT(
        moves.world_.Ask(
            "SELECT count(*) FROM (SELECT id, ownership_epoch FROM person UNION ALL SELECT id, "
            "ownership_epoch FROM enrolment UNION ALL SELECT id, ownership_epoch FROM lead) r "
            "WHERE ownership_epoch <> (SELECT count(*) FROM ownership_before b WHERE b.row_id = "
            "r.id)") == "0");
  }));
}

}  // namespace
}  // namespace ieum::registry

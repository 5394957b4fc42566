// Commands of a case that are broken in their middle: triggers on every table count the statements
// of a transaction that change something and let the n-th one fail. Each command is asked for until
// n lies behind its last statement, and all tables are the same after each failure.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/integration/casemgmt/plan_world.h"
#include "tests/integration/casemgmt/referral_world.h"
#include "tests/integration/casemgmt/session_world.h"

namespace ieum::casemgmt::testing {

inline constexpr int kMostStatements = 80;

// What is to be tried, after everything that it needs was done.
struct Try {
  const char* name;
  ledger::Ledger::UseCase use_case;
  base::Scope scope = base::Scope::Everywhere();
};

class CaseRollback : public ReferralWorld {
 protected:
  CaseRollback() {
    world_.Ask("CREATE TABLE planted (fail_at int)");
    world_.Ask("INSERT INTO planted VALUES (0)");
    world_.Ask(R"(
      CREATE FUNCTION planted_fail() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE n int := coalesce(nullif(current_setting('planted.n', true), ''), '0')::int + 1;
      BEGIN
        PERFORM set_config('planted.n', n::text, true);
        IF n = (SELECT fail_at FROM planted) THEN RAISE EXCEPTION 'planted'; END IF;
        RETURN NULL;
      END $$)");
    world_.Ask(R"(
      DO $$ DECLARE t text; BEGIN
        FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND
          tablename <> 'planted' LOOP
          EXECUTE format('CREATE TRIGGER planted BEFORE INSERT OR UPDATE OR DELETE ON %I '
                         'FOR EACH STATEMENT EXECUTE FUNCTION planted_fail()', t);
        END LOOP; END $$)");
    world_.Ask(R"(
      CREATE FUNCTION planted_digest() RETURNS text LANGUAGE plpgsql AS $$
      DECLARE t text; one text; whole text := '';
      BEGIN
        FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND
          tablename <> 'planted' ORDER BY 1 LOOP
          EXECUTE format('SELECT md5(coalesce(string_agg(x::text, '','' ORDER BY x::text), '''')) '
                         'FROM %I x', t) INTO one;
          whole := whole || t || ' ' || one || E'\n';
        END LOOP;
        RETURN whole;
      END $$)");
  }

  // Over connections that stay: these two are asked for after every failure.
  std::string Digest() {
    std::string digest;
    const absl::Status read = world_.database().Read("test_digest", [&](db::Tx& tx) {
      digest = db::AsText(tx.RunDynamic("SELECT planted_digest()", {})[0][0]);
      return absl::OkStatus();
    });
    EXPECT_TRUE(read.ok()) << read;
    return digest;
  }
  void FailAt(int n) {
    const absl::Status told = world_.database().Write("test_plant", [&](db::Tx& tx) {
      tx.RunDynamic("UPDATE planted SET fail_at = $1::int", {n});
      return absl::OkStatus();
    });
    EXPECT_TRUE(told.ok()) << told;
  }
  absl::StatusOr<ledger::Answer> Run(const base::Uuid& request, const Try& each) {
    return world_.ledger().Run({.name = "Test",
                                .request_id = request,
                                .request_hash = "body",
                                .caller = {.actor = "staff/rollback", .scope = each.scope}},
                               each.use_case);
  }

  void ExpectWholeOrNothing(const Try& each) {
    SCOPED_TRACE(each.name);
    const base::Uuid request = base::Uuid::NewV7();
    const std::string before = Digest();
    absl::StatusOr<ledger::Answer> done = absl::UnknownError("not tried");
    int failures = 0;
    for (; failures < kMostStatements && !done.ok(); ++failures) {
      FailAt(failures + 1);
      done = Run(request, each);
      if (done.ok()) break;
      ASSERT_TRUE(absl::IsInternal(done.status())) << done.status();
      ASSERT_EQ(Digest(), before) << "after the failure of statement " << failures + 1;
    }
    FailAt(0);
    ASSERT_TRUE(done.ok()) << done.status();
    // Versions, events and the answer are three by themselves.
    EXPECT_GE(failures, 4);
    const std::string after = Digest();
    EXPECT_NE(after, before);
    const auto again = Run(request, each);
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(again->name, done->name);
    EXPECT_EQ(Digest(), after) << "asked for again";
  }

  template <class Use>
  Try Of(const char* name, Use use_case) {
    return {name, use_case};
  }
  base::Uuid In(v1::CaseState state) { return cases_.CaseIn(state, {.centre = kCentreA}); }
  base::Uuid Asked(v1::CaseCloseReason reason, bool employed) {
    const base::Uuid id = In(v1::CASE_STATE_DELIVERY);
    IdOf(world_.Do([&](auto& work) {
      return AskClosure(work, cases_.keys(), cases_.Of(id), cases_.manager,
                        {.reason = reason, .employed = employed, .words = "x"});
    }));
    return id;
  }

  Plans plans_{cases_};
  Sessions sessions_{world_};
};

}  // namespace ieum::casemgmt::testing

#include "services/registry/merges/merge_rules.h"

namespace ieum::registry {
namespace {

constexpr v1::MergeRule kMove = v1::MERGE_RULE_MOVE;
constexpr v1::MergeRule kKeep = v1::MERGE_RULE_KEEP;
constexpr v1::MergeRule kUnion = v1::MERGE_RULE_UNION;
constexpr v1::MergeRule kResolve = v1::MERGE_RULE_RESOLVE;

constexpr char kGuardianHolds[] =
    "t.ended_at IS NULL AND EXISTS (SELECT 1 FROM guardianship g WHERE g.person_id = $3::uuid AND "
    "g.ended_at IS NULL)";

// What was decided stays as it was written; of two open moves the survivor's is the one.
constexpr char kMoveStays[] =
    "t.state <> 1 OR (t.kind = 1 AND EXISTS (SELECT 1 FROM ownership_move o WHERE o.person_id = "
    "$3::uuid AND o.kind = 1 AND o.state = 1))";

constexpr MergePlace kPlaces[] = {
    {"affiliation", "person_id", kMove, "for whom she acts and works, and did", "id", true},
    {"affiliation_version", "person_id", kKeep, "what was known of whom then"},
    {"change_request", "person_id", kKeep,
     "what was asked of which record; of one that lost it is never made"},
    {"consent", "person_id", kKeep, "what was said under which record is never changed"},
    {"consent", "guardian_id", kKeep, "who spoke for the child then"},
    {"consent_head", "person_id", kUnion,
     "what was said last counts, under whichever record; of two at once what refuses"},
    {"consent_receipt", "person_id", kKeep, "what was allowed of which record never changes"},
    {"contact_receipt", "person_id", kKeep, "of which record an address was given never changes"},
    {"data_export", "person_id", kMove, "what was asked of her is asked of the survivor"},
    {"duplicate_pair", "person_id", kResolve, "pairs with third persons are the survivor's", ""},
    {"duplicate_pair", "other_person_id", kResolve, "pairs with third persons are the survivor's",
     ""},
    {.table = "duplicate_scan",
     .column = "last_person_id",
     .rule = kKeep,
     .why = "a place in the order of ids, and no person",
     .counted = false},
    {"edition", "manager", kMove, "she manages it"},
    {"enrolment", "contact_person_id", kMove, "she is the firm's contact; both enrolments stand"},
    {"enrolment", "consultant_person_id", kMove, "she is the consultant"},
    {"enrolment", "person_id", kResolve,
     "of two in one campaign the one that is further on counts, then the one that asked first; the "
     "other is withdrawn"},
    {"erasure_record", "person_id", kKeep, "nobody who was erased is merged; a proof stays"},
    {"guardianship", "person_id", kMove, "the survivor has one guardian: her own, else this one",
     "id", true, kGuardianHolds},
    {"guardianship", "guardian_id", kKeep, "who was verified then"},
    {"import_identity", "person_id", kKeep, "the imported row is known by the record's id"},
    {.table = "import_row",
     .column = "person_id",
     .rule = kKeep,
     .why = "what became of the row then",
     .counted = false},
    {"lead", "contact_person_id", kMove, "she is the firm's contact"},
    {"legal_hold", "person_id", kMove, "what must not be erased of her is hers under both", "id",
     true},
    {"ownership_move", "person_id", kMove, "an open move is hers", "id", false, kMoveStays},
    {"person", "merged_into", kKeep, "what was merged before stays where it was merged to"},
    {"person_apart", "person_id", kKeep, "nobody whose data are kept apart is merged"},
    {"person_apart_look", "person_id", kKeep, "of which record it was never changes"},
    {"person_erasure", "person_id", kKeep, "nobody who was erased is merged"},
    {"person_index_apart", "person_id", kKeep, "nobody whose data are kept apart is merged"},
    {"person_key", "person_id", kKeep, "each record has its key; they are destroyed together"},
    {"person_key_apart", "person_id", kKeep, "nobody whose data are kept apart is merged"},
    {"person_match_key", "person_id", kUnion, "she is found by what either record says"},
    {"person_match_key_apart", "person_id", kKeep, "nobody whose data are kept apart is merged"},
    {"person_merge", "survivor_id", kKeep, "the record of merges"},
    {"person_merge", "duplicate_id", kKeep, "the record of merges"},
    {"person_version", "person_id", kKeep, "what was known of which record then"},
    {"subject", "person_id", kMove, "the account is hers"},
    {"told_entry", "person_id", kMove, "what other services tell of her", "event_id"},
};

}  // namespace

std::span<const MergePlace> MergePlaces() { return kPlaces; }

}  // namespace ieum::registry

// The grammar of AIP-160 filters. Only parser.cc includes it.
#pragma once

#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/parse_tree.hpp>

namespace ieum::filter::grammar {

namespace peg = tao::pegtl;

// Words and spaces.
struct Ws : peg::star<peg::space> {};
struct Separator : peg::plus<peg::space> {};
struct WordEnd : peg::not_at<peg::identifier_other> {};
struct And : peg::seq<TAO_PEGTL_STRING("AND"), WordEnd> {};
struct Or : peg::seq<TAO_PEGTL_STRING("OR"), WordEnd> {};
struct Not : peg::seq<TAO_PEGTL_STRING("NOT"), WordEnd> {};
struct Keyword : peg::sor<And, Or, Not> {};

// facts.region_code
struct Name : peg::seq<peg::not_at<Keyword>, peg::identifier> {};
struct Dot : peg::one<'.'> {};
struct Path : peg::seq<Name, peg::star<Dot, peg::must<Name>>> {};

struct LessOrEqual : TAO_PEGTL_STRING("<=") {};
struct GreaterOrEqual : TAO_PEGTL_STRING(">=") {};
struct NotEqual : TAO_PEGTL_STRING("!=") {};
struct Less : peg::one<'<'> {};
struct Greater : peg::one<'>'> {};
struct Equal : peg::one<'='> {};
struct Has : peg::one<':'> {};
struct Comparator : peg::sor<LessOrEqual, GreaterOrEqual, NotEqual, Less, Greater, Equal, Has> {};

// "a \"quoted\" value", 'or so', or one without spaces.
template <char Quote>
struct Quoted
    : peg::seq<peg::one<Quote>, peg::until<peg::one<Quote>, peg::opt<peg::one<'\\'>>, peg::any>> {};
struct QuotedValue : peg::sor<Quoted<'"'>, Quoted<'\''>> {};
struct PlainByte
    : peg::seq<peg::not_at<peg::sor<peg::space, peg::one<'(', ')', '"', '\'', ',', ':', '=', '<',
                                                         '>', '!', '\\', '\0'>>>,
               peg::any> {};
struct PlainValue : peg::seq<peg::plus<PlainByte>, peg::not_at<peg::one<'('>>> {};
struct Value : peg::sor<QuotedValue, PlainValue> {};

struct Expression;
struct Close : peg::one<')'> {};
struct Inner : peg::seq<Ws, Expression, Ws> {};
struct Composite : peg::if_must<peg::one<'('>, Inner, Close> {};
struct Restriction : peg::if_must<Path, Ws, Comparator, Ws, Value> {};
struct Simple : peg::sor<Composite, Restriction> {};
struct Negation : peg::if_must<peg::sor<peg::seq<Not, Ws>, peg::one<'-'>>, Simple> {};
struct Term : peg::sor<Negation, Simple> {};

// OR binds closest, then standing beside each other, then AND.
struct Factor : peg::list_must<Term, peg::seq<Separator, Or, Ws>> {};
struct Beside : peg::seq<Separator, peg::not_at<peg::sor<And, Or, peg::one<')'>, peg::eof>>> {};
struct Sequence : peg::list_must<Factor, Beside> {};
struct Expression : peg::list_must<Sequence, peg::seq<Separator, And, Ws>> {};
struct Filter : peg::must<Ws, Expression, Ws, peg::eof> {};

}  // namespace ieum::filter::grammar

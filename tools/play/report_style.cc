#include "tools/play/report_page.h"

namespace ieum::play {

const char kReportStyle[] = R"css(
:root {
  --page: #f4f5f3; --card: #ffffff; --ink: #18212b; --muted: #5d6976; --line: #e2e5e4;
  --accent: #0b6e69; --accent-soft: #d5ece9;
  --met: #12693b; --met-soft: #dcf2e4; --near: #8a5300; --near-soft: #fdeccb;
  --missed: #a32020; --missed-soft: #fbe0de; --none: #5d6976; --none-soft: #eceeed;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10151a; --card: #182027; --ink: #e7ecef; --muted: #9aa7b2; --line: #2a343d;
    --accent: #35b8ad; --accent-soft: #16403d;
    --met: #7fd6a2; --met-soft: #14392a; --near: #f0bd6b; --near-soft: #3d2d10;
    --missed: #f19b93; --missed-soft: #432020; --none: #9aa7b2; --none-soft: #26303a;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.55 "Pretendard", "Noto Sans KR", "Noto Sans CJK KR", "Apple SD Gothic Neo",
    "Malgun Gothic", "NanumGothic", system-ui, sans-serif;
  font-variant-numeric: tabular-nums; word-break: keep-all; overflow-wrap: break-word;
}
main { max-width: 1040px; margin: 0 auto; padding: 48px 24px 8px; }
header { border-bottom: 3px solid var(--accent); padding-bottom: 20px; }
.over { margin: 0 0 6px; color: var(--accent); font-weight: 700; }
.over span { font-weight: 400; margin-left: 6px; }
h1 { font-size: 34px; line-height: 1.25; margin: 0; letter-spacing: -0.02em; }
.sub { margin: 4px 0 0; color: var(--muted); font-size: 16px; }
.meta { display: flex; flex-wrap: wrap; gap: 8px 36px; margin: 20px 0 0; }
.meta dt { color: var(--muted); font-size: 13px; }
.meta dd { margin: 0; font-weight: 700; font-size: 17px; }
.en { color: var(--muted); font-size: 0.83em; font-weight: 400; }
.tiles {
  list-style: none; display: grid; grid-template-columns: repeat(4, 1fr); gap: 14px;
  margin: 24px 0 0; padding: 0;
}
.tiles li { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 16px 18px; }
.tiles strong { display: block; font-size: 34px; line-height: 1.15; letter-spacing: -0.02em; color: var(--accent); }
.tiles small { font-size: 0.55em; color: var(--muted); font-weight: 400; }
.tiles .en { display: block; }
section { margin-top: 44px; }
h2 { font-size: 21px; margin: 0 0 14px; letter-spacing: -0.01em; }
h2 .en { font-size: 15px; margin-left: 8px; }
h3 { font-size: 16px; margin: 24px 0 10px; }
.scroll { overflow-x: auto; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
table { width: 100%; border-collapse: collapse; }
.card + .balance { margin-top: 16px; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th, td { padding: 10px 12px; text-align: left; vertical-align: middle; border-top: 1px solid var(--line); font-weight: 400; }
thead th, thead td { border-top: 0; color: var(--muted); font-size: 13px; white-space: nowrap; line-height: 1.3; }
thead .ko { display: block; color: var(--ink); font-weight: 600; }
tbody th { font-weight: 600; min-width: 168px; }
tbody td { white-space: nowrap; }
tfoot th, tfoot td { border-top: 2px solid var(--line); font-weight: 700; }
tbody th .en { display: block; line-height: 1.3; }
.dense th, .dense td { padding-top: 6px; padding-bottom: 6px; }
.dense tbody th .en { display: inline; margin-left: 4px; }
.n { text-align: right; white-space: nowrap; }
.code { color: var(--muted); white-space: nowrap; font-size: 13px; }
.actual { font-weight: 700; font-size: 17px; }
.chip { display: inline-block; padding: 2px 10px; border-radius: 999px; font-size: 13px; font-weight: 600; white-space: nowrap; }
.chip span { font-weight: 400; font-size: 0.9em; margin-left: 2px; }
.met { color: var(--met); background: var(--met-soft); }
.near { color: var(--near); background: var(--near-soft); }
.missed { color: var(--missed); background: var(--missed-soft); }
.none { color: var(--none); background: var(--none-soft); }
.bar, .shares { display: flex; width: 110px; height: 8px; border-radius: 4px; overflow: hidden; background: var(--none-soft); }
.bar { position: relative; overflow: visible; border-radius: 0; background: linear-gradient(to right, var(--none-soft) 66.7%, transparent 66.7%); }
.bar i { background: var(--accent); }
.bar .beyond { background: repeating-linear-gradient(135deg, var(--accent) 0 3px, var(--accent-soft) 3px 5px); }
.bar::after { content: ""; position: absolute; left: calc(66.7% - 1px); top: -4px; bottom: -4px; width: 2px; background: var(--ink); }
.scale { display: block; position: relative; width: 110px; height: 1.3em; }
.scale b { position: absolute; left: 66.7%; transform: translateX(-50%); font-weight: 400; font-size: 12px; }
.s-released { background: var(--accent); }
.s-skipped { background: #d99a2b; }
.s-cancelled { background: #a9b4bd; }
figure { margin: 0 0 16px; background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 16px 20px 12px; break-inside: avoid; }
figcaption { font-weight: 700; margin-bottom: 4px; }
figcaption .en { margin-left: 6px; }
svg.funnel { display: block; width: 100%; min-width: 640px; height: auto; }
.funnel text { fill: var(--ink); font-size: 15px; }
.funnel .count { font-size: 30px; font-weight: 700; letter-spacing: -0.02em; }
.funnel .rate { font-size: 14px; font-weight: 400; fill: var(--muted); letter-spacing: 0; }
.funnel .label { font-weight: 600; }
.funnel .small { font-size: 12.5px; fill: var(--muted); }
.funnel .divider { stroke: var(--line); stroke-width: 1; }
.funnel .step { fill: var(--accent); }
.funnel .step-0 { opacity: 0.38; } .funnel .step-1 { opacity: 0.58; }
.funnel .step-2 { opacity: 0.78; } .funnel .step-3 { opacity: 1; } .funnel .step-4 { opacity: 1; }
.balance { display: flex; flex-wrap: wrap; align-items: baseline; gap: 6px 11px; margin: 16px 0 4px; font-size: 14px; }
.part { white-space: nowrap; }
.part b { font-size: 19px; margin-right: 3px; }
.note { margin: 4px 0 0; color: var(--muted); }
.verdict { margin: 0 0 16px; padding: 12px 16px; border-radius: 12px; }
.verdict b { margin-right: 8px; }
.verdict ul { margin: 8px 0 0; padding-left: 20px; }
.good { background: var(--met-soft); color: var(--met); }
.bad { background: var(--missed-soft); color: var(--missed); }
.verdict .en { color: inherit; }
footer { max-width: 1040px; margin: 0 auto; padding: 32px 24px 48px; color: var(--muted); font-size: 13px; }
@media (max-width: 720px) { .tiles { grid-template-columns: repeat(2, 1fr); } h1 { font-size: 26px; } }
@media print {
  :root { --page: #ffffff; }
  body { font-size: 12px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main, footer { max-width: none; padding: 0; }
  section { margin-top: 24px; } figure, .tiles li, tr { break-inside: avoid; }
  svg.funnel { min-width: 0; }
}
@page { size: A4; margin: 16mm; }
)css";

}  // namespace ieum::play

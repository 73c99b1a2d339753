import { LEVELS } from '../kit/check.ts';
import type { Report, Result } from '../kit/run.ts';
import { count, escaped, isReached, LEVEL_VI, NEED, PROFILE_VI } from './words.ts';

const style = `
:root { color-scheme: light dark; --line: #8886; --bad: #b3261e; --good: #1b6e3c; --quiet: #6b6b6b }
@media (prefers-color-scheme: dark) { :root { --bad: #ff897d; --good: #7fd6a0; --quiet: #a8a8a8 } }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.5rem; line-height: 1.25 } h2 { font-size: 1.15rem; margin-top: 2rem }
.verdict { border-left: .4rem solid var(--good); padding: .5rem 1rem; font-size: 1.15rem } .verdict.bad { border-color: var(--bad) }
article { border-top: 1px solid var(--line); padding: .75rem 0 } h3 { font-size: 1rem; margin: 0 }
.failed h3::before { content: "✗ "; color: var(--bad) } .skipped h3::before { content: "– "; color: var(--quiet) }
dt { font-weight: 600; margin-top: .5rem } dd { margin: 0 } pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; font-size: .85rem }
small, .id { color: var(--quiet) } ul { padding-left: 1.2rem } li { overflow-wrap: anywhere }
table { border-collapse: collapse } th, td { text-align: left; padding: .25rem 1rem .25rem 0; border-bottom: 1px solid var(--line) }`;

function faultOf({ check, sent, expected, seen }: Result): string {
  const parts = [
    ['Phải làm gì', escaped(check.advice[0])],
    ['Đã gửi', `<pre>${escaped(sent ?? '')}</pre>`],
    ['Mong đợi', `<pre>${escaped(expected ?? '')}</pre>`],
    ['Nhận được', `<pre>${escaped(seen ?? '')}</pre>`],
    ['Quy định', escaped(check.spec)],
  ];
  const list = parts.map(([term, text]) => `<dt>${term}</dt><dd>${text}</dd>`).join('');
  return `<article class="failed"><h3>${escaped(check.title[0])}</h3><p class="id">${check.id} · ${LEVEL_VI[check.level]}</p><dl>${list}</dl></article>`;
}

const skippedOf = ({ check, missing }: Result): string =>
  `<article class="skipped"><h3>${escaped(check.title[0])}</h3><p class="id">${check.id} · ${missing ? NEED[missing][0] : ''}</p></article>`;

const passedOf = ({ check }: Result): string => `<li>${escaped(check.title[0])} <small>${check.id}</small></li>`;

function rowOf(results: readonly Result[], level: (typeof LEVELS)[number]): string {
  const of = results.filter(({ check }) => check.level === level);
  if (of.length === 0) return '';
  return `<tr><th scope="row">${LEVEL_VI[level]}</th><td>${count(of, 'passed')}</td><td>${count(of, 'failed')}</td><td>${count(of, 'skipped')}</td></tr>`;
}

const section = (title: string, parts: readonly string[], wrap = ['', '']): string =>
  parts.length === 0 ? '' : `<h2>${title} (${parts.length})</h2>${wrap[0]}${parts.join('')}${wrap[1]}`;

/** One page for people: what to mend stands first. */
export function pageOf(report: Report): string {
  const { results, target, profile, asked, reached, startedAt } = report;
  const of = (outcome: Result['outcome']) => results.filter((result) => result.outcome === outcome);
  const isGood = isReached(report);
  const reachedVi = reached ? LEVEL_VI[reached] : 'chưa đạt mức nào';
  const verdict = isGood ? `Đạt mức ${LEVEL_VI[asked]}` : `Chưa đạt mức ${LEVEL_VI[asked]} (hiện: ${reachedVi})`;
  const rows = LEVELS.map((level) => rowOf(results, level)).join('');
  return `<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(verdict)} – ${escaped(target)}</title><style>${style}</style></head>
<body><main><h1>Kiểm định liên thông ocop-fed/1</h1>
<p>${escaped(target)}<br>${PROFILE_VI[profile]}<br>${escaped(startedAt)}</p>
<p class="verdict${isGood ? '' : ' bad'}">${escaped(verdict)}</p>
<table><thead><tr><th scope="col">Mức</th><th scope="col">Đạt</th><th scope="col">Hỏng</th><th scope="col">Bỏ qua</th></tr></thead><tbody>${rows}</tbody></table>
${section('Cần sửa', of('failed').map(faultOf))}
${section('Bỏ qua', of('skipped').map(skippedOf))}
${section('Đã đạt', of('passed').map(passedOf), ['<ul>', '</ul>'])}
</main></body></html>
`;
}

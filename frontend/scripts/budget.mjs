// Fails the build when a first visit would load more JavaScript than the budget, or when Plotly is in it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const DIST = new URL('../dist', import.meta.url).pathname;
const BUDGET_KB = 220;

const html = readFileSync(join(DIST, 'index.html'), 'utf8');
const scripts = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map((match) => match[1]);
let total = 0;
for (const script of scripts) {
  const bytes = readFileSync(join(DIST, script));
  if (bytes.includes('js-plotly-plot')) {
    console.error(`${script} holds Plotly: it must stay in its lazy chunk.`);
    process.exit(1);
  }
  total += gzipSync(bytes, { level: 9 }).length;
}
const kilobytes = Math.round(total / 100) / 10;
console.log(
  `First visit: ${kilobytes} kB of JavaScript (gzip) in ${scripts.length} files; the budget is ${BUDGET_KB} kB.`,
);
if (kilobytes > BUDGET_KB) process.exit(1);

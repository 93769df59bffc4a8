// Opens pages in headless Chromium and says when the first chart stood on them. Started by first_chart.py.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const asked = JSON.parse(process.argv[2]);
const { chromium } = createRequire(join(asked.frontend, 'package.json'))('playwright-core');

// Milliseconds from the beginning of the navigation to the frame after the first drawn line.
const WATCH = () => {
  const drawn = () => {
    const line = document.querySelector('.js-plotly-plot .scatterlayer .trace path.js-line');
    if ((line?.getAttribute('d')?.length ?? 0) < 100) return;
    watching.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => { window.firstChart = performance.now(); }));
  };
  const watching = new MutationObserver(drawn);
  watching.observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ['d'] });
};

async function opened(page, path) {
  await page.goto(asked.url + path);
  return (await page.waitForFunction(() => window.firstChart, null, { timeout: 120_000 })).jsonValue();
}

async function newPage(browser) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  await context.addInitScript(WATCH);
  const login = await context.request.post(`${asked.url}/api/auth/login`, { data: asked.account });
  if (!login.ok()) throw new Error(`signing in: ${login.status()} ${await login.text()}`);
  return context.newPage();
}

const browser = await chromium.launch({
  executablePath: asked.chromium,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
for (let round = 0; round < asked.rounds; round += 1) {
  const found = {};
  for (const [name, path] of Object.entries(asked.paths)) {
    const page = await newPage(browser); // a context has a cache of its own: the first visit finds it empty
    found[name] = { cold: await opened(page, path), warm: await opened(page, path) };
    await page.context().close();
  }
  console.log(JSON.stringify(found));
}
await browser.close();

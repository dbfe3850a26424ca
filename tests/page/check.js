// SPDX-License-Identifier: GPL-3.0-or-later
// Open a report in headless Chromium and hold it to what a reader expects; speaks TAP.
// usage: node check.js REPORT.html [SCREENSHOT-FOLDER]
const path = require('path');
const { chromium } = require('playwright-core');
const axe = require.resolve('axe-core/axe.min.js');

let n = 0;
let failed = 0;
function check(name, good, detail) {
    n += 1;
    failed += good ? 0 : 1;
    console.log(`${good ? 'ok' : 'not ok'} ${n} - ${name}`);
    if (!good && detail) console.log(`# ${String(detail).slice(0, 2000).replace(/\n/g, '\n# ')}`);
}

async function main() {
    const [report, shots] = process.argv.slice(2);
    const browser = await chromium.launch({
        executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
    });
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    const errors = [];
    const requests = [];
    page.on('console', m => m.type() === 'error' && errors.push(m.text()));
    page.on('pageerror', e => errors.push(String(e)));
    page.on('dialog', d => { errors.push(`dialog: ${d.message()}`); d.dismiss(); });
    page.on('request', r => requests.push(r.url()));
    await page.goto(`file://${path.resolve(report)}`);

    check('no console error', errors.length === 0, errors.join('\n'));
    check('nothing is loaded from outside', requests.every(u => u.startsWith('file:')), requests.join('\n'));
    const figures = await page.$$eval('figure svg', all => all.map(s => s.getBoundingClientRect().height));
    check('pictures are drawn inline', figures.length > 0 && figures.every(h => h > 100), figures.join());
    const ids = await page.$$eval('[id]', all => all.map(e => e.id));
    check('no id twice', new Set(ids).size === ids.length, ids.filter((id, i) => ids.indexOf(id) !== i).join());
    const body = await page.textContent('body');
    if (process.env.HOSTILE)
        check('markup in a text shows as text',
            body.includes(process.env.HOSTILE) && (await page.evaluate('window.hostile')) === undefined);
    const first = await page.$('table.sorts th button');
    await first.click();
    check('tables sort', (await page.$$('th[aria-sort=ascending]')).length === 1);
    await first.focus();
    await page.keyboard.press('Enter');
    check('and by the keyboard', (await page.$$('th[aria-sort=descending]')).length === 1);
    await page.addScriptTag({ path: axe });
    for (const scheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme: scheme });
        const found = await page.evaluate('axe.run(document, {resultTypes: ["violations"]})');
        const serious = found.violations.filter(v => ['serious', 'critical'].includes(v.impact));
        check(`no serious accessibility finding, ${scheme}`, serious.length === 0,
            serious.map(v => `${v.id}: ${v.nodes.slice(0, 3).map(x => x.html.slice(0, 200)).join(' | ')}`).join('\n'));
        if (shots) await page.screenshot({ path: `${shots}/${scheme}.png`, fullPage: true });
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 390, height: 800 });
    const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    check('a phone needs no sideways scrolling', wide <= 1, wide);
    if (shots) await page.screenshot({ path: `${shots}/phone.png` });
    await browser.close();
    console.log(`1..${n}`);
    process.exit(failed ? 1 : 0);
}
main().catch(e => { console.log(`Bail out! ${e}`); process.exit(1); });

// Draws the picture of the README: npm ci && node pictures-readme.mjs WORKER, where WORKER is the program, such as
// "../../src/DefectNotifier.Worker/bin/Debug/net10.0/DefectNotifier.Worker". It needs Chromium, and pngquant for a small file.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { closeBrowser, takePicture } from './chromium.mjs';
import { slackStyle, slackMessage } from './pictures-slack.mjs';
import { teamsMessage, teamsScripts, teamsStyle } from './pictures-teams.mjs';

const [worker] = process.argv.slice(2);
if (worker === undefined) throw new Error('Name the program: node pictures-readme.mjs WORKER');
const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const target = path.join(here, '../../src/docs/messages.png');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'readme-'));
const event = path.join(folder, 'created.json');
fs.writeFileSync(event, JSON.stringify({
  event_name: 'defect.created',
  timestamp: 1773478800,
  payload: {
    id: 97,
    title: 'Coupon is lost when the currency changes',
    severity: 'critical',
    actual_result: '1. Add two items and apply `SAVE10`\n2. Switch from EUR to GBP\n\nThe discount disappears.',
  },
  team_member_id: 12,
  project_code: 'WEB',
}));

// With Qase:Token the service shows names in place of these numbers. For render a later event is one that happens at once.
const names = { 'team member 12': 'Anna Berg', 'team member 40': 'Rut Olsen', 'less than a minute': '3 min' };
function render(...options) {
  const command = ['render', ...options, '--templates', path.join(here, '../../templates'), '--json', '--quiet'];
  const text = execFileSync(path.resolve(worker), command, { cwd: folder, encoding: 'utf8' });
  return JSON.parse(Object.entries(names).reduce((all, [number, name]) => all.replaceAll(number, name), text));
}

const slack = (...options) => render('--platform', 'slack', ...options);
const open = slack('--event', event);
const resolved = slack('--event', event, '--then', 'defect.resolved');
const reply = slack('--event', 'defect.resolved', '--project', 'WEB', '--reply');
const card = { attachments: [{ content: render('--platform', 'teams', '--event', event) }] };

const column = (title, content) => `<section><h6>${title}</h6>${content}</section>`;
await takePicture(`<!doctype html><meta charset="utf-8"><style>${teamsStyle('light')} ${slackStyle('light')}
  body { margin: 0; padding: 20px; display: grid; grid-template-columns: 1fr 1fr 1fr; gap: 28px; background: #fff }
  h6 { margin: 0 0 10px; color: #616061; font: 600 14px 'Liberation Sans', sans-serif }
  .thread { margin: 6px 0 0 44px; padding-left: 12px; border-left: 2px solid #ddd; font-size: 14px }
  .card { font: 14px 'Segoe UI', 'Liberation Sans', sans-serif }</style>
  ${column('Slack: a new defect', slackMessage(open))}
  ${column('Slack: the same message when it is resolved', slackMessage(resolved) + `<div class="thread">${slackMessage(reply)}</div>`)}
  ${column('Teams: the card of a new defect', teamsMessage(card))}${teamsScripts('light')}`, 1260, target, 1.5);
closeBrowser();
try {
  execFileSync('pngquant', ['--force', '--skip-if-larger', '--output', target, '64', target]);
} catch {
  console.log('The picture was not made smaller: pngquant is not installed.');
}
console.log(`${target}: ${fs.statSync(target).size} bytes`);

// Draws the approved messages as pictures, for people to look at: npm ci && node pictures.mjs FOLDER [PART_OF_A_NAME]
// One PNG in FOLDER for each folder of messages, platform, theme and width. It needs Chromium. pictures-slack.mjs
// draws Slack's blocks, pictures-teams.mjs the cards. Colors and sizes are only near the real clients'.
import fs from 'node:fs';
import path from 'node:path';
import { closeBrowser, takePicture } from './chromium.mjs';
import { slackStyle, slackMessage } from './pictures-slack.mjs';
import { teamsMessage, teamsScripts, teamsStyle } from './pictures-teams.mjs';

const [target, wanted = ''] = process.argv.slice(2);
if (target === undefined) throw new Error('Name the folder for the pictures: node pictures.mjs FOLDER');
const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const approved = path.join(here, '../DefectNotifier.Tests/Rendering/Approved');
const escape = text => text.replace(/[&<>"]/g, each => `&#${each.charCodeAt(0)};`);

// Below the view as text and an empty line, each file has the message in JSON.
const messages = fs.readdirSync(approved, { recursive: true }).sort()
  .filter(name => name.endsWith('.txt') && name.includes(wanted))
  .map(name => {
    const text = fs.readFileSync(path.join(approved, name), 'utf8');
    const [, label, platform] = /^(.*)\.(slack|teams)\.txt$/.exec(name.replaceAll('\\', '/'));
    return { label, group: label.split('/')[0], platform, message: JSON.parse(text.slice(text.search(/^\{$/m))) };
  });

function page(group, platform, theme) {
  const chosen = messages.filter(each => each.group === group && each.platform === platform);
  const shown = chosen.map(({ label, message }) => `<h6>${escape(label)}</h6>` +
    (platform === 'slack' ? slackMessage(message) : teamsMessage(message)));
  const style = platform === 'slack' ? slackStyle(theme) : teamsStyle(theme);
  const draw = platform === 'slack' ? '' : teamsScripts(theme);
  return `<!doctype html><meta charset="utf-8"><style>body { margin: 12px } h6 { margin: 20px 0 6px; color: #888; font-weight: normal }
    ${style}</style>${shown.join('\n')}${draw}`;
}

fs.mkdirSync(target, { recursive: true });
for (const group of new Set(messages.map(each => each.group)))
  for (const platform of ['slack', 'teams'])
    for (const theme of ['light', 'dark'])
      for (const [device, width] of [['desktop', 760], ['phone', 375]])
        await takePicture(page(group, platform, theme), width, path.join(target, `${group}-${platform}-${theme}-${device}.png`));
closeBrowser();

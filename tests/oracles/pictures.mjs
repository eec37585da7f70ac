// Draws the approved messages as pictures, for people to look at: npm ci && node pictures.mjs FOLDER [PART_OF_A_NAME]
// One PNG in FOLDER for each folder of messages, platform, theme and width. It needs Chromium (apt install chromium; or CHROMIUM=PATH).
// Cards are drawn by Microsoft's renderer; pictures-slack.mjs draws Slack's blocks. Colors and sizes are only near the real clients'.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { slackStyle, slackMessage } from './pictures-slack.mjs';

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

// As in Microsoft's host configurations for Teams (samples/HostConfig in microsoft/AdaptiveCards): headings are bright in both themes.
const bright = { accent: '#c7def9', good: '#ccffcc', attention: '#ffc5b2', warning: '#ffe2b2' };
const colors = {
  light: {
    page: '#f5f5f5', text: '#252424', subtle: '#616161', link: '#4f52b2', border: '#e0e0e0', default: '#ffffff', emphasis: '#f9f8f7',
  },
  dark: {
    page: '#1f1f1f', text: '#ffffff', subtle: '#adadad', link: '#7f85f5', border: '#3d3d3d', default: '#2d2c2c', emphasis: '#292828',
  },
};

function teamsConfig(theme) {
  const of = colors[theme];
  const tones = ['default', 'dark', 'light', 'accent', 'good', 'warning', 'attention'];
  const text = ({ text, subtle }) => Object.fromEntries(tones.map(tone => [tone, { default: text, subtle }]));
  const style = name => [name, { backgroundColor: bright[name] ?? of[name], foregroundColors: text(name in bright ? colors.light : of) }];
  const font = fontFamily => ({
    fontFamily,
    fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 },
    fontWeights: { lighter: 200, default: 400, bolder: 600 },
  });
  return {
    supportsInteractivity: true,
    fontTypes: { default: font("'Segoe UI', 'Liberation Sans', sans-serif"), monospace: font("'Liberation Mono', monospace") },
    spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
    separator: { lineThickness: 1, lineColor: of.border },
    imageSizes: { small: 32, medium: 52, large: 100 },
    containerStyles: Object.fromEntries(['default', 'emphasis', ...Object.keys(bright)].map(style)),
    actions: { maxActions: 6, spacing: 'default', buttonSpacing: 8, actionsOrientation: 'horizontal', actionAlignment: 'left' },
    factSet: { title: { weight: 'bolder' }, spacing: 16 },
  };
}

const teamsStyle = theme => `
  body { background: ${colors[theme].page}; color: ${colors[theme].text}; font: 14px 'Segoe UI', 'Liberation Sans', sans-serif }
  .card { border: 1px solid ${colors[theme].border}; border-radius: 4px; overflow: hidden; max-width: 900px }
  .card a { color: ${colors[theme].link} }
  .ac-pushButton { background: none; color: inherit; border: 1px solid ${colors[theme].subtle}; border-radius: 4px; padding: 6px 12px;
    font: 600 14px 'Segoe UI', 'Liberation Sans', sans-serif }`;

// Runs in the page.
function drawCards(config) {
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = markdownit().render(text);
    result.didProcess = true;
  };
  for (const place of document.querySelectorAll('[data-card]')) {
    const card = new AdaptiveCards.AdaptiveCard();
    card.hostConfig = new AdaptiveCards.HostConfig(config);
    card.parse(JSON.parse(place.dataset.card));
    place.append(card.render());
  }
}

const source = name => fs.readFileSync(path.join(here, 'node_modules', name), 'utf8').replaceAll('</script', '<\\/script');
const script = name => `<script>${source(name)}</script>`;

function page(group, platform, theme) {
  const chosen = messages.filter(each => each.group === group && each.platform === platform);
  const shown = chosen.map(({ label, message }) => `<h6>${escape(label)}</h6>` +
    (platform === 'slack' ? slackMessage(message) : message.attachments
      .map(each => `<div class="card" data-card="${escape(JSON.stringify(each.content))}"></div>`).join('')));
  const style = platform === 'slack' ? slackStyle(theme) : teamsStyle(theme);
  const draw = platform === 'slack' ? '' :
    script('adaptivecards/dist/adaptivecards.min.js') + script('markdown-it/dist/markdown-it.min.js') +
    `<script>(${drawCards})(${JSON.stringify(teamsConfig(theme))})</script>`;
  return `<!doctype html><meta charset="utf-8"><style>body { margin: 12px } h6 { margin: 20px 0 6px; color: #888; font-weight: normal }
    ${style}</style>${shown.join('\n')}${draw}`;
}

// Chromium's own protocol over a pipe: --screenshot alone knows neither the height of a page nor a window as narrow as a phone.
const browser = spawn(process.env.CHROMIUM ?? 'chromium',
  ['--headless', '--no-sandbox', '--remote-debugging-pipe', '--hide-scrollbars', `--user-data-dir=${fs.mkdtempSync('/tmp/pictures-')}`],
  { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
const waiting = new Map();
let received = '';
browser.stdio[4].setEncoding('utf8').on('data', data => {
  const parts = (received + data).split('\0');
  received = parts.pop();
  for (const { id, method, result, error } of parts.map(part => JSON.parse(part))) {
    const key = id ?? method;
    waiting.get(key)?.(error === undefined ? result : Promise.reject(new Error(error.message)));
    waiting.delete(key);
  }
});
let calls = 0;
const answer = key => new Promise(resolve => waiting.set(key, resolve));
function call(method, params = {}, sessionId) {
  browser.stdio[3].write(JSON.stringify({ id: ++calls, method, params, sessionId }) + '\0');
  return answer(calls);
}

fs.mkdirSync(target, { recursive: true });
const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
const tell = (method, params) => call(method, params, sessionId);
const { frameTree } = await tell('Page.getFrameTree');
for (const group of new Set(messages.map(each => each.group)))
  for (const platform of ['slack', 'teams'])
    for (const theme of ['light', 'dark'])
      for (const [device, width] of [['desktop', 760], ['phone', 375]]) {
        await tell('Emulation.setDeviceMetricsOverride', { width, height: 600, deviceScaleFactor: 1, mobile: false });
        await tell('Page.setDocumentContent', { frameId: frameTree.frame.id, html: page(group, platform, theme) });
        const { cssContentSize } = await tell('Page.getLayoutMetrics');
        const { data } = await tell('Page.captureScreenshot', { captureBeyondViewport: true, clip: { ...cssContentSize, scale: 1 } });
        fs.writeFileSync(path.join(target, `${group}-${platform}-${theme}-${device}.png`), data, 'base64');
      }
browser.kill();

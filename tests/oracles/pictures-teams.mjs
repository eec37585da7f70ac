// Cards for Teams, drawn by Microsoft's renderer.
import fs from 'node:fs';
import path from 'node:path';

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const escape = text => text.replace(/[&<>"]/g, each => `&#${each.charCodeAt(0)};`);

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

export const teamsStyle = theme => `
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

export const teamsMessage = message =>
  message.attachments.map(each => `<div class="card" data-card="${escape(JSON.stringify(each.content))}"></div>`).join('');

/** To be put at the end of a page. */
export const teamsScripts = theme =>
  script('adaptivecards/dist/adaptivecards.min.js') + script('markdown-it/dist/markdown-it.min.js') +
  `<script>(${drawCards})(${JSON.stringify(teamsConfig(theme))})</script>`;

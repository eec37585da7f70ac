// Slack's blocks as HTML, near enough to judge hierarchy, density and line breaks.
const escape = text => String(text).replace(/[&<>"]/g, each => `&#${each.charCodeAt(0)};`);

const colors = {
  light: { page: '#ffffff', text: '#1d1c1d', subtle: '#616061', link: '#1264a3', line: '#dddddd', code: '#f8f8f8', codeText: '#c01343' },
  dark: { page: '#1a1d21', text: '#d1d2d3', subtle: '#ababad', link: '#1d9bd1', line: '#4a4d52', code: '#222529', codeText: '#e8912d' },
};

export const slackStyle = theme => {
  const of = colors[theme];
  return `
  body { background: ${of.page}; color: ${of.text}; font: 15px/1.46668 Lato, 'Liberation Sans', sans-serif; overflow-wrap: anywhere }
  a { color: ${of.link}; text-decoration: none }
  .message { display: grid; grid-template-columns: 36px minmax(0, 1fr); gap: 8px; max-width: 700px }
  .icon { width: 36px; height: 36px; border-radius: 4px; background: #4a5bdc; color: #fff; font: 15px/36px sans-serif; text-align: center }
  .app { font-weight: 900 } .app small { font-weight: normal; color: ${of.subtle}; margin-left: 6px }
  .block { margin: 4px 0 8px; white-space: pre-wrap } .header { font-size: 18px; font-weight: 900; line-height: 1.33 }
  .section + .section, .rich + .rich { margin-top: 0 }
  .fields { display: grid; grid-template-columns: 1fr 1fr; gap: 4px 16px }
  .context { color: ${of.subtle}; font-size: 13px; line-height: 1.38 }
  .button { display: inline-block; border: 1px solid ${of.subtle}; border-radius: 8px; padding: 0 12px; font: bold 13px/34px sans-serif;
    margin-right: 8px }
  blockquote { margin: 0; padding-left: 16px; border-left: 4px solid ${of.line} }
  pre, code { font: 12px/1.5 'Liberation Mono', monospace; background: ${of.code}; border: 1px solid ${of.line}; border-radius: 3px }
  code { color: ${of.codeText}; padding: 1px 3px } pre { margin: 0; padding: 8px; white-space: pre-wrap }
  ul, ol { margin: 0; padding-left: 28px } table { border-collapse: collapse; font-size: 13px }
  td { border: 1px solid ${of.line}; padding: 4px 8px } hr { border: 0; border-top: 1px solid ${of.line} } img { max-width: 360px }`;
};

const day = time => new Date(time * 1000).toLocaleString('en-US', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

// mrkdwn: entities are escaped by the sender, so only Slack's own marks are read.
const marks = text => text
  .replace(/<!date\^(\d+)[^>]*>/g, (_, time) => day(time))
  .replace(/<((?:https?|mailto):[^|>]+)\|?([^>]*)>/g, (_, url, label) => `<a href="${url.replaceAll('"', '%22')}">${label || url}</a>`)
  .replace(/```([^`]+)```/g, '<pre>$1</pre>').replace(/`([^`\n]+)`/g, '<code>$1</code>')
  .replace(/(^|[\s(])\*([^*\n]+)\*/g, '$1<b>$2</b>').replace(/(^|[\s(])_([^_\n]+)_/g, '$1<i>$2</i>');
const text = each => each.type === 'mrkdwn' ? marks(each.text) : escape(each.text);

const tags = { bold: 'b', italic: 'i', strike: 's', code: 'code' };
function styled(shown, style = {}) {
  return Object.keys(tags).filter(name => style[name]).reduce((inner, name) => `<${tags[name]}>${inner}</${tags[name]}>`, shown);
}

const bordered = (each, shown) => each.border ? `<blockquote>${shown}</blockquote>` : shown;

const rich = {
  text: each => styled(escape(each.text), each.style),
  link: each => styled(`<a href="${escape(each.url)}">${escape(each.text ?? each.url)}</a>`, each.style),
  date: each => styled(day(each.timestamp), each.style),
  emoji: each => each.unicode ? String.fromCodePoint(...each.unicode.split('-').map(code => parseInt(code, 16))) : `:${escape(each.name)}:`,
  rich_text_section: each => `<div>${all(each, rich)}</div>`,
  rich_text_quote: each => `<blockquote>${all(each, rich)}</blockquote>`,
  rich_text_preformatted: each => bordered(each, `<pre>${all(each, rich)}</pre>`),
  rich_text_list(each) {
    const tag = each.style === 'ordered' ? 'ol' : 'ul';
    const items = each.elements.map(item => `<li>${all(item, rich)}</li>`).join('');
    const list = `<${tag} start="${(each.offset ?? 0) + 1}" style="margin-left: ${(each.indent ?? 0) * 28}px">${items}</${tag}>`;
    return bordered(each, list);
  },
};

const blocks = {
  header: each => `<div class="block header">${text(each.text)}</div>`,
  section: each => (each.text ? `<div class="block section">${text(each.text)}</div>` : '') +
    (each.fields ? `<div class="block fields">${each.fields.map(field => `<div>${text(field)}</div>`).join('')}</div>` : ''),
  rich_text: each => `<div class="block rich">${all(each, rich)}</div>`,
  context: each => `<div class="block context">${each.elements.map(text).join(' ')}</div>`,
  actions: each => `<div class="block">${each.elements.map(button => `<span class="button">${text(button.text)}</span>`).join('')}</div>`,
  image: each => `<div class="block"><img src="${escape(each.image_url)}" alt="${escape(each.alt_text)}"></div>`,
  divider: () => '<hr>',
  table(each) {
    const cell = one => `<td>${one.type === 'rich_text' ? all(one, rich) : escape(one.text)}</td>`;
    return `<table class="block">${each.rows.map(row => `<tr>${row.map(cell).join('')}</tr>`).join('')}</table>`;
  },
};

function all(parent, drawings) {
  return parent.elements.map(each => draw(each, drawings)).join('');
}

function draw(each, drawings) {
  if (drawings[each.type] === undefined) throw new Error(`There is no drawing of ${each.type} yet: add it to pictures-slack.mjs`);
  return drawings[each.type](each);
}

export function slackMessage(message) {
  const shown = message.blocks ? message.blocks.map(block => draw(block, blocks)).join('')
    : `<div class="block">${marks(message.text)}</div>`;
  return `<div class="message"><div class="icon">DN</div>
    <div><div class="app">DefectNotifier<small>APP 9:00 AM</small></div>${shown}</div></div>`;
}

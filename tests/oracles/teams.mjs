// Checks cards with Microsoft's own renderer: node teams.mjs CASES. Each line of the file CASES is a case in JSON:
//   name, card
//   texts:  what a reader must find, word for word; white space counts as one blank
//   lines:  whole lines that a reader must find, with their blanks
//   marked: [tag, text], for example ["STRONG", "the title"]
//   links:  how the address of every link must begin
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { JSDOM } from 'jsdom';
import MarkdownIt from 'markdown-it';

const { window } = new JSDOM('<!doctype html><body></body>');
for (const name of ['window', 'document', 'Node', 'Element', ...Object.getOwnPropertyNames(window).filter(name => name.startsWith('HTML'))])
  globalThis[name] = name === 'window' ? window : window[name];

// A browser shows a line break in innerText as <br>; jsdom has no innerText.
Object.defineProperty(window.HTMLElement.prototype, 'innerText', {
  get() { return this.textContent; },
  set(text) {
    this.replaceChildren(...text.split('\n').flatMap((line, at) => at === 0 ? [line] : [document.createElement('br'), line]));
  },
});

const cards = createRequire(import.meta.url)('adaptivecards/dist/adaptivecards.min.js');
const markdown = new MarkdownIt();
cards.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = markdown.render(text);
  result.didProcess = true;
};
const hostConfig = new cards.HostConfig({ actions: { maxActions: 6 }, supportsInteractivity: true });

const blank = text => text.replaceAll('\u2060', '').replace(/\s+/g, ' ').trim();

// The text as a browser lays it out: ordinary blanks collapse, no-break spaces do not.
function shownLines(root) {
  let text = '';
  const read = node => {
    if (node.nodeType === window.Node.TEXT_NODE) text += node.data.replace(/[ \t\r\n]+/g, ' ');
    else if (node.tagName === 'BR') text += '\n';
    else if (node.tagName === 'HR') text += '\n<hr>\n';
    else if (node.tagName === 'IMG') text += `\n${node.alt}\n`;
    else {
      const isBlock = /^(DIV|P|LI|UL|OL|TR|TD|TABLE|H[1-6]|BLOCKQUOTE|PRE|BUTTON)$/.test(node.tagName);
      if (isBlock) text += '\n';
      for (const child of node.childNodes) read(child);
      if (isBlock) text += '\n';
    }
  };
  read(root);
  return text.replaceAll('\u2060', '').split('\n')
    .map(line => line.replace(/ +/g, ' ').replace(/^ | $/g, '').replaceAll('\u00A0', ' ').trimEnd())
    .filter(line => line);
}

function linksIn(node, found = []) {
  if (node && typeof node === 'object') {
    if (node.type === 'Action.OpenUrl') found.push(node.url);
    for (const child of Object.values(node)) linksIn(child, found);
  }
  return found;
}

function* check({ card, texts = [], lines = [], marked = [], links = [] }) {
  const context = new cards.SerializationContext(cards.Versions.v1_5);
  const parsed = new cards.AdaptiveCard();
  parsed.hostConfig = hostConfig;
  parsed.parse(card, context);
  for (let at = 0; at < context.eventCount; at++) yield `is not valid: ${context.getEventAt(at).message}`;
  for (const event of parsed.validateProperties().validationEvents) yield `is not valid: ${event.message}`;
  const root = parsed.render();
  const shown = shownLines(root);
  const whole = blank(shown.join('\n'));
  for (const text of texts) if (!whole.includes(blank(text))) yield `does not show ${JSON.stringify(text)}, but ${JSON.stringify(whole)}`;
  for (const line of lines) if (!shown.includes(line)) yield `has no line ${JSON.stringify(line)}, but ${JSON.stringify(shown)}`;
  for (const [tag, text] of marked) {
    const found = [...root.querySelectorAll(tag)].map(element => blank(element.textContent));
    if (!found.includes(blank(text))) yield `has no ${tag} ${JSON.stringify(text)}, but ${root.innerHTML}`;
  }
  for (const address of [...[...root.querySelectorAll('a')].map(link => link.getAttribute('href')), ...linksIn(card)])
    if (address && !links.some(link => address.startsWith(link))) yield `links to ${address}`;
}

const cases = fs.readFileSync(process.argv[2], 'utf8').split('\n').filter(line => line).map(line => JSON.parse(line));
let failures = 0;
for (const each of cases)
  for (const failure of check(each)) if (++failures <= 20) console.log(`${each.name}: ${failure}\n    ${JSON.stringify(each.card.body)}`);
console.log(`${cases.length} cards, ${failures} failures`);
process.exitCode = failures > 0 || cases.length === 0 ? 1 : 0;

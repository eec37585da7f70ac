// Takes pictures of pages with Chromium (apt install chromium; or CHROMIUM=PATH).
import { spawn } from 'node:child_process';
import fs from 'node:fs';

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

const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
const tell = (method, params) => call(method, params, sessionId);
const { frameTree } = await tell('Page.getFrameTree');

/** Draws a page as wide as this and as high as its content, and writes it as PNG. */
export async function takePicture(html, width, file, deviceScaleFactor = 1) {
  await tell('Emulation.setDeviceMetricsOverride', { width, height: 100, deviceScaleFactor, mobile: false });
  await tell('Page.setDocumentContent', { frameId: frameTree.frame.id, html });
  const { cssContentSize } = await tell('Page.getLayoutMetrics');
  const { data } = await tell('Page.captureScreenshot', { captureBeyondViewport: true, clip: { ...cssContentSize, scale: 1 } });
  fs.writeFileSync(file, data, 'base64');
}

export const closeBrowser = () => browser.kill();

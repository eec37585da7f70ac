// Checks messages with Slack's published types: node slack.mjs CASES. Each line of the file CASES is a case in JSON: name, message.
import fs from 'node:fs';
import { typeErrors } from './types.mjs';

const cases = fs.readFileSync(process.argv[2], 'utf8').split('\n').filter(line => line).map(line => JSON.parse(line));
const head = `import type { KnownBlock, MessageAttachment, MessageMetadata } from '@slack/types';
interface Message {
  text: string; blocks?: KnownBlock[]; attachments?: MessageAttachment[]; unfurl_links?: boolean; unfurl_media?: boolean;
  channel?: string; ts?: string; thread_ts?: string; reply_broadcast?: boolean; metadata?: MessageMetadata;
}
declare function check(message: Message): void;
// Documented (docs.slack.dev/reference/block-kit/blocks/rich-text-block), but not in these types.
declare module '@slack/types' { interface RichTextList { offset?: number } interface HeaderBlock { level?: number } }
`;
const errors = typeErrors(head + cases.map(each => `check(${JSON.stringify(each.message)});\n`).join(''));
for (const { text, line, near } of errors.slice(0, 20))
  console.log(`${cases[line - head.split('\n').length + 1]?.name ?? 'types'}: ${text}\n    ${near}`);
console.log(`${cases.length} messages, ${errors.length} failures`);
process.exitCode = errors.length > 0 || cases.length === 0 ? 1 : 0;

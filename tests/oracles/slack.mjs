// Checks messages with Slack's published types: node slack.mjs CASES. Each line of the file CASES is a case in JSON: name, message.
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
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
const source = head + cases.map(each => `check(${JSON.stringify(each.message)});\n`).join('');
const name = path.join(here, 'messages.ts');
const options = {
  strict: true, noEmit: true, skipLibCheck: true, types: [],
  moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext,
};
const host = ts.createCompilerHost(options);
const { getSourceFile, fileExists } = host;
host.fileExists = file => file === name || fileExists(file);
host.getSourceFile = (file, ...rest) =>
  file === name ? ts.createSourceFile(name, source, ts.ScriptTarget.Latest) : getSourceFile(file, ...rest);

const program = ts.createProgram([name], options, host);
const errors = ts.getPreEmitDiagnostics(program);
for (const error of errors.slice(0, 20)) {
  const line = error.file === undefined ? -1 : error.file.getLineAndCharacterOfPosition(error.start).line - head.split('\n').length + 1;
  const near = error.file?.text.slice(error.start, error.start + 200);
  console.log(`${cases[line]?.name ?? 'types'}: ${ts.flattenDiagnosticMessageText(error.messageText, ' ').slice(0, 600)}\n    ${near}`);
}
console.log(`${cases.length} messages, ${errors.length} failures`);
process.exitCode = errors.length > 0 || cases.length === 0 ? 1 : 0;

// Checks the types of the console's scripts: node console.mjs CASES. Each line of the file CASES is a case in JSON: file.
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const files = fs.readFileSync(process.argv[2], 'utf8').split('\n').filter(line => line).map(line => JSON.parse(line).file);
const program = ts.createProgram(files, {
  strict: true, noEmit: true, allowJs: true, checkJs: true, noUnusedLocals: true, noUnusedParameters: true, noImplicitReturns: true,
  noFallthroughCasesInSwitch: true, types: [], lib: ['lib.esnext.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler,
});
const errors = ts.getPreEmitDiagnostics(program);
for (const error of errors) {
  const at = error.file?.getLineAndCharacterOfPosition(error.start);
  const place = error.file ? `${path.basename(error.file.fileName)}:${at.line + 1}:${at.character + 1}` : 'options';
  console.log(`${place}: ${ts.flattenDiagnosticMessageText(error.messageText, ' ')}`);
}
console.log(`${files.length} files, ${errors.length} errors`);
process.exitCode = errors.length > 0 || files.length === 0 ? 1 : 0;

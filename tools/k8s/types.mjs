// Every object as a typed literal, read by the TypeScript compiler: a field that does not exist, is
// missing or has the wrong type is a fault. Kinds without published types are named, not passed over.
import ts from 'typescript';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = path.join(here, '..', 'node_modules');
const FOREIGN = ['prometheus-operator', 'cert-manager'];

function moduleOf({ apiVersion, kind }) {
  const folder = apiVersion.replace(/\.k8s\.io\b/, '.k8s.io');
  const candidates = [`kubernetes-models/${folder}`, ...FOREIGN.map((name) => `@kubernetes-models/${name}/${apiVersion}`)];
  return candidates.find((candidate) => fs.existsSync(path.join(modules, candidate, `${kind}.d.ts`)));
}

// objects: [{label, object}]. Gives {faults: ["label: sentence"], untyped: Set of "apiVersion/kind"}.
export function typeFaults(objects) {
  const untyped = new Set();
  const lines = [];
  const labels = []; // of each line
  const add = (text, label) => {
    for (const line of text.split('\n')) {
      lines.push(line);
      labels.push(label);
    }
  };
  objects.forEach(({ label, object }, index) => {
    const from = moduleOf(object);
    if (!from) {
      untyped.add(`${object.apiVersion}/${object.kind}`);
      return;
    }
    add(`import type { I${object.kind} as T${index} } from '${from}/${object.kind}';`, label);
    add(`export const o${index}: T${index} = ${JSON.stringify(object, null, 1)};`, label);
  });
  return { faults: compile(lines, labels), untyped };
}

function compile(lines, labels) {
  const file = path.join(here, 'rendered.ts'); // in memory only
  const options = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  const host = ts.createCompilerHost(options);
  const text = lines.join('\n');
  const source = ts.createSourceFile(file, text, options.target);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (name, ...rest) => (name === file ? source : getSourceFile.call(host, name, ...rest));
  host.fileExists = (name) => name === file || fileExists.call(host, name);
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const sentence = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
    if (diagnostic.file?.fileName !== file) return `types: ${sentence}`;
    const { line } = source.getLineAndCharacterOfPosition(diagnostic.start);
    return `${labels[line]}: ${lines[line].trim()} — ${sentence}`;
  });
}

// check.mjs ROOT RENDERED HELP: judges the overlays in RENDERED/*.yaml beside the programs whose --help
// lies in HELP/*. Prints each fault; 1 when there is one.
import fs from 'node:fs';
import path from 'node:path';
import { codeFaults, forgottenFaults, readCode } from './code.mjs';
import { Overlay } from './objects.mjs';
import { podFaults, podRules } from './pods.mjs';
import { secretFaults, suiteFaults, suiteRules } from './suite.mjs';
import { typeFaults } from './types.mjs';

export function readAll(root, rendered, helpFolder) {
  const files = fs.readdirSync(rendered).filter((file) => file.endsWith('.yaml')).sort();
  const overlays = new Map(files.map((file) => [path.basename(file, '.yaml'), Overlay.read(path.join(rendered, file))]));
  const help = new Map(fs.readdirSync(helpFolder).map((name) => [name, fs.readFileSync(path.join(helpFolder, name), 'utf8')]));
  return { overlays, code: readCode(root, help) };
}

// All but types, which take the compiler.
export function faultsOf(overlays, code) {
  const faults = [...forgottenFaults(overlays, code), ...secretFaults(overlays.get('prod'), overlays.get('dev'))];
  for (const overlay of overlays.values()) {
    faults.push(...podFaults(overlay), ...suiteFaults(overlay, code), ...codeFaults(overlay, code));
  }
  return faults;
}

function main([root, rendered, helpFolder]) {
  const { overlays, code } = readAll(root, rendered, helpFolder);
  // One of play differs from dev by its clock only; two sets of types are enough.
  const objects = [...overlays.values()].filter((overlay) => overlay.name !== 'play')
    .flatMap((overlay) => overlay.objects.map((object) => ({ label: `${overlay.name} ${object.kind}/${object.metadata.name}`, object })));
  const { faults: typed, untyped } = typeFaults(objects);
  const faults = [...typed, ...faultsOf(overlays, code)];
  for (const fault of faults) console.log(fault);
  const count = [...overlays.values()].reduce((sum, overlay) => sum + overlay.objects.length, 0);
  console.log(`${overlays.size} overlays, ${count} objects, ${podRules + suiteRules} rules: ${faults.length} faults` +
    ` (no published types: ${[...untyped].sort().join(', ')})`);
  return faults.length === 0 ? 0 : 1;
}

if (process.argv[1] === new URL(import.meta.url).pathname) process.exit(main(process.argv.slice(2)));

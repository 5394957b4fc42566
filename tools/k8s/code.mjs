// What the programs are, asked of the programs and of their source: words, variables, ports, drain.
import fs from 'node:fs';
import path from 'node:path';
import { environmentOf } from './objects.mjs';

// help: service → text of `ieum-<service> --help`. root: of the source tree.
export function readCode(root, help) {
  const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');
  const services = /set\(IEUM_SERVICES ([a-z ]+)\)/.exec(read('CMakeLists.txt'))[1].split(' ');
  const variables = new Map();
  const words = new Map();
  for (const service of services) {
    const text = help.get(service);
    if (!text) throw new Error(`no --help of ieum-${service}`);
    const table = text.slice(text.indexOf('\nvariable '));
    const rows = [...table.matchAll(/^(IEUM_[A-Z_]+) {1,}(.*)$/gm)];
    variables.set(service, new Map(rows.map(([, name, rest]) => [name, { required: rest.startsWith('(required)') }])));
    words.set(service, [...text.matchAll(/^ {2}([a-z-]+) {3,}\S/gm)].map((row) => row[1]));
  }
  return {
    services,
    variables,
    words,
    drainSeconds: drainSeconds(read),
    healthNames: [...read('platform/rpc/health_port.cc').matchAll(/SetServingStatus\("([a-z]+)"/g)].map((m) => m[1]),
    dockerfile: read('deploy/container/Dockerfile'),
    leftToDefault: leftToDefault(read('deploy/k8s/left-to-default')),
  };
}

// How long a stop may take: clients hear of it, calls end, events are carried to the broker.
function drainSeconds(read) {
  const places = [
    ['platform/rpc/server.h', /health_grace = absl::(?:Seconds\((\d+)\)|ZeroDuration\(\))/],
    ['platform/rpc/limits.h', /kDrainTimeout = absl::Seconds\((\d+)\)/],
    ['platform/runtime/app.cc', /kFlowDrain = absl::Seconds\((\d+)\)/],
  ];
  return places.reduce((sum, [file, pattern]) => {
    const found = pattern.exec(read(file));
    if (!found) throw new Error(`${file} does not say ${pattern} any more: mend tools/k8s/code.mjs`);
    return sum + Number(found[1] ?? 0);
  }, 0);
}

function leftToDefault(text) {
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'));
  return new Set(lines.map((line) => line.split(/\s+/)[0]));
}

function* variables(overlay, code, service, environment) {
  const known = code.variables.get(service);
  for (const name of environment.keys()) {
    if (name.startsWith('IEUM_') && !known.has(name)) yield `sets ${name}, which ieum-${service} does not know`;
  }
  for (const [name, { required }] of known) {
    // A certificate says who calls, too.
    const otherwise = name === 'IEUM_PEER_TOKEN_FILE' && environment.has('IEUM_TLS_CERT_FILE');
    if (required && !otherwise && !environment.has(name)) yield `does not set ${name}, which ieum-${service} requires`;
  }
}

// A shared setting may be a service's own business only: no fault when it does not know it.
function* files(overlay, code, environment, pod, container) {
  for (const [name, { value }] of environment) {
    if (!/^IEUM_.*_FILE$|^PGSSLROOTCERT$/.test(name) || !value) continue;
    if (code.dockerfile.includes(` ${value}\n`)) continue;
    const mount = (container.volumeMounts ?? []).find((m) => value.startsWith(`${m.mountPath}/`));
    const volume = (pod.volumes ?? []).find((v) => v.name === mount?.name);
    const items = [volume?.secret, ...(volume?.projected?.sources ?? []).map((source) => source.secret)]
      .flatMap((secret) => secret?.items ?? []);
    if (!items.some((item) => `${mount?.mountPath}/${item.path}` === value)) yield `${name}: there is no ${value} in the pod`;
  }
}

function* ports(overlay, code, environment, container) {
  const named = new Map((container.ports ?? []).map((port) => [port.name, port.containerPort]));
  for (const word of ['grpc', 'health', 'admin']) {
    const wanted = Number(environment.get(`IEUM_${word.toUpperCase()}_PORT`)?.value);
    if (!(wanted > 0) || named.get(word) !== wanted) yield `the port ${word} is ${named.get(word)} and the program listens on ${wanted}`;
  }
  if (environment.get('IEUM_LISTEN')?.value !== '0.0.0.0') yield 'listens where no other pod can reach it';
  const health = Number(environment.get('IEUM_HEALTH_PORT')?.value);
  for (const [word, service] of [['startupProbe', 'liveness'], ['readinessProbe', 'readiness'], ['livenessProbe', 'liveness']]) {
    const probe = container[word]?.grpc;
    if (probe?.port !== health) yield `${word} does not ask the health port ${health} by gRPC`;
    if (probe?.service !== service || !code.healthNames.includes(service)) yield `${word} does not ask for ${service}`;
  }
}

function* addresses(overlay, code, environment) {
  const open = (host, port) => overlay.find('Service', host)?.spec.ports.some((p) => p.port === port);
  for (const [name, { value }] of environment) {
    if (!name.startsWith('IEUM_PEER_') || name.endsWith('_FILE')) continue;
    const [, host, port] = /^dns:\/\/\/([a-z-]+):(\d+)$/.exec(value ?? '') ?? [];
    if (host !== `${name.slice('IEUM_PEER_'.length).toLowerCase()}-headless` || !open(host, Number(port))) {
      yield `${name}=${value} is not the headless Service of that service`;
    }
  }
  const host = /(?:^| )host=([a-z-]+)/.exec(environment.get('IEUM_DB')?.value ?? '')?.[1];
  const cluster = overlay.kind('Cluster').some((c) => host === `${c.metadata.name}-rw`);
  if (!cluster && !open(host, 5432)) yield `IEUM_DB: there is no PostgreSQL at ${host}`;
}

export function codeFaults(overlay, code) {
  const faults = [];
  const servers = overlay.servers();
  const say = (what, sentences) => {
    for (const sentence of sentences) faults.push(`${overlay.name} ${what}: ${sentence}`);
  };
  for (const service of code.services) {
    if (!servers.has(service)) say(service, ['has no Deployment']);
    if (!code.words.get(service)?.includes('migrate')) say(service, [`ieum-${service} has no word migrate`]);
  }
  for (const object of [...servers.values(), ...overlay.kind('Job').filter((job) => job.metadata.name.endsWith('-migrate'))]) {
    const service = object.metadata.labels['app.kubernetes.io/name'];
    const what = `${object.kind}/${object.metadata.name}`;
    if (!code.services.includes(service)) {
      say(what, ['is of no service in CMakeLists.txt']);
      continue;
    }
    const pod = object.spec.template.spec;
    const [container] = pod.containers;
    const environment = environmentOf(overlay, container);
    if (!new RegExp(`^ieum/${service}[:@]`).test(container.image)) say(what, [`runs ${container.image}`]);
    say(what, variables(overlay, code, service, environment));
    say(what, files(overlay, code, environment, pod, container));
    say(what, addresses(overlay, code, environment));
    if (object.kind === 'Deployment') say(what, ports(overlay, code, environment, container));
  }
  return faults;
}

// Every variable of a program is set by some overlay for its service, or left to its default on purpose;
// and what is left on purpose exists.
export function forgottenFaults(overlays, code) {
  const faults = [];
  const all = new Set([...code.variables.values()].flatMap((map) => [...map.keys()]));
  for (const name of code.leftToDefault) if (!all.has(name)) faults.push(`left-to-default names ${name}, which no program knows`);
  for (const name of all) {
    if (code.leftToDefault.has(name)) continue;
    const forgotten = code.services.filter((service) => code.variables.get(service).has(name) &&
      ![...overlays.values()].some((overlay) => setsVariable(overlay, service, name)));
    if (forgotten.length > 0) faults.push(`${name} is neither set for ${forgotten.join(', ')} nor in deploy/k8s/left-to-default`);
  }
  return faults;
}

function setsVariable(overlay, service, name) {
  const server = overlay.servers().get(service);
  return server && environmentOf(overlay, server.spec.template.spec.containers[0]).has(name);
}

// What the objects have to be to each other: replacement, disruption, scaling, networks, stores.
import { environmentOf, labelOf, matches, secretsOf, withoutHash } from './objects.mjs';

const SLEEP_MIN_SECONDS = 5;
const CONNECTIONS_FOR_PEOPLE = 20;
const CONNECTIONS_OF_THE_ACCESS_LOG = 3; // platform/runtime/access_keeping.cc

function podsOf(overlay) {
  return overlay.workloads().map(([object, metadata]) => ({ object, labels: metadata.labels }));
}

function* replaced(overlay, code) {
  for (const [service, { spec }] of overlay.servers()) {
    const { rollingUpdate } = spec.strategy ?? {};
    const [container] = spec.template.spec.containers;
    const sleep = container.lifecycle?.preStop?.sleep?.seconds ?? 0;
    const grace = spec.template.spec.terminationGracePeriodSeconds;
    if (rollingUpdate?.maxUnavailable !== 0) yield `${service}: an update takes a pod away before another is there`;
    if (spec.revisionHistoryLimit !== 3) yield `${service}: revisionHistoryLimit is not 3`;
    if (!(spec.minReadySeconds >= 5)) yield `${service}: minReadySeconds is less than 5`;
    if (sleep < SLEEP_MIN_SECONDS) yield `${service}: preStop does not sleep ${SLEEP_MIN_SECONDS} s`;
    if (!(grace >= sleep + code.drainSeconds + 5)) {
      yield `${service}: terminationGracePeriodSeconds ${grace} is less than ${sleep} + ${code.drainSeconds} + 5`;
    }
  }
}

function* spread(overlay) {
  const keys = ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'];
  for (const [service, { spec }] of overlay.servers()) {
    const constraints = spec.template.spec.topologySpreadConstraints ?? [];
    for (const key of keys) {
      const found = constraints.find((constraint) => constraint.topologyKey === key);
      if (!found?.matchLabelKeys?.includes('pod-template-hash')) yield `${service}: is not spread over ${key}`;
      else if (!matches(found.labelSelector?.matchLabels, spec.template.metadata.labels)) {
        yield `${service}: the spread over ${key} counts other pods`;
      }
    }
  }
}

function* disrupted(overlay) {
  for (const [service, { spec }] of overlay.servers()) {
    const { labels } = spec.template.metadata;
    const budgets = overlay.kind('PodDisruptionBudget').filter((b) => matches(b.spec.selector.matchLabels, labels));
    if (budgets.length !== 1) yield `${service}: ${budgets.length} PodDisruptionBudgets count its pods, not one`;
    else if (budgets[0].spec.maxUnavailable !== 1) yield `${service}: its PodDisruptionBudget is not maxUnavailable 1`;
  }
}

function* reached(overlay) {
  const pods = podsOf(overlay);
  for (const { metadata, spec } of overlay.kind('Service')) {
    const behind = pods.filter((pod) => matches(spec.selector, pod.labels) && pod.object.kind !== 'Job');
    if (behind.length !== 1) yield `Service/${metadata.name}: selects ${behind.length} workloads, not one`;
    const names = behind.flatMap((pod) => pod.object.spec.template.spec.containers).flatMap((c) => c.ports ?? []);
    for (const port of spec.ports) {
      if (!names.some((p) => p.name === port.targetPort)) yield `Service/${metadata.name}: no pod has a port ${port.targetPort}`;
      if (port.name === 'grpc' && spec.clusterIP !== 'None') yield `Service/${metadata.name}: gRPC without a headless Service`;
    }
  }
}

function* scaled(overlay) {
  const servers = overlay.servers();
  let connections = 0;
  for (const [service, { metadata, spec }] of servers) {
    const scaler = overlay.kind('HorizontalPodAutoscaler').find((h) => h.spec.scaleTargetRef.name === metadata.name);
    if (scaler && spec.replicas !== undefined) yield `${service}: replicas would fight with its autoscaler`;
    if (overlay.forOperators && !((scaler?.spec.minReplicas ?? spec.replicas) >= 2)) yield `${service}: fewer than two pods`;
    const environment = environmentOf(overlay, spec.template.spec.containers[0]);
    const each = ['WRITE', 'READ'].map((word) => Number(environment.get(`IEUM_DB_${word}_CONNECTIONS`)?.value));
    // During an update one more runs.
    connections += (each[0] + each[1] + CONNECTIONS_OF_THE_ACCESS_LOG) * ((scaler?.spec.maxReplicas ?? spec.replicas) + 1);
  }
  for (const { metadata, spec } of overlay.kind('HorizontalPodAutoscaler')) {
    if (!overlay.find(spec.scaleTargetRef.kind, spec.scaleTargetRef.name)) yield `HorizontalPodAutoscaler/${metadata.name}: scales nothing`;
  }
  const limit = connectionLimit(overlay);
  if (limit < connections + CONNECTIONS_FOR_PEOPLE) {
    yield `max_connections ${limit} is less than ${connections} of the services and ${CONNECTIONS_FOR_PEOPLE} for people`;
  }
}

function connectionLimit(overlay) {
  const [cluster] = overlay.kind('Cluster');
  if (cluster) return Number(cluster.spec.postgresql.parameters.max_connections);
  const start = overlay.kind('ConfigMap').find((config) => config.metadata.name.startsWith('postgres-start'));
  return Number(/max_connections=(\d+)/.exec(start?.data['start-postgres.sh'])?.[1]);
}

function* migrated(overlay) {
  for (const [service, server] of overlay.servers()) {
    const job = overlay.find('Job', `${service}-migrate`);
    if (!job) {
      yield `${service}: no Job migrates its database`;
      continue;
    }
    const [container] = job.spec.template.spec.containers;
    const { parallelism, backoffLimit, ttlSecondsAfterFinished } = job.spec;
    if (!/^migrate --wait \d{2,}$/.test(container.args?.join(' '))) yield `${service}: its Job says something else than migrate, and to wait for PostgreSQL`;
    if (container.image !== server.spec.template.spec.containers[0].image) yield `${service}: its Job is of another image`;
    if (parallelism !== 1 || backoffLimit !== 10 || !ttlSecondsAfterFinished) yield `${service}: its Job is not run once, tried again for half an hour and removed`;
    if (job.spec.template.spec.restartPolicy !== 'Never') yield `${service}: its Job restarts in place and loses its log`;
  }
}

// Who makes tables and who works in them are two roles of PostgreSQL.
function* owned(overlay) {
  for (const [service, server] of overlay.servers()) {
    const role = `ieum_${service}`;
    const said = (object, name) => object && environmentOf(overlay, object.spec.template.spec.containers[0]).get(name);
    const users = [
      ['the service', said(server, 'IEUM_DB')?.value, role],
      ['the migration', said(overlay.find('Job', `${service}-migrate`), 'IEUM_DB')?.value, `${role}_owner`],
      ['the Job of grants', said(overlay.find('Job', `${service}-grants`), 'DATABASE')?.value, `${role}_owner`],
    ];
    for (const [who, conninfo, user] of users) {
      if (!` ${conninfo} `.includes(` dbname=${role} user=${user} `)) yield `${service}: ${who} is not ${user} in ${role}`;
    }
    if (said(overlay.find('Job', `${service}-grants`), 'SERVICE')?.value !== service) yield `${service}: grants are for another`;
    const owners = secretsOf(server.spec.template.spec).filter((named) => named.includes('-db-owner'));
    if (owners.length > 0) yield `${service}: the service knows the owner's password`;
  }
}

function* fenced(overlay) {
  if (!overlay.forOperators) return;
  const policies = overlay.kind('NetworkPolicy');
  const pods = podsOf(overlay);
  const stores = [{ 'cnpg.io/cluster': 'postgres' }, { 'app.kubernetes.io/name': 'nats' }];
  const everything = policies.find((p) => Object.keys(p.spec.podSelector).length === 0 && !p.spec.ingress && !p.spec.egress);
  if (everything?.spec.policyTypes?.length !== 2) yield 'no NetworkPolicy denies what is not allowed';
  const ports = new Set([5432, 8000, 9187, 4222, 6222, 7777, 53, 25, 465, 587, 443, 6443]);
  for (const { object } of pods) {
    for (const c of object.spec.template.spec.containers) for (const p of c.ports ?? []) ports.add(p.containerPort);
  }
  for (const { metadata, spec } of policies) {
    const selector = spec.podSelector.matchLabels;
    const ours = !selector || [...pods.map((pod) => pod.labels), ...stores].some((labels) => matches(selector, labels));
    if (!ours) yield `NetworkPolicy/${metadata.name}: is about no pod`;
    for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) {
      if (!rule.ports?.length) yield `NetworkPolicy/${metadata.name}: a rule allows every port`;
      for (const { port } of rule.ports ?? []) if (!ports.has(port)) yield `NetworkPolicy/${metadata.name}: nothing has the port ${port}`;
    }
  }
  for (const [service, { spec }] of overlay.servers()) {
    const about = policies.filter((p) => p.spec.podSelector.matchLabels && matches(p.spec.podSelector.matchLabels, spec.template.metadata.labels));
    const open = (way, port) => about.some((p) => (p.spec[way] ?? []).some((rule) => rule.ports?.some((p2) => p2.port === port)));
    for (const [way, port] of [['ingress', 50051], ['ingress', 9464], ['egress', 50051], ['egress', 5432], ['egress', 4222]]) {
      if (!open(way, port)) yield `${service}: no NetworkPolicy lets it ${way === 'ingress' ? 'be reached' : 'reach'} ${port}`;
    }
  }
}

function* housed(overlay) {
  const [space] = overlay.kind('Namespace');
  if (space?.metadata.labels?.['pod-security.kubernetes.io/enforce'] !== 'restricted') yield 'the namespace does not enforce restricted pods';
  for (const { kind, metadata } of overlay.objects) {
    if (kind !== 'Namespace' && metadata.namespace !== space?.metadata.name) yield `${kind}/${metadata.name}: is in another namespace`;
  }
}

// Whoever goes to the broker shows a seed, over TLS; there is no password to show.
const BROKER = [['IEUM_NATS_CA_FILE', '/etc/ieum/tls/ca.crt'], ['IEUM_NATS_SEED_FILE', '/etc/ieum/secrets/nats-seed']];

function* forOperators(overlay) {
  if (!overlay.forOperators) return;
  for (const { metadata } of overlay.kind('Secret')) yield `Secret/${metadata.name}: secrets are named, never written down`;
  for (const [object, , pod] of overlay.workloads()) {
    const program = overlay.servers().has(labelOf(object, 'name')) && !object.metadata.name.endsWith('-grants');
    for (const [name, { value }] of pod.containers.flatMap((c) => [...environmentOf(overlay, c)])) {
      const harmless = name !== 'IEUM_CLOCK' || value === 'system';
      if (/_ALLOWED$/.test(name) || !harmless) yield `${object.metadata.name}: ${name}=${value} is for trying only`;
    }
    for (const [word, wanted] of [['PGSSLMODE', 'verify-full'], ['PGSSLROOTCERT', '/etc/ieum/postgres-ca/ca.crt'], ...BROKER]) {
      if (word.startsWith('IEUM_') && !program) continue;
      if (environmentOf(overlay, pod.containers[0]).get(word)?.value !== wanted) yield `${object.metadata.name}: ${word} is not ${wanted}`;
    }
  }
}

// What the broker is called by those who ask for its name.
function* brokered(overlay) {
  if (!overlay.forOperators) return;
  const names = overlay.find('Certificate', 'nats-tls')?.spec.dnsNames ?? [];
  for (const [service, { spec }] of overlay.servers()) {
    const url = environmentOf(overlay, spec.template.spec.containers[0]).get('IEUM_NATS_URL')?.value;
    const [, host] = /^nats:\/\/([a-z-]+):4222$/.exec(url ?? '') ?? [];
    if (!host) yield `${service}: IEUM_NATS_URL is more than a host and the port 4222`;
    else if (!names.includes(host)) yield `${service}: the broker's Certificate is not of ${host}`;
  }
}

function* certified(overlay) {
  if (!overlay.forOperators) return;
  for (const service of overlay.servers().keys()) {
    const certificate = overlay.find('Certificate', `${service}-tls`);
    const id = `spiffe://ieum/service/${service}`;
    if (!certificate?.spec.dnsNames?.includes(`${service}-headless`)) yield `${service}: no Certificate has its name`;
    const shown = overlay.servers().get(service).spec.template.spec.volumes.find((v) => v.name === 'tls')?.secret.secretName;
    if (shown !== certificate?.spec.secretName) yield `${service}: shows the certificate of another`;
    if (!certificate?.spec.uris?.includes(id)) yield `${service}: no Certificate has ${id}`;
  }
  for (const { metadata, spec } of overlay.kind('Certificate')) {
    if (!overlay.find(spec.issuerRef.kind, spec.issuerRef.name)) yield `Certificate/${metadata.name}: nobody issues it`;
  }
}

function* stored(overlay) {
  const [cluster] = overlay.kind('Cluster');
  if (!overlay.forOperators) return;
  if (!(cluster?.spec.instances >= 3)) yield 'PostgreSQL has fewer than three instances';
  const { method, number } = cluster?.spec.postgresql?.synchronous ?? {};
  if (method !== 'any' || number !== 1) yield 'PostgreSQL answers commits that only one instance has';
  const first = cluster?.spec.bootstrap.initdb;
  const roles = new Map((cluster?.spec.managed?.roles ?? []).map((role) => [role.name, role.passwordSecret?.name]));
  if (first) roles.set(first.owner, first.secret?.name);
  const databases = new Map(overlay.kind('Database').map((database) => [database.spec.name, database.spec.owner]));
  if (first) databases.set(first.database, first.owner);
  for (const service of overlay.servers().keys()) {
    const role = `ieum_${service}`;
    for (const [name, secret] of [[role, `${service}-db`], [`${role}_owner`, `${service}-db-owner`]]) {
      if (roles.get(name) !== secret) yield `${service}: the role ${name} does not get its password from ${secret}`;
    }
    if (databases.get(role) !== `${role}_owner`) yield `${service}: no database ${role} of ${role}_owner`;
  }
  if (overlay.kind('ScheduledBackup').length === 0) yield 'nothing backs PostgreSQL up';
}

function* watched(overlay) {
  for (const { metadata, spec } of overlay.kind('PodMonitor')) {
    for (const [service, server] of overlay.servers()) {
      const { metadata: pod, spec: podSpec } = server.spec.template;
      if (!matches(spec.selector.matchLabels, pod.labels)) yield `PodMonitor/${metadata.name}: does not see ${service}`;
      const ports = podSpec.containers.flatMap((c) => c.ports ?? []).map((p) => p.name);
      for (const { port } of spec.podMetricsEndpoints) if (!ports.includes(port)) yield `PodMonitor/${metadata.name}: ${service} has no port ${port}`;
    }
  }
  if (overlay.forOperators && overlay.kind('PodMonitor', 'PrometheusRule').length !== 2) yield 'nobody watches the services';
}

const RULES = [replaced, spread, disrupted, reached, scaled, migrated, owned, fenced, housed, forOperators, brokered, certified, stored, watched];
export const suiteRules = RULES.length;

export function suiteFaults(overlay, code) {
  return RULES.flatMap((rule) => [...rule(overlay, code)].map((sentence) => `${overlay.name} ${sentence}`));
}

// Secrets that operators must bring are those that dev-secrets makes for trying: the same names and
// keys, each used. Those that cert-manager and CloudNativePG write are their own.
const OF_OPERATORS = /^(ieum-ca|postgres-ca|[a-z]+-tls)$/;

export function secretFaults(operators, trial) {
  const faults = [];
  const used = (overlay) => new Set(overlay.workloads().flatMap(([, , pod]) => secretsOf(pod)).map((named) => {
    const [name, key] = named.split('/');
    return `${overlay.forOperators ? name : withoutHash(name)}/${key}`;
  }));
  const made = new Map(trial.kind('Secret').map((secret) => [withoutHash(secret.metadata.name), Object.keys(secret.data)]));
  for (const named of used(operators)) {
    const [name, key] = named.split('/');
    if (!OF_OPERATORS.test(name) && !made.get(name)?.includes(key)) faults.push(`prod names ${named}, which dev-secrets does not make`);
  }
  const all = new Set([...used(trial), ...used(operators)]);
  for (const [name, keys] of made) {
    for (const key of keys) {
      // The operator of PostgreSQL reads the user's name beside the password.
      const read = all.has(`${name}/${key}`) || all.has(`${name}/*`) || (/-db(-owner)?$/.test(name) && key === 'username');
      if (!read) faults.push(`dev-secrets makes ${name}/${key}, which nothing names`);
    }
  }
  return faults;
}

export { labelOf };

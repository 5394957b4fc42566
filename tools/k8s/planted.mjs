// planted.mjs ROOT RENDERED HELP: plants one fault at a time into the rendered overlays and wants each to
// be found, by a sentence that names it. Prints what was not; 1 when there is such a one.
import { faultsOf, readAll } from './check.mjs';
import { typeFaults } from './types.mjs';

const server = (overlay, service = 'registry') => overlay.find('Deployment', `${service}-server`);
const podOf = (overlay, service) => server(overlay, service).spec.template.spec;
const containerOf = (overlay, service) => podOf(overlay, service).containers[0];
const job = (overlay) => overlay.find('Job', 'registry-migrate').spec;
const configOf = (overlay, service) => overlay.kind('ConfigMap').find((c) => c.metadata.name.startsWith(`${service}-config`)).data;
const drop = (overlay, kind, name) => {
  overlay.objects = overlay.objects.filter((object) => object.kind !== kind || object.metadata.name !== name);
};

// What is done to prod, and what has to be said of it.
const PLANTED = [
  ['root is allowed', (o) => { podOf(o).securityContext.runAsNonRoot = false; }, /registry-server: runs as root/],
  ['user 0', (o) => { podOf(o).securityContext.runAsUser = 0; }, /runAsUser is not a number of its own/],
  ['no seccomp profile', (o) => { delete podOf(o).securityContext.seccompProfile; }, /seccompProfile/],
  ['the host network', (o) => { podOf(o).hostNetwork = true; }, /hostNetwork is set/],
  ['privilege escalation', (o) => { delete containerOf(o).securityContext.allowPrivilegeEscalation; }, /allowPrivilegeEscalation/],
  ['a writable root', (o) => { containerOf(o).securityContext.readOnlyRootFilesystem = false; }, /root file system can be written/],
  ['capabilities', (o) => { containerOf(o).securityContext.capabilities.add = ['NET_ADMIN']; }, /keeps capabilities/],
  ['a token of the cluster', (o) => { podOf(o).automountServiceAccountToken = true; }, /token of the cluster/],
  ['the default account', (o) => { podOf(o).serviceAccountName = 'default'; }, /no ServiceAccount of its own/],
  ['no memory limit', (o) => { delete containerOf(o).resources.limits; }, /memory limit and request differ/],
  ['a cpu limit', (o) => { containerOf(o).resources.limits.cpu = '1'; }, /limit of cpu/],
  ['a boundless emptyDir', (o) => { podOf(o).volumes.find((v) => v.emptyDir).emptyDir = {}; }, /emptyDir without sizeLimit/],
  ['a folder of the host', (o) => { podOf(o).volumes.push({ name: 'h', hostPath: { path: '/' } }); }, /hostPath/],
  ['no startup probe', (o) => { delete containerOf(o).startupProbe; }, /has no startupProbe/],
  ['a probe of the wrong port', (o) => { containerOf(o).livenessProbe.grpc.port = 50051; }, /livenessProbe does not ask the health port/],
  ['a probe for a service that nobody knows', (o) => { containerOf(o).readinessProbe.grpc.service = 'ready'; }, /readinessProbe does not ask for readiness/],
  ['a mount without a volume', (o) => { podOf(o).volumes = []; }, /mounts secrets, which no volume is/],
  ['a claim that nobody makes', (o) => drop(o, 'PersistentVolumeClaim', 'casemgmt-attachments'), /no claim casemgmt-attachments/],
  ['a claim of one writer', (o) => { o.find('PersistentVolumeClaim', 'casemgmt-attachments').spec.accessModes = ['ReadWriteOnce']; }, /several pods and one writer/],
  ['a password in the open', (o) => { containerOf(o).env.push({ name: 'IEUM_SMTP_URL', value: 'smtp://a:b@mail' }); }, /IEUM_SMTP_URL looks like a secret/],
  ['a config without hash', (o) => { containerOf(o).envFrom[0].configMapRef.name = 'registry-config'; }, /ConfigMap registry-config/],
  ['an image by tag', (o) => { containerOf(o).image = 'ieum/registry:1'; }, /has no digest/],
  ['the image of another service', (o) => { containerOf(o).image = containerOf(o, 'notify').image; }, /registry-server: runs ieum\/notify/],
  ['pods without a name', (o) => { delete server(o).spec.template.metadata.labels['app.kubernetes.io/name']; }, /lack the label app.kubernetes.io\/name/],
  ['an update that takes pods away', (o) => { server(o).spec.strategy.rollingUpdate.maxUnavailable = 1; }, /takes a pod away/],
  ['no sleep before the end', (o) => { delete containerOf(o).lifecycle; }, /preStop does not sleep/],
  ['too little time to drain', (o) => { podOf(o).terminationGracePeriodSeconds = 10; }, /terminationGracePeriodSeconds 10/],
  ['all pods on one host', (o) => { podOf(o).topologySpreadConstraints.pop(); }, /not spread over kubernetes.io\/hostname/],
  ['no disruption budget', (o) => drop(o, 'PodDisruptionBudget', 'registry-server'), /0 PodDisruptionBudgets/],
  ['a cluster address for gRPC', (o) => { o.find('Service', 'registry-headless').spec.clusterIP = '10.0.0.9'; }, /without a headless Service/],
  ['a Service that selects nothing', (o) => { o.find('Service', 'registry-headless').spec.selector = { a: 'b' }; }, /selects 0 workloads/],
  ['a Service with an unknown port', (o) => { o.find('Service', 'registry-headless').spec.ports[0].targetPort = 'rpc'; }, /no pod has a port rpc/],
  ['one pod only', (o) => { o.find('HorizontalPodAutoscaler', 'registry-server').spec.minReplicas = 1; }, /fewer than two pods/],
  ['more connections than PostgreSQL takes', (o) => { o.find('HorizontalPodAutoscaler', 'registry-server').spec.maxReplicas = 40; }, /max_connections/],
  ['replicas beside an autoscaler', (o) => { server(o).spec.replicas = 2; }, /fight with its autoscaler/],
  ['nobody migrates', (o) => drop(o, 'Job', 'registry-migrate'), /no Job migrates/],
  ['a Job that says something else', (o) => { job(o).template.spec.containers[0].args = ['new-epoch']; }, /something else than migrate/],
  ['a Job that stays for ever', (o) => { delete job(o).ttlSecondsAfterFinished; }, /not run once, tried again for half an hour and removed/],
  ['no denial', (o) => drop(o, 'NetworkPolicy', 'deny-all'), /denies what is not allowed/],
  ['a rule for every port', (o) => { o.find('NetworkPolicy', 'servers').spec.egress[0].ports = []; }, /allows every port/],
  ['a rule for a port that nothing has', (o) => { o.find('NetworkPolicy', 'servers').spec.ingress[0].ports[0].port = 50061; }, /nothing has the port 50061/],
  ['a rule for other pods', (o) => { o.find('NetworkPolicy', 'notify-mail').spec.podSelector.matchLabels = { x: 'y' }; }, /is about no pod/],
  ['no way to PostgreSQL', (o) => drop(o, 'NetworkPolicy', 'servers-to-stores'), /no NetworkPolicy lets it reach 5432/],
  ['privileged pods allowed', (o) => { delete o.find('Namespace', 'ieum').metadata.labels; }, /restricted pods/],
  ['an object elsewhere', (o) => { server(o).metadata.namespace = 'default'; }, /in another namespace/],
  ['a secret in the overlay', (o) => { o.objects.push({ kind: 'Secret', metadata: { name: 'x', namespace: 'ieum' } }); }, /never written down/],
  ['a simulated clock', (o) => { configOf(o, 'registry').IEUM_CLOCK = 'simulated'; }, /IEUM_CLOCK=simulated is for trying only/],
  ['PostgreSQL taken for another', (o) => { containerOf(o).env.find((e) => e.name === 'PGSSLMODE').value = 'require'; }, /PGSSLMODE is not verify-full/],
  ['a broker taken for another', (o) => { containerOf(o).env = containerOf(o).env.filter((e) => e.name !== 'IEUM_NATS_CA_FILE'); }, /IEUM_NATS_CA_FILE is not/],
  ['a broker without seeds', (o) => { delete configOf(o, 'registry').IEUM_NATS_SEED_FILE; }, /IEUM_NATS_SEED_FILE is not/],
  ['a password for the broker', (o) => { containerOf(o).env.find((e) => e.name === 'IEUM_NATS_URL').value = 'nats://registry:guess@nats:4222'; }, /more than a host/],
  ['a broker by password allowed', (o) => { containerOf(o).env.push({ name: 'IEUM_NATS_PASSWORD_ALLOWED', value: 'true' }); }, /IEUM_NATS_PASSWORD_ALLOWED=true is for trying only/],
  ['a broker of another name', (o) => { containerOf(o).env.find((e) => e.name === 'IEUM_NATS_URL').value = 'nats://broker:4222'; }, /Certificate is not of broker/],
  ['no certificate', (o) => drop(o, 'Certificate', 'registry-tls'), /no Certificate has its name/],
  ['a certificate of another service', (o) => { podOf(o).volumes.find((v) => v.name === 'tls').secret.secretName = 'notify-tls'; }, /shows the certificate of another/],
  ['a plaintext port', (o) => { containerOf(o).env.push({ name: 'IEUM_PLAINTEXT_ALLOWED', value: 'true' }); }, /IEUM_PLAINTEXT_ALLOWED=true is for trying only/],
  ['a certificate of nobody', (o) => { o.find('Certificate', 'nats-tls').spec.issuerRef.name = 'x'; }, /nobody issues it/],
  ['commits on one instance', (o) => { delete o.find('Cluster', 'postgres').spec.postgresql.synchronous; }, /only one instance has/],
  ['a database that is not there', (o) => drop(o, 'Database', 'notify'), /no database ieum_notify/],
  ['a service that owns its tables', (o) => { configOf(o, 'registry').IEUM_DB = 'host=postgres-rw dbname=ieum_registry user=ieum_registry_owner'; }, /the service is not ieum_registry in/],
  ['a migration that owns nothing', (o) => { job(o).template.spec.containers[0].env[0].value = 'host=postgres-rw dbname=ieum_registry user=ieum_registry'; }, /the migration is not ieum_registry_owner/],
  ['no grants', (o) => drop(o, 'Job', 'notify-grants'), /the Job of grants is not ieum_notify_owner/],
  ["an owner's password in a service", (o) => { podOf(o).volumes[0].projected.sources[1].secret.name = 'registry-db-owner'; }, /knows the owner's password/],
  ['no backup', (o) => drop(o, 'ScheduledBackup', 'postgres-nightly'), /nothing backs/],
  ['metrics that nobody reads', (o) => { o.find('PodMonitor', 'ieum').spec.podMetricsEndpoints[0].port = 'metrics'; }, /has no port metrics/],
  ['a variable that no program knows', (o) => { configOf(o, 'registry').IEUM_LISTN = '::'; }, /sets IEUM_LISTN, which ieum-registry does not know/],
  ['a required variable that is missing', (o) => { delete configOf(o, 'registry').IEUM_DB; }, /does not set IEUM_DB/],
  ['a file that is not in the pod', (o) => { configOf(o, 'registry').IEUM_SEAL_KEY_FILE = '/etc/ieum/seal'; }, /IEUM_SEAL_KEY_FILE: there is no/],
  ['a port that the pod does not have', (o) => { configOf(o, 'registry').IEUM_GRPC_PORT = '50055'; }, /the port grpc is 50051 and the program listens on 50055/],
  ['a listener on loopback', (o) => { configOf(o, 'registry').IEUM_LISTEN = '127.0.0.1'; }, /no other pod can reach/],
  ['the wrong neighbour', (o) => { configOf(o, 'registry').IEUM_PEER_CASEMGMT = 'dns:///notify-headless:50051'; }, /not the headless Service of that service/],
  ['PostgreSQL of another name', (o) => { configOf(o, 'registry').IEUM_DB = 'host=pg dbname=x'; }, /no PostgreSQL at pg/],
  ['a key that nobody makes', (o) => { podOf(o).volumes[0].projected.sources[0].secret.items[0].key = 'vault'; }, /registry-keys\/vault, which dev-secrets does not make/],
  ['a service without pods', (o) => drop(o, 'Deployment', 'notify-server'), /notify: has no Deployment/],
  ['pods of no service', (o) => { const more = structuredClone(server(o)); more.metadata.labels['app.kubernetes.io/name'] = 'billing'; o.objects.push(more); }, /of no service in CMakeLists/],
];

// What the compiler has to see.
const MISTYPED = [
  ['a field of no probe', (o) => { containerOf(o).livenessProbe.bogus = 1; }],
  ['a number in quotes', (o) => { server(o).spec.replicas = '2'; }],
  ['a field in the wrong place', (o) => { server(o).spec.volumes = []; }],
  ['an autoscaler of nothing', (o) => { delete o.find('HorizontalPodAutoscaler', 'registry-server').spec.scaleTargetRef; }],
  ['a certificate without a secret', (o) => { delete o.find('Certificate', 'nats-tls').spec.secretName; }],
  ['an endpoint of no monitor', (o) => { o.find('PodMonitor', 'ieum').spec.endpoints = []; }],
];

function missedTypes(prod) {
  const objects = [];
  MISTYPED.forEach(([what, plant]) => {
    const overlay = prod.copy();
    const before = new Map(overlay.objects.map((object) => [object, JSON.stringify(object)]));
    plant(overlay);
    const [changed] = overlay.objects.filter((object) => before.get(object) !== JSON.stringify(object));
    objects.push({ label: what, object: changed });
  });
  const { faults } = typeFaults(objects);
  return MISTYPED.map(([what]) => what).filter((what) => !faults.some((fault) => fault.startsWith(`${what}:`)));
}

// Of the programs themselves: a variable that is new, and one that is gone.
function missedVariables(overlays, code) {
  const registry = new Map([...code.variables.get('registry'), ['IEUM_NEW', { required: false }]]);
  const changed = {
    ...code,
    variables: new Map([...code.variables, ['registry', registry]]),
    leftToDefault: new Set([...code.leftToDefault, 'IEUM_GONE']),
  };
  const faults = faultsOf(overlays, changed);
  return ['IEUM_NEW is neither set for registry', 'names IEUM_GONE, which no program knows']
    .filter((sentence) => !faults.some((fault) => fault.includes(sentence))).map((sentence) => `not found: ${sentence}`);
}

function main([root, rendered, help]) {
  const { overlays, code } = readAll(root, rendered, help);
  const clean = faultsOf(overlays, code);
  const prod = overlays.get('prod');
  const missed = clean.map((fault) => `nothing was planted, and yet: ${fault}`);
  for (const [what, plant, sentence] of PLANTED) {
    const overlay = prod.copy();
    plant(overlay);
    const faults = faultsOf(new Map([...overlays, ['prod', overlay]]), code);
    if (!faults.some((fault) => sentence.test(fault))) missed.push(`not found: ${what}`);
  }
  missed.push(...missedVariables(overlays, code));
  missed.push(...missedTypes(prod).map((what) => `not found: ${what}`));
  for (const sentence of missed) console.log(sentence);
  console.log(`${PLANTED.length + 2 + MISTYPED.length} planted faults, ${missed.length} missed`);
  return missed.length === 0 ? 0 : 1;
}

process.exit(main(process.argv.slice(2)));

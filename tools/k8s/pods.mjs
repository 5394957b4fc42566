// What every pod has to be, whatever it runs. Each rule yields sentences about one workload.
import { environmentOf, matches, secretsOf, withoutHash } from './objects.mjs';

const CONTAINER_USER_MIN = 10000;

function* locked(overlay, object, pod) {
  const context = pod.securityContext ?? {};
  if (context.runAsNonRoot !== true) yield 'runs as root: runAsNonRoot is not true';
  if (!(context.runAsUser >= CONTAINER_USER_MIN)) yield 'runAsUser is not a number of its own';
  if (context.seccompProfile?.type !== 'RuntimeDefault') yield 'seccompProfile is not RuntimeDefault';
  for (const word of ['hostNetwork', 'hostPID', 'hostIPC']) if (pod[word]) yield `${word} is set`;
  for (const container of pod.containers) {
    const own = container.securityContext ?? {};
    const drop = own.capabilities?.drop ?? [];
    if (own.allowPrivilegeEscalation !== false) yield `${container.name}: allowPrivilegeEscalation is not false`;
    if (own.readOnlyRootFilesystem !== true) yield `${container.name}: the root file system can be written`;
    if (own.privileged) yield `${container.name}: is privileged`;
    if (own.runAsUser === 0 || own.runAsNonRoot === false) yield `${container.name}: runs as root`;
    if (!drop.includes('ALL') || own.capabilities?.add) yield `${container.name}: keeps capabilities`;
    for (const port of container.ports ?? []) if (port.hostPort) yield `${container.name}: hostPort is set`;
  }
}

function* known(overlay, object, pod) {
  if (pod.automountServiceAccountToken !== false) yield 'gets a token of the cluster: automountServiceAccountToken';
  if (pod.enableServiceLinks !== false) yield 'enableServiceLinks is not false';
  if (!overlay.find('ServiceAccount', pod.serviceAccountName)) yield 'has no ServiceAccount of its own';
}

function* bounded(overlay, object, pod) {
  for (const { name, resources } of pod.containers) {
    const { requests, limits } = resources ?? {};
    if (!requests?.cpu || !requests?.memory) yield `${name}: does not say what it needs (requests)`;
    if (!limits?.memory || limits.memory !== requests?.memory) yield `${name}: memory limit and request differ`;
    if (limits?.cpu) yield `${name}: a limit of cpu makes it halt while processors are idle`;
  }
  for (const volume of pod.volumes ?? []) {
    if (volume.hostPath) yield `volume ${volume.name}: hostPath`;
    if (volume.emptyDir && !volume.emptyDir.sizeLimit) yield `volume ${volume.name}: emptyDir without sizeLimit`;
  }
}

function* probed(overlay, object, pod) {
  if (object.kind === 'Job') return;
  for (const container of pod.containers) {
    for (const word of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
      if (!container[word]) yield `${container.name}: has no ${word}`;
    }
  }
}

function* mounted(overlay, object, pod) {
  const volumes = new Set((pod.volumes ?? []).map((volume) => volume.name));
  for (const claim of object.spec.volumeClaimTemplates ?? []) volumes.add(claim.metadata.name);
  const used = new Set();
  for (const container of pod.containers) {
    for (const mount of container.volumeMounts ?? []) {
      used.add(mount.name);
      if (!volumes.has(mount.name)) yield `${container.name}: mounts ${mount.name}, which no volume is`;
    }
  }
  for (const name of volumes) if (!used.has(name)) yield `volume ${name} is mounted nowhere`;
  for (const volume of pod.volumes ?? []) {
    const name = volume.persistentVolumeClaim?.claimName;
    const claim = overlay.find('PersistentVolumeClaim', name);
    if (name && !claim) yield `volume ${volume.name}: there is no claim ${name}`;
    const shared = claim?.spec.accessModes.includes('ReadWriteMany');
    if (claim && !shared && object.spec.replicas !== 1) yield `volume ${volume.name}: several pods and one writer`;
  }
}

function* configured(overlay, object, pod) {
  const configs = (pod.volumes ?? []).map((volume) => volume.configMap?.name);
  for (const container of pod.containers) {
    for (const from of container.envFrom ?? []) configs.push(from.configMapRef?.name);
    for (const [name, { value }] of environmentOf(overlay, container)) {
      if (/PASSWORD|TOKEN|SECRET|_KEY|_URL$/.test(name) && value && !isOpen(value)) {
        yield `${container.name}: ${name} looks like a secret and stands in the open`;
      }
    }
  }
  for (const name of configs.filter(Boolean)) {
    if (!overlay.find('ConfigMap', name)) yield `names the ConfigMap ${name}, which is not there`;
    if (withoutHash(name) === name) yield `the ConfigMap ${name} has no hash: a change would not roll out`;
  }
}

// A path, a flag, or an address without a password.
function isOpen(value) {
  return value.startsWith('/') || /^(true|false)$/.test(value) || /^[a-z]+:\/\/[^@]*$/.test(value);
}

function* secrets(overlay, object, pod) {
  if (overlay.forOperators) return;
  for (const named of secretsOf(pod)) {
    const [name, key] = named.split('/');
    const secret = overlay.find('Secret', name);
    if (!secret) yield `names the secret ${name}, which is not there`;
    else if (key !== '*' && !(key in (secret.data ?? {}))) yield `the secret ${name} has no ${key}`;
  }
}

function* images(overlay, object, pod) {
  for (const { name, image } of pod.containers) {
    if (overlay.forOperators && !/@sha256:[0-9a-f]{64}$/.test(image)) yield `${name}: ${image} has no digest`;
    if (/:latest$/.test(image) || !/[:@]/.test(image)) yield `${name}: ${image} may be anything`;
  }
}

function* labelled(overlay, object, pod, metadata) {
  for (const word of ['name', 'instance', 'component', 'part-of', 'managed-by']) {
    const label = `app.kubernetes.io/${word}`;
    const ours = !['part-of', 'managed-by'].includes(word) || metadata.labels?.['app.kubernetes.io/part-of'];
    if (ours && !metadata.labels?.[label]) yield `its pods lack the label ${label}`;
  }
  const selector = object.spec.selector?.matchLabels;
  if (object.kind !== 'Job' && !matches(selector, metadata.labels)) yield 'does not select its own pods';
}

const RULES = [locked, known, bounded, probed, mounted, configured, secrets, images, labelled];

export function podFaults(overlay) {
  const faults = [];
  for (const [object, metadata, pod] of overlay.workloads()) {
    for (const rule of RULES) {
      for (const sentence of rule(overlay, object, pod, metadata)) {
        faults.push(`${overlay.name} ${object.kind}/${object.metadata.name}: ${sentence}`);
      }
    }
  }
  return faults;
}

export const podRules = RULES.length;

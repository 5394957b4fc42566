// The objects of a rendered overlay, and how to look things up among them.
import fs from 'node:fs';
import path from 'node:path';
import YAML from 'yaml';

export class Overlay {
  // name: dev, play or prod; objects: everything that kustomize rendered.
  constructor(name, objects) {
    this.name = name;
    this.objects = objects;
  }

  static read(file) {
    const documents = YAML.parseAllDocuments(fs.readFileSync(file, 'utf8'), { merge: true });
    for (const document of documents) {
      if (document.errors.length > 0) throw new Error(`${file}: ${document.errors[0].message}`);
    }
    const objects = documents.map((document) => document.toJS()).filter(Boolean);
    return new Overlay(path.basename(file, '.yaml'), objects);
  }

  copy() {
    return new Overlay(this.name, structuredClone(this.objects));
  }

  // For operators: what holds only there is asked of this.
  get forOperators() {
    return this.name === 'prod';
  }

  kind(...kinds) {
    return this.objects.filter((object) => kinds.includes(object.kind));
  }

  find(kind, name) {
    return this.objects.find((object) => object.kind === kind && object.metadata.name === name);
  }

  // What runs: [object, its pod's metadata, its pod's spec].
  workloads() {
    return this.kind('Deployment', 'StatefulSet', 'Job').map((object) => [
      object,
      object.spec.template.metadata,
      object.spec.template.spec,
    ]);
  }

  // The Deployments of the services, by service.
  servers() {
    const all = this.kind('Deployment').filter((object) => labelOf(object, 'component') === 'server');
    return new Map(all.map((object) => [labelOf(object, 'name'), object]));
  }
}

export function labelOf(object, word) {
  return object.metadata?.labels?.[`app.kubernetes.io/${word}`];
}

export function matches(selector, labels) {
  return Object.entries(selector ?? {}).every(([key, value]) => labels?.[key] === value);
}

// What a container finds in its environment: name → {value} or {secret, key}.
export function environmentOf(overlay, container) {
  const environment = new Map();
  for (const from of container.envFrom ?? []) {
    const config = overlay.find('ConfigMap', from.configMapRef?.name);
    for (const [name, value] of Object.entries(config?.data ?? {})) environment.set(name, { value });
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    const secret = valueFrom?.secretKeyRef;
    environment.set(name, secret ? { secret: secret.name, key: secret.key } : { value });
  }
  return environment;
}

// Secrets that a pod names: "secret/key", or "secret/*" where it takes all of one.
export function secretsOf(pod) {
  const named = [];
  const items = (secret, list) => {
    if (!list) named.push(`${secret}/*`);
    for (const item of list ?? []) named.push(`${secret}/${item.key}`);
  };
  for (const volume of pod.volumes ?? []) {
    if (volume.secret) items(volume.secret.secretName, volume.secret.items);
    for (const source of volume.projected?.sources ?? []) {
      if (source.secret) items(source.secret.name, source.secret.items);
    }
  }
  for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
    for (const { valueFrom } of container.env ?? []) {
      if (valueFrom?.secretKeyRef) named.push(`${valueFrom.secretKeyRef.name}/${valueFrom.secretKeyRef.key}`);
    }
    for (const from of container.envFrom ?? []) if (from.secretRef) named.push(`${from.secretRef.name}/*`);
  }
  return named;
}

// "registry-db-44tc2bf9hd" as it was before kustomize put a hash to it.
export function withoutHash(name) {
  return name.replace(/-[a-z0-9]{10}$/, '');
}

/** A manifest as it comes out of Kustomize. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  /** A tree that the schemas below judge. */
  [field: string]: any;
}

interface Validated {
  prototype: { validate: (this: unknown) => void };
}

/** Kubernetes' own kinds, compiled from its OpenAPI document, and those of the operators that we use. */
const packages: Record<string, string> = {
  'keda.sh': '@kubernetes-models/keda',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
};

async function schemaOf({ apiVersion, kind }: Manifest): Promise<Validated | undefined> {
  const [group = ''] = apiVersion.split('/');
  try {
    const module = await import(`${packages[group] ?? 'kubernetes-models'}/${apiVersion}/${kind}`);
    return module[kind];
  } catch {
    return undefined;
  }
}

/**
 * The same tree, noting what is looked at. A compiled schema looks at every field that it knows and at every entry of a map, and at
 * nothing else; Kubernetes' schemas do not refuse a field that they do not know, but the API server drops it.
 */
function watched(value: unknown, path: string, seen: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get: (target, key, receiver) => {
      if (typeof key === 'symbol') return Reflect.get(target, key, receiver);
      seen.add(`${path}/${key}`);
      return watched(Reflect.get(target, key, receiver), `${path}/${key}`, seen);
    },
  });
}

function fieldsOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, held]) => [`${path}/${key}`, ...fieldsOf(held, `${path}/${key}`)]);
}

/** What the API server would refuse in a manifest, or silently drop. */
export async function faultsOf(manifest: Manifest): Promise<string[]> {
  const name = `${manifest.kind} ${manifest.metadata?.name}`;
  const schema = await schemaOf(manifest);
  if (!schema) return [`${name}: nobody knows ${manifest.apiVersion} ${manifest.kind}`];
  const seen = new Set<string>();
  try {
    schema.prototype.validate.call(watched(manifest, '', seen));
  } catch (error) {
    return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
  }
  return fieldsOf(manifest)
    .filter((path) => !seen.has(path))
    .map((path) => `${name}: unknown field ${path}`);
}

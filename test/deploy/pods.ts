import type { Manifest } from './schemas.ts';

interface Container {
  name: string;
  image: string;
  command: string[];
  env?: { name: string; value: string }[];
  envFrom?: { configMapRef?: { name: string }; secretRef?: { name: string } }[];
  ports?: { name: string; containerPort: number }[];
  resources?: { requests?: object; limits?: { memory?: string } };
  securityContext?: object;
}

/** What runs: the pods of a Deployment or a Job, each of one container. */
export interface Pods {
  name: string;
  kind: string;
  labels: Record<string, string>;
  spec: { securityContext?: object; serviceAccountName?: string; [field: string]: unknown };
  container: Container;
}

export function podsOf(manifests: Manifest[]): Pods[] {
  return manifests
    .filter(({ kind }) => kind === 'Deployment' || kind === 'Job')
    .map(({ kind, metadata, spec: { template } }) => ({
      name: metadata.name,
      kind,
      labels: template.metadata.labels,
      spec: template.spec,
      container: template.spec.containers[0],
    }));
}

/** The variables a container is given, by the configuration's own maps and, for secrets, by what docs/deploying.md says they hold. */
export function environmentOf(
  { container }: Pods,
  manifests: Manifest[],
  secrets: Record<string, Record<string, string>>,
): Record<string, string> {
  const maps = new Map(manifests.filter(({ kind }) => kind === 'ConfigMap').map((each) => [each.metadata.name, each.data]));
  const from = (container.envFrom ?? []).map(({ configMapRef, secretRef }) => {
    const held = configMapRef ? maps.get(configMapRef.name) : secrets[secretRef?.name ?? ''];
    if (!held)
      throw new Error(`${container.name} takes its variables from nothing: ${JSON.stringify(configMapRef ?? secretRef)}`);
    return held;
  });
  return Object.assign({}, ...from, ...(container.env ?? []).map(({ name, value }) => ({ [name]: value })));
}

interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values: string[] }[];
}

/** Whether a selector takes these labels. */
export const selects = ({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Record<string, string>): boolean =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
  matchExpressions.every(({ key, operator, values }) => operator === 'In' && values.includes(labels[key] ?? ''));

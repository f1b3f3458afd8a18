/** What a process says at `/metrics`: its metrics, and the labels that each has somewhere. */
export interface Exports {
  names: Set<string>;
  labels: Map<string, Set<string>>;
}

/** Reads Prometheus's text format. A metric that has had no event is only announced, by its TYPE; then its labels are not known. */
export function exportsIn(text: string): Exports {
  const names = new Set<string>();
  const labels = new Map<string, Set<string>>();
  for (const line of text.split('\n')) {
    const announced = /^# TYPE (\S+)/.exec(line);
    const [, name = announced?.[1] ?? '', given = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+/.exec(line) ?? [];
    if (name === '') continue;
    names.add(name);
    const known = labels.get(name) ?? new Set();
    for (const [, label = ''] of given.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) known.add(label);
    if (!announced) labels.set(name, known);
  }
  return { names, labels };
}

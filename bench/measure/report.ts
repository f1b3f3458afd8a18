import { type Spread, short, shown, variation } from './stats.ts';

/** Where the floor itself varied by more than this, other load disturbed the machine: nothing is judged. */
const TOO_MUCH = 0.25;

export interface Limit {
  atLeast?: number;
  atMost?: number;
}

/** Kept, missed, or not to be judged. */
type Verdict = 'PASS' | 'MISS' | 'NONE';

interface Target {
  name: string;
  value: Spread;
  unit: string;
  wanted: string;
  verdict: Verdict;
}

/** The bench's output, while it runs and as a summary at the end. A missed target is reported, not a failure. */
export interface Report {
  title(text: string): void;
  say(text: string): void;
  /** A figure with a target. `yardstick`: the floor's own figures, to see whether they varied too much. */
  target(name: string, value: Spread, limit: Limit, unit?: string, yardstick?: Spread): void;
  /** One table of every target: PASS, MISS, or NONE where the floor varied too much to judge. */
  summary(): void;
}

export function createReport(): Report {
  const targets: Target[] = [];
  const say = (text: string) => console.log(text);
  return {
    say: (text) => say(`  ${text}`),
    title: (text) => say(`\n${text}  [${(performance.now() / 1000).toFixed(0)} s]`),
    target: (name, value, { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY }, unit = '', yardstick) => {
      const ok = value.median >= atLeast && value.median <= atMost;
      const wanted = [
        Number.isFinite(atLeast) ? `≥ ${short(atLeast)}${unit}` : '',
        Number.isFinite(atMost) ? `≤ ${short(atMost)}${unit}` : '',
      ].join('');
      const isNoisy = yardstick !== undefined && variation(yardstick) > TOO_MUCH;
      const verdict: Verdict = isNoisy ? 'NONE' : ok ? 'PASS' : 'MISS';
      targets.push({ name, value, unit, wanted, verdict });
      say(`  ${verdict} ${name}: ${shown(value)}${unit}, wanted ${wanted}`);
      if (isNoisy) {
        const percent = Math.round(variation(yardstick) * 100);
        say(`       the floor itself varied by ${percent} % (${shown(yardstick)}): not judged, measure it on a quiet machine`);
      }
    },
    summary: () => {
      const judged = targets.filter(({ verdict }) => verdict !== 'NONE');
      const kept = judged.filter(({ verdict }) => verdict === 'PASS');
      say(
        `\nTargets: ${kept.length} of ${judged.length} kept, ${targets.length - judged.length} not judged (the floor varied too much)`,
      );
      const rows = targets.map(({ name, value, unit, wanted, verdict }) => {
        const range = value.count === 1 ? '' : `${short(value.low)}–${short(value.high)}`;
        return [verdict, name, `${short(value.median)}${unit}`, range, wanted];
      });
      for (const line of tableOf([['', 'what', 'median', 'range', 'wanted'], ...rows])) say(`  ${line}`);
    },
  };
}

/** Columns as wide as their longest text. */
function tableOf(rows: readonly string[][]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

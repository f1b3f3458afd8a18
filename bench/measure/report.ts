import { type Spread, short, shown, variation } from './stats.ts';

/** Above this variation the floor itself is unreliable: other load disturbed the machine. */
const TOO_MUCH = 0.3;

export interface Limit {
  atLeast?: number;
  atMost?: number;
}

interface Target {
  name: string;
  text: string;
  ok: boolean;
  noisy: boolean;
}

/** The bench's output, while it runs and as a summary at the end. A missed target is reported, not a failure. */
export interface Report {
  title(text: string): void;
  say(text: string): void;
  /** A figure with a target. `yardstick`: the floor's own figures, to see whether they varied too much. */
  target(name: string, value: Spread, limit: Limit, unit?: string, yardstick?: Spread): void;
  /** Every target with PASS or MISS. */
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
      const noisy = yardstick !== undefined && variation(yardstick) > TOO_MUCH;
      const text = `${shown(value)}${unit}, wanted ${wanted}`;
      targets.push({ name, text, ok, noisy });
      say(`  ${verdict(ok)} ${name}: ${text}`);
      if (noisy) {
        const percent = Math.round(variation(yardstick) * 100);
        say(`       the floor itself varied by ${percent} % (${shown(yardstick)}): judge this again on a quiet machine`);
      }
    },
    summary: () => {
      say(`\nTargets: ${targets.filter(({ ok }) => ok).length} of ${targets.length} kept`);
      for (const { name, text, ok, noisy } of targets)
        say(`  ${verdict(ok)} ${name}: ${text}${noisy ? ' (the floor varied too much)' : ''}`);
    },
  };
}

const verdict = (ok: boolean) => (ok ? 'PASS' : 'MISS');

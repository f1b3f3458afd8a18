import type { Finding } from './books/finding.ts';
import type { HistoryRow, Ledgers } from './books/ledgers.ts';
import type { Happened } from './history/history.ts';

/** Faults this long before a step may have to do with it. */
const FAULTS_BEFORE_MS = 15_000;
const MOST_LINES = 60;

/** One line of a story. */
interface Told {
  at: number;
  text: string;
}

/**
 * The shortest story of what went wrong: of all findings the one about which least happened, and of what happened only what is about
 * its line, pickup or request, with the faults of that time. `began` is the instant of the run's ms 0.
 */
export function shortestStory(
  findings: readonly Finding[],
  happened: readonly Happened[],
  ledgers: Ledgers,
  began: number,
): string {
  const stories = findings.map((finding) => ({ finding, told: about(finding, happened, ledgers, began) }));
  const [shortest] = stories.toSorted((a, b) => weight(a.told) - weight(b.told));
  if (!shortest) return 'nothing went wrong';
  const { finding, told } = shortest;
  const others = findings.length - 1;
  return [
    `${finding.book}: ${finding.subject}: ${finding.text}`,
    ...told.slice(-MOST_LINES).map(({ at, text }) => `  ${(at / 1000).toFixed(2).padStart(8)} s  ${text}`),
    ...(others > 0 ? [`and ${others} more: ${summary(findings)}`] : []),
  ].join('\n');
}

/** A story without anything in it explains nothing. */
const weight = (told: Told[]): number => (told.length === 0 ? Number.POSITIVE_INFINITY : told.length);

/** How many findings each book has. */
export function summary(findings: readonly Finding[]): string {
  const counts = new Map<string, number>();
  for (const { book } of findings) counts.set(book, (counts.get(book) ?? 0) + 1);
  return [...counts].map(([book, count]) => `${book} ${count}`).join(', ');
}

function about({ subject, revision }: Finding, happened: readonly Happened[], ledgers: Ledgers, began: number): Told[] {
  const [number = subject] = subject.split('/');
  const keys = new Map(ledgers.requests.map(({ id, key }) => [id, key]));
  const steps = ledgers.history
    .filter((row) => row.subject === subject)
    .filter((row) => revision === undefined || row.revision === null || Math.abs(row.revision - revision) <= 2);
  const mine = new Set(steps.flatMap(({ requestId }) => keys.get(requestId) ?? []));
  mine.add(subject);
  for (const event of happened) if (event.kind === 'asked' && event.act.includes(number)) mine.add(event.key);
  const own = happened.flatMap((event): Told[] => {
    const text = textOf(event, mine, number);
    return text === undefined ? [] : [{ at: event.at, text }];
  });
  const told = [...own, ...steps.map((row) => ({ at: row.at.getTime() - began, text: stepText(row) }))];
  const [from, to] = [Math.min(...told.map(({ at }) => at)), Math.max(...told.map(({ at }) => at))];
  const faults = happened.flatMap((event): Told[] =>
    (event.kind === 'hurt' || event.kind === 'healed') && event.at >= from - FAULTS_BEFORE_MS && event.at <= to
      ? [{ at: event.at, text: `** ${event.where}: ${event.kind === 'hurt' ? event.what : `${event.what} is over`}` }]
      : [],
  );
  return [...told, ...faults].toSorted((a, b) => a.at - b.at);
}

function textOf(event: Happened, mine: ReadonlySet<string>, number: string): string | undefined {
  switch (event.kind) {
    case 'asked':
      return mine.has(event.key) ? `${event.client} asks: ${event.act} [${event.key.slice(0, 8)}]` : undefined;
    case 'told':
      return mine.has(event.key)
        ? `  is told [${event.key.slice(0, 8)}]: ${event.status === undefined ? event.error : `${event.status} ${JSON.stringify(event.body)?.slice(0, 300)}`}`
        : undefined;
    case 'called':
      return event.fid === number
        ? `tracker: level ${event.level} of ${event.waybillNo}${event.acknowledged ? '' : ', not acknowledged'}`
        : undefined;
    default:
      return undefined;
  }
}

const stepText = ({ command, from, to, revision, refused, requestId, subject }: HistoryRow): string =>
  `history of ${subject}: ${command} ${from ?? ''} → ${to}, ${refused === null ? `revision ${revision}` : `refused ${refused}`} (${requestId.slice(0, 12)})`;

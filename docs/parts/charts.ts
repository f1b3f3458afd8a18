import { type AssemblyPlan, planMachine } from '../../domain/assembly.ts';
import { closesAt, type DeliveryLine } from '../../domain/deliveries/line.ts';
import { deliveryMachine } from '../../domain/deliveries/machine.ts';
import { type Actor, type CommandInput, decide, type Machine, type MachineRow } from '../../domain/machine.ts';
import { pickupMachine } from '../../domain/pickups/machine.ts';
import type { Pickup } from '../../domain/pickups/pickup.ts';

const AT = '2026-11-23T00:00:00.000Z';

interface Step {
  command: string;
  from: string;
  to: string;
  finished: boolean;
}

/** What a machine does, found by asking `decide` about every command in every state: the page shows what the code does. */
interface Chart {
  states: Record<string, string>;
  start: string;
  /** States that end by themselves after a time. */
  closing: string[];
  commands: { command: string; name: string; who: readonly Actor[]; permission: string; needs: readonly string[] }[];
  steps: Step[];
}

/** `rows` are rows of one state that between them let every command through with this input. */
function chart<S extends string, C extends string, R extends MachineRow<S>, I extends CommandInput, E extends string>(
  machine: Machine<S, C, R, I, E>,
  start: S,
  rows: (state: S) => R[],
  inputOf: (row: R) => I,
  closes: (row: R) => boolean = () => false,
): Chart {
  const steps = new Map<string, Step>();
  for (const command of Object.keys(machine.commands) as C[]) {
    const { from, who } = machine.commands[command];
    for (const row of (Object.keys(from) as S[]).flatMap(rows)) {
      const decision = decide(machine, row, command, { ...inputOf(row), actor: who[0] as Actor }, AT);
      if (!decision.ok || !decision.changed) continue;
      const step = { command, from: row.state, to: decision.next.state, finished: decision.next.finishedAt !== null };
      steps.set(JSON.stringify(step), step);
    }
  }
  const commands = (Object.keys(machine.commands) as C[]).map((command) => {
    const { name, who, permission = '', needs = [] } = machine.commands[command];
    return { command, name, who, permission, needs };
  });
  const closing = (Object.keys(machine.states) as S[]).filter((state) => rows(state).some(closes));
  return { states: machine.states, start, closing, commands, steps: [...steps.values()] };
}

const nothingYet = { carrierCode: null, waybillNo: null, trackingLevel: null, instructedAt: null, finishedAt: null } as const;
const line: Omit<DeliveryLine, 'state' | 'claims' | 'quantity'> = {
  ...nothingYet,
  deliveryNo: 'D1',
  lineNo: 1,
  orderNo: 'O1',
  kind: 'order',
  productId: 1,
  methodCode: '10',
  revision: 1,
  canceled: 0,
  returned: 0,
  releasedAt: null,
  shippedAt: null,
  deliveredAt: AT,
  stockoutExpectedAt: null,
  autoClear: true,
  delayExpectedOn: null,
  delayReasonCode: null,
  delayNoticedAt: null,
  splitFrom: null,
  lastSplit: null,
};
const pickup: Omit<Pickup, 'state' | 'kind' | 'held'> = {
  ...nothingYet,
  pickupNo: 'P1',
  claimNo: 'C1',
  orderNo: 'O1',
  originalDeliveryNo: 'D1',
  exchangeDeliveryNo: null,
  convertedFromExchange: false,
  convertedFromReturn: false,
  revision: 1,
  items: [],
  arrivedAt: null,
  confirmedAt: null,
  completedAt: null,
};
const plan: Omit<AssemblyPlan, 'state'> = {
  assemblyPlanUid: 1,
  assemblyProductUid: 1,
  shippingProductId: 1,
  planQuantity: 1,
  completedQuantity: null,
  revision: 1,
  dueAt: AT,
  overdueAt: null,
  finishedAt: null,
};
const reserved = { P1: { quantity: 1, status: 'reserved' } } as const;
const notice = { expectedOn: '2026-12-03', reasonCode: 'STOCK' };
const input = { carrierCode: '04', waybillNo: '681234567890', level: 2, hasReason: true, ...notice };

export const deliveryChart = chart(
  deliveryMachine,
  'ordered',
  (state) =>
    [null, { deliveryNo: 'D0', lineNo: 1 }].flatMap((splitFrom) =>
      [1, 2].flatMap((quantity) => [{}, reserved].map((claims) => ({ ...line, state, quantity, claims, splitFrom }))),
    ),
  (row) => ({ ...input, quantity: 1, pickupNo: 'P1', part: { ...row, quantity: 0, splitFrom: row } }),
  (row) => closesAt(row, 90) !== null,
);
export const pickupChart = chart(
  pickupMachine,
  'requested',
  (state) => (['return', 'exchange'] as const).flatMap((kind) => [false, true].map((held) => ({ ...pickup, state, kind, held }))),
  () => input,
);

export const planChart = chart(
  planMachine,
  'planned',
  (state) => [{ ...plan, state }],
  () => ({}),
);

/** A state diagram in mermaid. */
export function diagram({ states, start, closing, commands, steps }: Chart): string {
  const edges = new Map<string, Set<string>>();
  const edge = (from: string, to: string, ...labels: string[]) => {
    const arrow = `${from} --> ${to}`;
    edges.set(arrow, new Set([...(edges.get(arrow) ?? []), ...labels]));
  };
  const names = new Map(commands.map(({ command, name }) => [command, name]));
  for (const { command, from, to, finished } of steps) {
    if (from !== to) edge(from, to, names.get(command) ?? '');
    else if (finished) edge(from, '[*]', `${names.get(command)} (남은 수량 없음)`);
  }
  for (const state of closing) edge(state, '[*]', '기간 경과');
  for (const state of Object.keys(states)) {
    const into = steps.filter(({ from, to }) => to === state && from !== state);
    if (into.length > 0 && into.every(({ finished }) => finished)) edge(state, '[*]');
  }
  return [
    '```mermaid',
    'stateDiagram-v2',
    ...Object.entries(states).map(([state, name]) => `  state "${name} ${state}" as ${state}`),
    `  [*] --> ${start}`,
    ...[...edges].map(([arrow, labels]) => `  ${arrow}${labels.size > 0 ? `: ${[...labels].join(' · ')}` : ''}`),
    '```',
  ].join('\n');
}

/** `a, b → c`, a line for each outcome; a command that leaves the state as it is says so. */
function journey(steps: Step[]): string {
  const byState = Map.groupBy(steps, ({ from }) => from);
  const byOutcome = Map.groupBy(byState.keys(), (state) => {
    const own = byState.get(state) ?? [];
    const moves = new Set(own.filter(({ to }) => to !== state).map(({ to }) => `→ ${to}`));
    const stays = own.filter(({ to }) => to === state).map(({ finished }) => (finished ? 'ends' : 'stays'));
    return [...moves, ...stays].join(' or ');
  });
  return [...byOutcome].map(([outcome, states]) => `${states.join(', ')} ${outcome}`).join('<br>');
}

const actors: Record<Actor, string> = {
  admin: 'admin',
  order: 'order system',
  tracker: 'tracker',
  batch: 'batch',
  machine: 'another workflow',
};

export const code = (text: string) => (text === '' ? '' : `\`${text}\``);

export const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** A row a command: what it is called, from where to where, who may give it, what it needs. */
export function commandTable({ commands, steps }: Chart): string {
  const byCommand = Map.groupBy(steps, ({ command }) => command);
  const rows = commands.map(({ command, name, who, permission, needs }) => [
    code(command),
    name,
    journey(byCommand.get(command) ?? []),
    who.map((actor) => actors[actor]).join(', '),
    code(permission),
    needs.join(', '),
  ]);
  return table(['command', 'name', 'from → to', 'who', 'permission', 'needs'], rows);
}

import type { Random } from '../../local/sample/random.ts';

/** How a client behaves about one wish: repeats it until it knows, sends it twice at once, or leaves after a second. */
export type Manner = 'patient' | 'double' | 'impatient';

interface Common {
  /** Before it, in ms. */
  think: number;
  manner: Manner;
  /** Sent together with the step after it. */
  beside: boolean;
}

/** What is sent under a waybill; `fate` in [0, 1) decides what becomes of it. */
export interface Parcel {
  waybillNo: string;
  fate: number;
}

export type Act =
  | { act: 'order' }
  | { act: 'line'; command: string; lineNo: number | null; parcel?: Parcel; respondAsync: boolean }
  | { act: 'split'; command: string; lineNo: number; quantity: number; parcel?: Parcel }
  | { act: 'part'; command: string; parcel?: Parcel }
  | { act: 'cancel'; lineNo: number; quantity: number }
  | { act: 'receiver'; mark: string }
  | { act: 'claim'; claimKind: 'return' | 'exchange'; lineNo: number; quantity: number }
  | { act: 'withdraw-claim' }
  | { act: 'pickup'; command: string; parcel?: Parcel; restock: boolean }
  | { act: 'sheet'; lineNo: number | null; parcel: Parcel };

export type Step = Common & Act;

export interface Story {
  orderNo: string;
  lines: { lineNo: number; productId: number; quantity: number; methodCode: string }[];
  steps: Step[];
}

/** Their stock is counted, so that the ledger has something to show. */
export const PRODUCTS = [710_001, 710_002, 710_003];
const SHARED_WAYBILLS = 6;

/** What mostly comes next, so that a life goes on; one step in five is whatever. */
const USUAL = ['instruct', 'release', 'ship', 'deliver'];
const ANY = ['instruct', 'release', 'ship', 'deliver', 'undo', 'reopen', 'report-stockout', 'clear-stockout', 'correct-waybill'];
/** What splits a line when a quantity is named, and what becomes of the part. */
const SPLITTING = ['split', 'split', 'ship', 'report-stockout'];
const ANY_PART = ['instruct', 'release', 'ship', 'deliver', 'merge', 'merge', 'undo', 'clear-stockout'];
const USUAL_PICKUP = ['instruct', 'confirm', 'complete'];
const ANY_PICKUP = ['hold', 'resume', 'refuse', 'withdraw', 'convert-to-return', 'convert-to-exchange', 'complete', 'confirm'];

/**
 * The whole life of one order as its clients want it, drawn before it begins: what they do depends on the seed alone, what comes of
 * it on the faults.
 */
export function tell(random: Random, orderNo: string, waybillPrefix: string): Story {
  const lines = Array.from({ length: random.between(1, 3) }, (_, at) => ({
    lineNo: at + 1,
    productId: random.pick(PRODUCTS),
    quantity: random.between(1, 5),
    methodCode: random.chance(0.9) ? '10' : '20',
  }));
  let waybills = 0;
  const waybill = () =>
    random.chance(0.08)
      ? `${waybillPrefix.slice(0, 4)}0000000${random.between(1, SHARED_WAYBILLS)}`
      : `${waybillPrefix}${String(++waybills).padStart(2, '0')}`;
  const parcel = (): Parcel => ({ waybillNo: waybill(), fate: random.next() });
  const lineNo = () => random.pick(lines).lineNo;
  const step = (act: Act, manner?: Manner): Step => ({
    ...act,
    think: random.between(0, 250),
    manner: manner ?? (random.chance(0.7) ? 'patient' : random.chance(0.5) ? 'double' : 'impatient'),
    beside: random.chance(0.15),
  });
  const line = (command: string, of: number | null): Act => {
    const needs = command === 'ship' || command === 'correct-waybill';
    // Without a number every line of the delivery is meant; a command that needs a waybill names its line.
    const meant = needs ? (of ?? lineNo()) : of;
    const act: Act = { act: 'line', command, lineNo: meant, respondAsync: random.chance(0.08) };
    return needs ? { ...act, parcel: parcel() } : act;
  };

  const steps: Step[] = [{ ...step({ act: 'order' }, 'patient'), beside: false }];
  for (const usual of USUAL) {
    while (random.chance(0.35)) steps.push(step(aside()));
    if (usual === 'ship' && random.chance(0.3))
      steps.push(step({ act: 'sheet', lineNo: random.chance(0.5) ? null : lineNo(), parcel: parcel() }));
    else if (usual === 'ship') for (const each of lines) steps.push(step(line('ship', each.lineNo)));
    else steps.push(step(line(usual, random.chance(0.6) ? null : lineNo())));
  }
  for (let claims = random.between(0, 2); claims > 0; claims--) {
    const of = random.pick(lines);
    const claimKind = random.chance(0.5) ? 'return' : 'exchange';
    steps.push(step({ act: 'claim', claimKind, lineNo: of.lineNo, quantity: random.between(1, of.quantity) }));
    for (const usual of USUAL_PICKUP) {
      while (random.chance(0.3))
        steps.push(step(random.chance(0.2) ? { act: 'withdraw-claim' } : pickup(random.pick(ANY_PICKUP))));
      steps.push(step(pickup(usual)));
    }
  }
  return { orderNo, lines, steps };

  function pickup(command: string): Act {
    const act: Act = { act: 'pickup', command, restock: random.chance(0.7) };
    return command === 'instruct' && random.chance(0.7) ? { ...act, parcel: parcel() } : act;
  }

  function splitting(): Act {
    const act: Act = { act: 'split', command: random.pick(SPLITTING), lineNo: lineNo(), quantity: random.between(1, 2) };
    return act.command === 'ship' ? { ...act, parcel: parcel() } : act;
  }

  function ofPart(command: string): Act {
    return command === 'ship' ? { act: 'part', command, parcel: parcel() } : { act: 'part', command };
  }

  function aside(): Act {
    const roll = random.next();
    if (roll < 0.25) return { act: 'receiver', mark: random.digits(5) };
    if (roll < 0.4) return { act: 'cancel', lineNo: lineNo(), quantity: random.between(1, 3) };
    if (roll < 0.55) return splitting();
    if (roll < 0.7) return ofPart(random.pick(ANY_PART));
    return line(random.pick(ANY), random.chance(0.3) ? null : lineNo());
  }
}

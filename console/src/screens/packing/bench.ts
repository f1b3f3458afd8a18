import { useCallback, useEffect, useRef, useState } from 'react';
import { store } from '../../api/stored.ts';
import { t } from '../../ui/texts.ts';
import { beep } from '../deliveries/beep.ts';
import { current, EMPTY, finish, inHand, mine, printed, reasonOf, right, sentence, toTakeOut, wrong } from './finish.ts';
import { lastLabel, printsLabels } from './label.ts';
import { type Bench, closeParcel, openParcel, scanProduct, type Verification } from './verifying.ts';

/** The parcel of a number; who scans the number of another's parcel once more takes it over. */
async function begin(number: string, before: Verification | null): Promise<Bench> {
  const takeOver = before?.blocked?.code === 'VERIFICATION_OWNED' && before.number === number;
  const parcel = await openParcel(number, takeOver);
  if (parcel.blocked) {
    const who =
      parcel.blocked.code === 'VERIFICATION_OWNED'
        ? ` ${t('packingTakeOver', { who: parcel.ownerName ?? parcel.owner ?? '' })}`
        : '';
    return { parcel, asks: null, told: wrong(sentence(parcel.blocked) + who) };
  }
  if (parcel.completedAt) return finish(parcel);
  return inHand(parcel, right(t('packingFound', { no: parcel.number })));
}

/**
 * A parcel that was complete a while ago and has not left: asked anew first, for what was ordered may have changed since. One that has
 * left is finished under its own key, which tells what became of it.
 */
async function finishLater(parcel: Verification, waybillNo?: string): Promise<Bench> {
  const now = await openParcel(parcel.number, false);
  if (now.blocked?.code === 'PARCEL_SHIPPED') return finish(parcel, waybillNo);
  if (now.blocked) return { parcel: now, asks: null, told: wrong(sentence(now.blocked)) };
  return now.completedAt ? finish(now, waybillNo) : inHand(now, wrong(t('packingChanged')));
}

/** What a code does: it is a product of the open parcel, its waybill or carrier, or the number of the next parcel. */
async function step({ parcel, asks }: Bench, code: string): Promise<Bench> {
  const id = parcel?.verificationId ?? null;
  if (parcel === null || id === null || parcel.blocked) return begin(code, parcel);
  if (asks === 'carrier') return pick(parcel, parcel.carriers[Number(code) - 1] ?? parcel.carriers.find((each) => each === code));
  if (parcel.completedAt) return finishLater(parcel, asks === 'waybill' ? code : undefined);
  const { error, verification } = await scanProduct(id, code);
  if (error) return inHand(verification, wrong(`${sentence(error)} (${code})`));
  const line = verification.lines.find(({ barcode }) => barcode === code);
  if (verification.completedAt) return finish(verification);
  return inHand(verification, right(line?.productName ?? code));
}

/** The carrier of this bench from now on; undefined = what was typed is none. */
function pick(parcel: Verification, carrier: string | undefined): Promise<Bench> | Bench {
  if (carrier === undefined) return { parcel, asks: 'carrier', told: wrong(t('packingPick')) };
  store('packing.carrier', carrier);
  return finish(parcel);
}

/**
 * Enter without a code goes on with the parcel in hand: what was refused is asked once more, and a box from which something was taken
 * out is scanned anew, so that what stays in it is what was ordered.
 */
async function goOn(before: Bench): Promise<Bench> {
  const { parcel, asks } = before;
  if (!parcel?.verificationId || parcel.blocked || asks === 'carrier') return before;
  const now = await current(parcel);
  if (toTakeOut(now) === '' && !now.completedAt) return before;
  if (toTakeOut(now) === '' && now.lines.some(({ needed }) => needed > 0)) return finish(now, undefined, true);
  await closeParcel(parcel.verificationId);
  return begin(now.number, null);
}

/** The bench, and a way to hand it codes: one after the other, because a reader is faster than the API. */
export function useBench() {
  const [bench, setBench] = useState<Bench>(EMPTY);
  const latest = useRef(bench);
  const queue = useRef(Promise.resolve());
  const run = useCallback((work: (before: Bench) => Promise<Bench>) => {
    queue.current = queue.current.then(async () => {
      const before = latest.current;
      const after = await work(before).catch((error: unknown): Bench => {
        return { ...before, told: wrong(reasonOf(error)) };
      });
      latest.current = after;
      setBench(after);
      if (after.told && after !== before) beep(after.told.right);
    });
  }, []);

  // What was in hand before a reload; complete but not shipped, it is shipped now.
  useEffect(
    () =>
      run(async (before) => {
        if (before.parcel) return before;
        const open = await mine();
        if (open) return open.completedAt ? finishLater(open) : inHand(open, null);
        const label = lastLabel();
        const isDue = label !== null && !label.isPrinted && printsLabels();
        return isDue ? { ...before, told: wrong(t('packingLabelDue', { waybill: label.waybillNo })) } : before;
      }),
    [run],
  );

  return {
    bench,
    read: (code: string) => run((before) => (code === '' ? goOn(before) : step(before, code))),
    /** Another carrier was picked: a parcel that could not leave for want of a number is shipped with one of its. */
    retry: () => run(async (before) => (before.parcel?.completedAt && before.asks ? finishLater(before.parcel) : before)),
    /** Prints the label of the parcel that was shipped last, once more if need be. */
    reprint: () =>
      run(async (before) => {
        const label = lastLabel();
        return { ...before, told: label ? await printed(label, true) : wrong(t('packingNoneShipped')) };
      }),
    /** Gives up the parcel in hand. */
    giveUp: () =>
      run(async ({ parcel }) => {
        if (parcel === null) return EMPTY;
        if (parcel.verificationId !== null && !parcel.blocked) await closeParcel(parcel.verificationId);
        return { ...EMPTY, told: wrong(t('packingGivenUp', { no: parcel.number })) };
      }),
  };
}

import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError, api, get } from '../../api/api.ts';
import { problemText } from '../../ui/problem-texts.ts';
import { t } from '../../ui/texts.ts';
import { beep } from '../deliveries/beep.ts';
import { type Bench, closeParcel, openParcel, scanProduct, shipParcel, VERIFICATIONS, type Verification } from './verifying.ts';

const EMPTY: Bench = { parcel: null, needsWaybill: false, told: null };
const right = (text: string) => ({ right: true, text });
const wrong = (text: string) => ({ right: false, text });
const sentence = ({ code, title }: { code: string; title: string }) => problemText(code, title);

/** Ships a parcel that is complete, then closes it: ready for the next. */
async function finish(parcel: Verification, waybillNo?: string): Promise<Bench> {
  const { number, verificationId } = parcel;
  if (parcel.closedAt !== null || verificationId === null)
    return { ...EMPTY, told: right(t('packingConfirmed', { no: number })) };
  const [refused] = await shipParcel(parcel, waybillNo);
  if (refused) {
    const needsWaybill = /^(WAYBILL|CARRIER)_/.test(refused.code);
    return { parcel, needsWaybill, told: wrong(sentence(refused)) };
  }
  await closeParcel(verificationId);
  return { ...EMPTY, told: right(t('packingShipped', { no: number })) };
}

/** The parcel of a number; who scans the number of another's parcel once more takes it over. */
async function begin(number: string, before: Verification | null): Promise<Bench> {
  const takeOver = before?.blocked?.code === 'VERIFICATION_OWNED' && before.number === number;
  const parcel = await openParcel(number, takeOver);
  if (parcel.blocked) {
    const who =
      parcel.blocked.code === 'VERIFICATION_OWNED'
        ? ` ${t('packingTakeOver', { who: parcel.ownerName ?? parcel.owner ?? '' })}`
        : '';
    return { parcel, needsWaybill: false, told: wrong(sentence(parcel.blocked) + who) };
  }
  if (parcel.completedAt) return finish(parcel);
  return { parcel, needsWaybill: false, told: right(t('packingFound', { no: parcel.number })) };
}

/** What a code does: it is a product of the open parcel, its waybill, or the number of the next parcel. */
async function step({ parcel, needsWaybill }: Bench, code: string): Promise<Bench> {
  const id = parcel?.verificationId ?? null;
  if (parcel === null || id === null || parcel.blocked) return begin(code, parcel);
  if (parcel.completedAt) return finish(parcel, needsWaybill ? code : undefined);
  const { error, verification } = await scanProduct(id, code);
  if (error) return { parcel: verification, needsWaybill: false, told: wrong(`${sentence(error)} (${code})`) };
  const line = verification.lines.find(({ barcode }) => barcode === code);
  if (verification.completedAt) return finish(verification);
  return { parcel: verification, needsWaybill: false, told: right(line?.productName ?? code) };
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
        const why = error instanceof ApiError && error.status !== 0 ? problemText(error.code, error.message) : t('unreachable');
        return { ...before, told: wrong(why) };
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
        const { verification: mine } = await get(api.GET(`${VERIFICATIONS}/mine`));
        if (!mine) return before;
        return mine.completedAt ? finish(mine) : { parcel: mine, needsWaybill: false, told: null };
      }),
    [run],
  );

  return {
    bench,
    read: (code: string) => run((before) => step(before, code)),
    /** Gives up the parcel in hand. */
    giveUp: () =>
      run(async ({ parcel }) => {
        if (parcel === null) return EMPTY;
        if (parcel.verificationId !== null && !parcel.blocked) await closeParcel(parcel.verificationId);
        return { ...EMPTY, told: wrong(t('packingGivenUp', { no: parcel.number })) };
      }),
  };
}

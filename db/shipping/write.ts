import { sql } from 'kysely';
import { Problem } from '../../domain/problems.ts';
import { build, instant } from '../statement.ts';
import { ShippingPlaceEntity, ShippingPolicyEntity } from '../tables/shipping.ts';
import { type Change, written } from './changes.ts';
import { findDispatchPolicy } from './dispatch-policies.ts';
import type { ShippingPlace, ShippingPolicy } from './find.ts';

/** The input for a place or a policy: all columns except those that the database sets. */
export type PlaceWish = Omit<ShippingPlace, 'placeNo' | 'askedAt' | 'createdAt' | 'updatedAt'>;
export type PolicyWish = Omit<ShippingPolicy, 'policyNo' | 'askedAt' | 'createdAt' | 'updatedAt'>;

/**
 * Writes a place, a new one if no number is given; `named` is the number in its body. The table's lock makes two new default places
 * take turns. Orders only read and do not wait for it. Throws SUPERSEDED when a later request has written this place.
 */
export async function savePlace(
  { em, query, askedAt }: Change,
  placeNo: number | null,
  wish: PlaceWish,
  named: number | undefined,
): Promise<ShippingPlace> {
  await query(sql`lock table shipping_places in share row exclusive mode`);
  const known = placeNo === null ? null : await em.findOne(ShippingPlaceEntity, { placeNo });
  if (placeNo !== null && !known) throw new Problem('PLACE_NOT_FOUND');
  if (placeNo !== null && named !== undefined && named !== placeNo) throw new Problem('PLACE_FIXED');
  const policyNo = wish.dispatchPolicyNo ?? null;
  if (policyNo !== null && !(await findDispatchPolicy(em, policyNo)))
    throw new Problem('BAD_REQUEST', `dispatchPolicyNo: 없는 발송정책입니다 (${policyNo})`);
  const later = await query(
    build
      .selectFrom('shipping_places')
      .select('place_no')
      .where('asked_at', '>', instant(askedAt))
      .where((eb) => eb.or([eb.ref('is_default'), eb('place_no', '=', placeNo)])),
  );
  if (known && later.some((row) => row.place_no === placeNo)) throw new Problem('SUPERSEDED');
  const isDefault = wish.isDefault && later.length === 0;
  if (isDefault)
    await query(
      build
        .updateTable('shipping_places')
        .set({ is_default: false, updated_at: sql`now()` })
        .where((eb) => eb.ref('is_default'))
        .where('place_no', 'is distinct from', placeNo),
    );
  const row = { ...wish, isDefault };
  const saved = known ?? em.create(ShippingPlaceEntity, { ...row, askedAt: new Date() });
  em.assign(saved, { ...row, ...written(askedAt) });
  await em.flush();
  return saved;
}

/**
 * Writes a policy, a new one if no number is given. The lock on its place's row makes two new defaults take turns. Throws SUPERSEDED
 * when a later request has written this policy.
 */
export async function savePolicy({ em, query, askedAt }: Change, policyNo: number | null, wish: PolicyWish): Promise<number> {
  const { placeNo } = wish;
  const places = await query(
    build.selectFrom('shipping_places').select('place_no').where('place_no', '=', placeNo).forNoKeyUpdate(),
  );
  const known = policyNo === null ? null : await em.findOne(ShippingPolicyEntity, { policyNo });
  if (policyNo !== null && !known) throw new Problem('POLICY_NOT_FOUND');
  if (known && known.placeNo !== placeNo) throw new Problem('PLACE_FIXED');
  if (places.length === 0) throw new Problem('PLACE_NOT_FOUND');
  const later = await query(
    build
      .selectFrom('shipping_policies')
      .select('policy_no')
      .where('place_no', '=', placeNo)
      .where('asked_at', '>', instant(askedAt))
      .where((eb) => eb.or([eb.ref('is_default'), eb('policy_no', '=', policyNo)])),
  );
  if (known && later.some((row) => row.policy_no === policyNo)) throw new Problem('SUPERSEDED');
  const isDefault = wish.isDefault && later.length === 0;
  if (isDefault)
    await query(
      build
        .updateTable('shipping_policies')
        .set({ is_default: false, updated_at: sql`now()` })
        .where('place_no', '=', placeNo)
        .where((eb) => eb.ref('is_default'))
        .where('policy_no', 'is distinct from', policyNo),
    );
  const row = { ...wish, isDefault };
  const saved = known ?? em.create(ShippingPolicyEntity, { ...row, askedAt: new Date() });
  em.assign(saved, { ...row, ...written(askedAt) });
  await em.flush();
  return saved.policyNo;
}

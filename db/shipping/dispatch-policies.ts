import type { InferEntity } from '@mikro-orm/core';
import { sql } from 'kysely';
import { Problem } from '../../domain/problems.ts';
import type { Em } from '../database.ts';
import { build, instant, type Query } from '../statement.ts';
import { DispatchPolicyEntity } from '../tables/dispatch.ts';
import { type Change, written } from './changes.ts';

export type StoredDispatchPolicy = InferEntity<typeof DispatchPolicyEntity>;
/** The input for a policy: all columns except those that the database sets. */
export type DispatchPolicyWish = Omit<StoredDispatchPolicy, 'dispatchPolicyNo' | 'askedAt' | 'createdAt' | 'updatedAt'>;

/** Every dispatch policy, oldest first. */
export const findDispatchPolicies = (em: Em): Promise<StoredDispatchPolicy[]> =>
  em.find(DispatchPolicyEntity, {}, { orderBy: { dispatchPolicyNo: 'asc' } });

export const findDispatchPolicy = (em: Em, dispatchPolicyNo: number): Promise<StoredDispatchPolicy | null> =>
  em.findOne(DispatchPolicyEntity, { dispatchPolicyNo });

/** The numbers of this policy and of the default one, if a later request has written them. */
const writtenLater = (query: Query, policyNo: number | null, askedAt: string) =>
  query(
    build
      .selectFrom('dispatch_policies')
      .select('dispatch_policy_no')
      .where('asked_at', '>', instant(askedAt))
      .where((eb) => eb.or([eb.ref('is_default'), eb('dispatch_policy_no', '=', policyNo)])),
  );

const lockPolicies = (query: Query) => query(sql`lock table dispatch_policies in share row exclusive mode`);

const takeDefaultFromOthers = (query: Query, policyNo: number | null) =>
  query(
    build
      .updateTable('dispatch_policies')
      .set({ is_default: false, updated_at: sql`now()` })
      .where((eb) => eb.ref('is_default'))
      .where('dispatch_policy_no', 'is distinct from', policyNo),
  );

/**
 * Writes a policy, a new one if no number is given; a new default takes over. The table's lock makes two of them take turns; orders only
 * read. Throws SUPERSEDED when a later request has written this policy.
 */
export async function saveDispatchPolicy(
  { em, query, askedAt }: Change,
  policyNo: number | null,
  wish: DispatchPolicyWish,
): Promise<number> {
  await lockPolicies(query);
  const known = policyNo === null ? null : await findDispatchPolicy(em, policyNo);
  if (policyNo !== null && !known) throw new Problem('DISPATCH_POLICY_NOT_FOUND');
  const later = await writtenLater(query, policyNo, askedAt);
  if (known && later.some((row) => row.dispatch_policy_no === policyNo)) throw new Problem('SUPERSEDED');
  const isDefault = wish.isDefault && later.length === 0;
  if (isDefault) await takeDefaultFromOthers(query, policyNo);
  const row = { ...wish, isDefault };
  const saved = known ?? em.create(DispatchPolicyEntity, { ...row, askedAt: new Date() });
  em.assign(saved, { ...row, ...written(askedAt) });
  await em.flush();
  return saved.dispatchPolicyNo;
}

/** Makes this policy the default one, otherwise as it is. */
export async function makeDispatchPolicyDefault(change: Change, policyNo: number): Promise<number> {
  await lockPolicies(change.query);
  const known = await findDispatchPolicy(change.em, policyNo);
  if (!known) throw new Problem('DISPATCH_POLICY_NOT_FOUND');
  const { name, dispatchType, readyDays, closeTime } = known;
  return saveDispatchPolicy(change, policyNo, { name, dispatchType, readyDays, closeTime, isDefault: true });
}

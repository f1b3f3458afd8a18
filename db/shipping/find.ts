import type { InferEntity } from '@mikro-orm/core';
import type { Em } from '../database.ts';
import { ShippingPlaceEntity, ShippingPolicyEntity } from '../tables/shipping.ts';

export type ShippingPlace = InferEntity<typeof ShippingPlaceEntity>;
export type ShippingPolicy = InferEntity<typeof ShippingPolicyEntity>;

/** A page of places by number, and the number of all places. */
export const findPlaces = (em: Em, offset: number, limit: number): Promise<[places: ShippingPlace[], total: number]> =>
  em.findAndCount(ShippingPlaceEntity, {}, { orderBy: { placeNo: 'asc' }, offset, limit });

export const findPlace = (em: Em, placeNo: number): Promise<ShippingPlace | null> => em.findOne(ShippingPlaceEntity, { placeNo });

/** Every policy of a place, oldest first. */
export const findPolicies = (em: Em, placeNo: number): Promise<ShippingPolicy[]> =>
  em.find(ShippingPolicyEntity, { placeNo }, { orderBy: { policyNo: 'asc' } });

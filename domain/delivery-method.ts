/** 배송방법코드. */
export const methods = { '10': '택배', '20': '직접배송', '30': '방문수령', '40': 'e-쿠폰' } as const;
export type MethodCode = keyof typeof methods;

/** Whether it leaves as a parcel, by a carrier. */
export const isParcel = (method: MethodCode): boolean => method === '10';

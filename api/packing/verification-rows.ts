import { z } from '@hono/zod-openapi';
import { namesOf } from '../../db/operations/callers.ts';
import type { Parcel, ParcelLineRow } from '../../db/packing/parcel.ts';
import type { VerificationRow } from '../../db/packing/verifications.ts';
import { carriersOfPlace } from '../../db/shipping/range-carriers.ts';
import type { Query } from '../../db/statement.ts';
import { deliveryStates } from '../../domain/deliveries/line.ts';
import { blockOf, isPacked, type ParcelLine } from '../../domain/packing/verification.ts';
import { type ProblemCode, problems } from '../../domain/problems.ts';
import { byNameSchema } from '../deliveries/history.ts';
import { stateSchema } from '../deliveries/line-row.ts';

export const codeSchema = z.object({ code: z.enum(Object.keys(problems) as ProblemCode[]), title: z.string() });

/** A code with its sentence. */
export const codeOf = (code: ProblemCode): z.output<typeof codeSchema> => ({ code, title: problems[code].title });

export const verificationSchema = z
  .object({
    verificationId: z.int().nullable().openapi({ description: '막혀서 열지 않았으면 null' }),
    by: z.enum(['delivery', 'waybill']).openapi({ description: 'delivery: 마치면 출고. waybill: 이미 출고한 것을 확인만' }),
    number: z.string(),
    owner: z.string().nullable(),
    ownerName: byNameSchema,
    openedAt: z.iso.datetime().nullable(),
    completedAt: z.iso.datetime().nullable(),
    closedAt: z.iso.datetime().nullable(),
    blocked: codeSchema.nullable(),
    isParcel: z.boolean().openapi({ description: '택배로 출고할 상자: 운송장이 있어야 나갑니다' }),
    carriers: z.array(z.string()).openapi({
      description: '출하지의 운송장 대역에 있는 택배사. 하나면 운송장 없이 출고완료할 때 쓰는 택배사, 여럿이면 고를 택배사',
    }),
    lines: z.array(
      z.object({
        deliveryNo: z.string(),
        lineNo: z.int(),
        productId: z.int(),
        productName: z.string(),
        optionName: z.string().nullable(),
        barcode: z.string().openapi({ description: '출고상품의 바코드, 없으면 상품번호' }),
        state: stateSchema,
        stateName: z.string(),
        carrierCode: z.string().nullable(),
        waybillNo: z.string().nullable(),
        needed: z.int().openapi({ description: '이 상자에 넣을 수량. 취소나 출고된 줄은 0' }),
        counted: z.int(),
        labelPrints: z.int().openapi({ description: '그 운송장의 라벨을 인쇄한 횟수. 2부터 재출력' }),
      }),
    ),
  })
  .openapi('Verification', {
    example: {
      verificationId: 7,
      by: 'delivery',
      number: 'D261123000001',
      owner: 'kim',
      ownerName: '김관리',
      openedAt: '2026-11-23T01:00:00.000Z',
      completedAt: null,
      closedAt: null,
      blocked: null,
      isParcel: true,
      carriers: ['04'],
      lines: [
        {
          deliveryNo: 'D261123000001',
          lineNo: 1,
          productId: 43897,
          productName: '캠핑 의자',
          optionName: '카키',
          barcode: '8801234567893',
          state: 'released',
          stateName: deliveryStates.released,
          carrierCode: null,
          waybillNo: null,
          needed: 2,
          counted: 1,
          labelPrints: 0,
        },
      ],
    },
  });

/** A row as the rules see it. */
export const parcelLine = (row: ParcelLineRow): ParcelLine => ({
  deliveryNo: row.delivery_no,
  lineNo: row.line_no,
  state: row.state,
  validQuantity: row.valid_quantity,
  trackingLevel: row.tracking_level,
  barcode: row.barcode ?? String(row.product_id),
  counted: row.counted,
  isVerified: row.verified,
});

/** The picture of a parcel; `blocked` is what is in the way besides the parcel itself. */
export async function shownVerification(
  query: Query,
  { by, number }: Parcel,
  rows: ParcelLineRow[],
  verification: VerificationRow | null,
  blocked?: ProblemCode,
): Promise<z.output<typeof verificationSchema>> {
  // A parcel whose products are all scanned is not in its own way.
  const block = blocked ?? (verification?.completed_at ? null : blockOf(rows.map(parcelLine), by));
  const owner = verification?.owner ?? null;
  const [first] = rows;
  const isParcel = by === 'delivery' && first?.method_code === '10';
  return {
    verificationId: verification?.verification_id ?? null,
    by,
    number,
    owner,
    ownerName: (await namesOf(query, [owner])).get(owner ?? '') ?? null,
    openedAt: verification?.opened_at.toISOString() ?? null,
    completedAt: verification?.completed_at?.toISOString() ?? null,
    closedAt: verification?.closed_at?.toISOString() ?? null,
    blocked: block && codeOf(block),
    isParcel,
    carriers: isParcel ? await carriersOfPlace(query, first.place_no) : [],
    lines: rows.map((row) => {
      const line = parcelLine(row);
      return {
        ...{ deliveryNo: row.delivery_no, lineNo: row.line_no, productId: row.product_id, productName: row.product_name },
        ...{ optionName: row.option_name, barcode: line.barcode, state: row.state, stateName: deliveryStates[row.state] },
        ...{ carrierCode: row.carrier_code, waybillNo: row.waybill_no },
        needed: isPacked(line, by) ? row.valid_quantity : 0,
        counted: row.counted,
        labelPrints: row.label_prints,
      };
    }),
  };
}

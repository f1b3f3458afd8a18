import { z } from '@hono/zod-openapi';
import { detailSchema } from '../deliveries/detail.ts';
import { keyOfLine } from '../deliveries/line-commands.ts';
import { stateSchema } from '../deliveries/line-row.ts';

type Detail = z.output<typeof detailSchema>;
type Line = Detail['lines'][number];

const partRowSchema = z
  .object({
    deliveryNo: z.string(),
    lineNo: z.int(),
    state: stateSchema,
    stateName: z.string(),
    quantity: z.int(),
    validQuantity: z.int(),
  })
  .openapi('OrderLinePart');

/** Deliveries of an order; a line that was split with its parts under it. */
export const orderDeliverySchema = detailSchema
  .extend({
    lines: z.array(
      detailSchema.shape.lines.element.extend({
        parts: z
          .array(partRowSchema)
          .optional()
          .openapi({ description: '분할된 줄이면, 이 줄과 여기서 분할된 줄 모두: 수량의 합이 주문한 줄의 수량' }),
      }),
    ),
  })
  .openapi('OrderDelivery');

const keyOf = ({ deliveryNo, lineNo }: { deliveryNo: string; lineNo: number }) => keyOfLine(deliveryNo, lineNo);
const partRow = ({ deliveryNo, lineNo, state, stateName, quantity, validQuantity }: Line) =>
  ({ deliveryNo, lineNo, state, stateName, quantity, validQuantity }) satisfies z.output<typeof partRowSchema>;

/** Each line that the order system knows with its parts under it, itself first; also parts of parts. */
export function withParts(deliveries: Detail[]): z.output<typeof orderDeliverySchema>[] {
  const lines = deliveries.flatMap((delivery) => delivery.lines);
  const byKey = new Map(lines.map((line) => [keyOf(line), line]));
  const rootOf = (line: Line): Line => {
    const from = line.splitFrom && byKey.get(keyOf(line.splitFrom));
    return from ? rootOf(from) : line;
  };
  const families = Map.groupBy(lines, (line) => keyOf(rootOf(line)));
  return deliveries.map((delivery) => ({
    ...delivery,
    lines: delivery.lines.map((line) => {
      const family = line.splitFrom === null ? (families.get(keyOf(line)) ?? []) : [];
      const parts = family.length > 1 ? [...family].sort((a, b) => a.lineNo - b.lineNo).map(partRow) : undefined;
      return parts ? { ...line, parts } : line;
    }),
  }));
}

import type { CommandRequest } from '../../commands/deps.ts';
import { partOf } from '../../commands/send.ts';
import { together } from '../../db/batching.ts';
import { type CommandedLine, findAllCommanded, findCommanded } from '../../db/deliveries/find.ts';
import { linesWithAutoWaybill } from '../../db/shipping/waybill-ranges.ts';
import type { Query } from '../../db/statement.ts';
import type { DeliveryInput } from '../../domain/deliveries/commands.ts';
import type { CommandBody } from './command-body.ts';
import { keyOfLine, type Target } from './line-commands.ts';

type AskedLine = Pick<CommandBody['lines'][number], 'deliveryNo' | 'lineNo'>;
type ReadLines = (lines: AskedLine[]) => Promise<CommandedLine[]>;

/** Whether a delivery without lineNo means this line. */
type IsMeant = (line: CommandedLine) => boolean;

/** At first, a delivery without lineNo means its lines that are still in the lists. */
const isListed: IsMeant = (line) => line.valid_quantity > 0 && line.state !== 'canceled';

/** In a repeat it means the lines that the caller was told of, though others may be in the lists by now. */
export const isToldOf =
  ({ outcomes }: Pick<CommandRequest, 'outcomes'>, command: string): IsMeant =>
  (line) =>
    outcomes.size === 0 ? isListed(line) : outcomes.has(partOf(command, keyOfLine(line.delivery_no, line.line_no)));

/** Finds the lines in a command's body. */
export function createFindTargets(query: Query): (body: CommandBody, isMeant?: IsMeant) => Promise<Target[]> {
  const readLines = linesReader(query);
  return async (body, isMeant = isListed) => targetsOf(body, await readLines(body.lines), isMeant);
}

/** The same of 출고완료: a line without a waybill that says nothing of it takes one where its place does so by itself. */
export function createFindShipped(query: Query): ReturnType<typeof createFindTargets> {
  const find = createFindTargets(query);
  return async (body, isMeant) => {
    const targets = await find(body, isMeant);
    const open = targets.filter(({ row, input }) => row && input.waybillNo === undefined && input.autoWaybill === undefined);
    if (open.length === 0) return targets;
    const keys = open.map(({ deliveryNo, lineNo }) => ({ deliveryNo, lineNo: lineNo ?? 0 }));
    const auto = new Set((await linesWithAutoWaybill(query, keys)).map((key) => keyOfLine(key.deliveryNo, key.lineNo)));
    return targets.map((target) =>
      open.includes(target) && auto.has(keyOfLine(target.deliveryNo, target.lineNo))
        ? { ...target, input: { ...target.input, autoWaybill: true } }
        : target,
    );
  };
}

/** Reads the rows of lines; under load one statement serves many requests. A single line has a statement of its own. */
function linesReader(query: Query): ReadLines {
  const singles = together(async (lines: AskedLine[]) => {
    const [first] = lines;
    const rows =
      lines.length === 1 && first?.lineNo !== undefined
        ? await findCommanded(query, first.deliveryNo, first.lineNo)
        : await findAllCommanded(query, lines);
    return lines.map(({ deliveryNo, lineNo }) =>
      rows.filter((row) => row.delivery_no === deliveryNo && row.line_no === lineNo).slice(0, 1),
    );
  });
  return (lines) => {
    const [only] = lines;
    return lines.length === 1 && only?.lineNo !== undefined ? singles(only) : findAllCommanded(query, lines);
  };
}

/** The input for each line, with its row. */
function targetsOf(body: CommandBody, rows: CommandedLine[], isMeant: IsMeant): Target[] {
  const byDelivery = Map.groupBy(rows, (row) => row.delivery_no);
  return body.lines.flatMap(
    ({ deliveryNo, lineNo = null, carrierCode, waybillNo, autoWaybill, quantity, revision }): Target[] => {
      const input: DeliveryInput = {
        revision,
        quantity,
        carrierCode: carrierCode ?? undefined,
        waybillNo: waybillNo ?? undefined,
        autoWaybill,
        combine: body.combine,
        expectedAt: body.expectedAt ?? undefined,
        autoClear: body.autoClear,
        expectedOn: body.expectedOn,
        reasonCode: body.reasonCode,
        hasReason: body.reason !== null,
      };
      const ofDelivery = byDelivery.get(deliveryNo) ?? [];
      if (lineNo !== null) return [{ deliveryNo, lineNo, row: ofDelivery.find((row) => row.line_no === lineNo), input }];
      const meant = ofDelivery.filter(isMeant);
      if (meant.length === 0) return [{ deliveryNo, lineNo, row: undefined, input }];
      return meant.map((row) => ({ deliveryNo, lineNo: row.line_no, row, input }));
    },
  );
}

import { linesToPrint, ordersToPrint, printsOf } from '../../db/printing/find.ts';
import type { Example } from './example.ts';

export const printingExamples: readonly Example[] = [
  {
    of: 'db/printing/find.ts linesToPrint',
    what: 'a delivery with all its lines, and one line of another',
    run: (query) =>
      linesToPrint(
        query,
        [
          { deliveryNo: 'D261123000001', lineNo: null },
          { deliveryNo: 'D261123000002', lineNo: 1 },
        ],
        5_001,
      ),
    indexes: ['delivery_lines_pkey', 'order_lines_pkey'],
  },
  {
    of: 'db/printing/find.ts ordersToPrint',
    what: 'the orders of what is printed',
    run: (query) => ordersToPrint(query, ['S20261123-0001', 'S20261123-0002']),
    indexes: ['orders_pkey'],
  },
  {
    of: 'db/printing/find.ts printsOf',
    what: 'what was printed of a delivery',
    run: (query) => printsOf(query, 'D261123000001', 50),
    indexes: ['prints_delivery'],
  },
];

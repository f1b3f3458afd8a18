import {
  type Arbitrary,
  array,
  boolean,
  constant,
  constantFrom,
  dictionary,
  double,
  integer,
  oneof,
  option,
  record,
  sample,
  string,
  stringMatching,
  tuple,
} from 'fast-check';
import { safeParse, type z } from 'zod';

type Schema = z.core.$ZodTypes;
type Checks = readonly { _zod: { def: object } }[] | undefined;

/** Texts at the edges of what schemas, JSON, JavaScript's Date and PostgreSQL can hold. */
export const edgeTexts = [
  ...['', ' ', '0', '1', '7', '007', '-1', '1.5', '1e9', '2147483647', '2147483648', '9007199254740991', '9007199254740993'],
  ...[
    '999999999999999',
    '99999999999999999999',
    'NaN',
    'null',
    'true',
    'false',
    '*',
    '[]',
    '{}',
    'a/b',
    '../..',
    '%00',
    '%ff',
    '%',
  ],
  ...[
    'a\u0000b',
    '\u0000',
    'a\ud800b',
    '\udfff',
    '\u200b',
    '\ufeff x',
    '\u00a0',
    '가\u1100\u1161',
    '🎁👨‍👩‍👧',
    '\u202e',
    '‮',
    'ß'.repeat(60),
  ],
  ...[
    'x'.repeat(1_100),
    '가'.repeat(500),
    `${'🎁'.repeat(150)}x`,
    "'; drop table orders; --",
    '\\',
    '"',
    '\t\r\n',
    'toString',
    '__proto__',
  ],
  ...['1900-01-01', '1899-12-31', '2999-12-31', '3000-01-01', '2024-02-29', '2026-02-29', '0000-01-01', '9999-12-31'],
  ...['1900-01-01T00:00:00+09:00', '1899-12-31T15:00:00Z', '1900-01-01T00:00:00+08:27', '1900-01-01T00:00', '1987-05-10T02:30'],
  ...['2999-12-31T23:59:59-23:59', '2999-12-31T14:59:59.999Z', '2999-12-31T23:59:59', '2026-11-23T09:00:00.123456789+14:00'],
  ...['0001-01-01T00:00:00Z', '9999-12-31T23:59:59-10:00', '2026-11-23T09:00:00-00:00', '2026-11-23T24:00:00Z'],
  ...['12345', '06236', 'kim@example.com', '010-1234-5678', '04', '6812-3456-7890', '2026-11-23', '2026-11-23T09:00:00Z'],
] as const;
export const edgeNumbers = [
  ...[0, 1, -1, 0.5, 9_999, 10_000, 2 ** 31 - 1, 2 ** 31, 2 ** 53 - 1, 2 ** 53, 1e21, -(2 ** 31), 1_000_000_000, 1e-7],
] as const;

const anyText = oneof(
  { weight: 3, arbitrary: constantFrom(...edgeTexts) },
  { weight: 1, arbitrary: string({ maxLength: 20 }) },
  { weight: 1, arbitrary: string({ unit: 'binary', maxLength: 20 }) },
);
// JSON has no -0: what is stored of it is 0.
const anyNumber = oneof(
  constantFrom(...edgeNumbers),
  integer({ min: 0, max: 2_000 }),
  double({ noNaN: true, noDefaultInfinity: true }),
).map((number) => number + 0);

const patternsOf = (schema: Schema): RegExp[] => {
  const { format, pattern, checks } = schema._zod.def as { format?: string; pattern?: RegExp; checks?: Checks };
  const own = format && pattern ? [pattern] : [];
  const checked = (checks ?? []).flatMap(({ _zod: { def } }) =>
    'pattern' in def && def.pattern instanceof RegExp ? [def.pattern] : [],
  );
  return [...own, ...checked];
};

/** Texts of a pattern; fast-check cannot make those of every pattern (no lookahead, no \s), and then there are the edges. */
function matching(pattern: RegExp): Arbitrary<string>[] {
  try {
    return [stringMatching(new RegExp(pattern.source, pattern.flags.replace(/[^u]/g, '')))];
  } catch {
    return [];
  }
}

/** A value without parts. */
function isLeaf({ _zod: { def } }: Schema): boolean {
  if (def.type === 'object' || def.type === 'array' || def.type === 'tuple') return false;
  if (def.type === 'optional' || def.type === 'nullable' || def.type === 'default') return isLeaf(def.innerType as Schema);
  if (def.type === 'union') return def.options.every((option) => isLeaf(option as Schema));
  return def.type === 'pipe' ? isLeaf(def.in as Schema) && isLeaf(def.out as Schema) : true;
}

const TRIED = 400;
/** Of what is tried, only what the schema takes, as far as something fits; what it refuses says nothing about its output. */
function fitting(schema: Schema, arbitrary: Arbitrary<unknown>): Arbitrary<unknown> {
  const fit = sample(arbitrary, TRIED).filter((value) => safeParse(schema, value).success);
  return fit.length > 0 ? constantFrom(...fit) : arbitrary;
}

/** Inputs for a schema of zod: mostly such as it takes, with everything that stands at an edge. */
export function inputOf(given: z.core.$ZodType, isFitting = true): Arbitrary<unknown> {
  const schema = given as Schema;
  const inner = (next: z.core.$ZodType) => inputOf(next, isFitting);
  const raw = ((): Arbitrary<unknown> => {
    const { def } = schema._zod;
    switch (def.type) {
      case 'string':
        return oneof(anyText, ...patternsOf(schema).flatMap(matching));
      case 'number':
        return anyNumber;
      case 'boolean':
        return boolean();
      case 'literal':
        return constantFrom(...def.values);
      case 'enum':
        return constantFrom(...Object.values(def.entries));
      case 'date':
        return constant(new Date('2026-11-23T00:00:00Z'));
      case 'object': {
        const shape = Object.entries(def.shape);
        return record(Object.fromEntries(shape.map(([name, field]) => [name, inner(field)]))).map((value) =>
          Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)),
        );
      }
      case 'record':
        return dictionary(inner(def.keyType) as Arbitrary<string>, inner(def.valueType as z.core.$ZodType), { maxKeys: 3 });
      case 'array':
        return array(inner(def.element), { minLength: 1, maxLength: 3 });
      case 'tuple':
        return tuple(...def.items.map(inner));
      case 'union':
        return oneof(...def.options.map(inner));
      case 'optional':
        return option(inner(def.innerType), { nil: undefined });
      case 'nullable':
        return option(inner(def.innerType), { nil: null });
      case 'default':
        return option(inner(def.innerType), { nil: undefined });
      case 'pipe':
        return (def.in as Schema)._zod.def.type === 'transform' ? inner(def.out) : inner(def.in);
      case 'custom':
        return constant(new File(['배송번호'], '출고.csv'));
      default:
        throw new Error(`no inputs are made for a schema of type ${def.type} yet`);
    }
  })();
  return isFitting && isLeaf(schema) ? fitting(schema, raw) : raw;
}

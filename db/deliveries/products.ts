import { sql } from 'kysely';
import { anyOf, type Condition } from '../lists.ts';
import type { Query } from '../statement.ts';
import type { FoundFilter, LineFilter } from './filter.ts';
import { line } from './line.ts';

/** What was sold under a name with this part in it. */
export interface Sold {
  part: string;
  /** Products with such a name; null = too many to be told. */
  products: number[] | null;
  /** Those of them that were called otherwise as well, and their lines: those under such a name and the others; null = many. */
  others: number[];
  under: Lines | null;
  notUnder: Lines | null;
}
type Lines = { order_no: string; line_no: number }[];

/** A word that more products have is in many lines, so a walk along the list soon fills its page. */
const MANY_PRODUCTS = 5_000;

const like = (part: string): string => `%${part.replace(/[\\%_]/g, '\\$&')}%`;

interface Named {
  product_id: number;
  names: string[];
  otherwise: string[] | null;
}

/** The filter with its part of a product's name looked up, and up to `mostLines` lines; null = nothing was sold under such a name. */
export async function withProducts(
  query: Query,
  { productName: part, ...filter }: LineFilter,
  mostLines: number,
): Promise<FoundFilter | null> {
  if (part === undefined) return filter;
  const found = await query(sql<Named>`
    select product_id, array_agg(product_name) filter (where is_so) as names, array_agg(product_name) filter (where not is_so) as otherwise
      from (select n.*, n.product_name ilike ${like(part)} as is_so from product_names n where n.product_id in (
        select s.product_id from product_names s
         where letter_pairs(s.product_name) @> letter_pairs(${part}) and s.product_name ilike ${like(part)})) named
     group by product_id limit ${MANY_PRODUCTS + 1}`);
  if (found.length === 0) return null;
  if (found.length > MANY_PRODUCTS) return { ...filter, sold: { part, products: null, others: [], under: null, notUnder: null } };
  const twofold = found.filter(({ otherwise }) => otherwise !== null);
  const others = twofold.map(({ product_id }) => product_id);
  // Only what is few is told: all that was found, or else what was not, or else what was found besides the products without another name.
  const isAll = others.length === found.length;
  const named = (names: string[]) => linesNamed(query, others, names, mostLines);
  const so = () => named(twofold.flatMap(({ names }) => names));
  const all = isAll ? await so() : null;
  const notUnder = all ? null : await named(twofold.flatMap(({ otherwise }) => otherwise ?? []));
  const under = isAll || notUnder ? all : await so();
  return { ...filter, sold: { part, products: found.map(({ product_id }) => product_id), others, under, notUnder } };
}

/** Lines of these products under these names, if they are few. Name by name: for many names at once the whole table would be read. */
async function linesNamed(query: Query, products: number[], names: string[], most: number): Promise<Lines | null> {
  if (products.length === 0) return [];
  const lines = await query(sql<Lines[number]>`
    select l.order_no, l.line_no
      from unnest(${[...new Set(names)]}::text[]) n (product_name)
      cross join lateral (select order_no, line_no from order_lines
        where product_name = n.product_name and product_id = any(${products}) limit ${most + 1}) l
     limit ${most + 1}`);
  return lines.length > most ? null : lines;
}

/** The few lines that are all that was found, if so. */
export const isOfFewSold = ({ products, others, under }: Sold): Condition[] =>
  products?.length === others.length && under ? [isOneOf(under)] : [];

/** The lines that were sold so. */
export function isSold({ part, products, others, under, notUnder }: Sold): Condition {
  if (products === null) return isSoldAs(part);
  const isAny = line('product_id', '=', anyOf(products));
  if (others.length === 0) return isAny;
  if (notUnder) return line.and([isAny, line.not(isOneOf(notUnder))]);
  if (!under) return line.and([isAny, isSoldAs(part)]);
  const twofold = new Set(others);
  const always = products.filter((product) => !twofold.has(product));
  return line.and([isAny, line.or([line('product_id', '=', anyOf(always)), isOneOf(under)])]);
}

/** Looked up for each line at hand (`offset 0`); the key has other names there, so that `order_no` and `line_no` are the line's. */
const isSoldAs = (part: string): Condition =>
  sql`exists (select from order_lines p (of_order, of_line)
    where of_order = order_no and of_line = line_no and p.product_name ilike ${like(part)} offset 0)`;

const isOneOf = (lines: Lines): Condition =>
  sql`(order_no, line_no) in (select * from unnest(${lines.map(({ order_no }) => order_no)}::text[], ${lines.map(({ line_no }) => line_no)}::int[]))`;

import {
  countAssemblies,
  countPlans,
  countProducts,
  countStockouts,
  findAssemblies,
  findLedger,
  findPlans,
  findProducts,
  findStockouts,
} from '../../db/assembly/list.ts';
import type { Query } from '../../db/statement.ts';
import type { Example } from './example.ts';

const MEMBER = 70;
const MATERIALS = 'assembly_materials_assembly_product_uid_shipping_product_id_key';
const list = (name: string, what: string, run: (query: Query) => Promise<unknown>, ...indexes: string[]): Example => ({
  of: `db/assembly/list.ts ${name}`,
  what,
  run,
  indexes,
});

const products = [
  list(
    'findProducts',
    'a page of everybody’s',
    (query) => findProducts(query, { member: null, ids: null }, 100, 100),
    'shipping_products_pkey',
    'delivery_lines_released',
  ),
  list(
    'findProducts',
    'a page of one member’s',
    (query) => findProducts(query, { member: MEMBER, ids: null }, 0, 100),
    'shipping_products_member',
  ),
  list(
    'findProducts',
    'those with these ids',
    (query) => findProducts(query, { member: null, ids: [43838, 43839] }, 0, 100),
    'shipping_products_pkey',
  ),
  list(
    'findProducts',
    'those of a member alone, which no one has confirmed for orders',
    (query) => findProducts(query, { member: null, ids: null, forOrders: false }, 0, 100),
    'shipping_products_pkey',
  ),
  list(
    'countProducts',
    'one member’s',
    (query) => countProducts(query, { member: MEMBER, ids: null }),
    'shipping_products_member',
  ),
];

const assemblies = [
  list(
    'findAssemblies',
    'a page of one member’s',
    (query) => findAssemblies(query, { member: MEMBER, uids: null }, 0, 100),
    'assembly_products_member',
    MATERIALS,
  ),
  list(
    'findAssemblies',
    'those with these uids',
    (query) => findAssemblies(query, { member: null, uids: [91, 92] }, 0, 100),
    'assembly_products_pkey',
  ),
  list(
    'countAssemblies',
    'one member’s',
    (query) => countAssemblies(query, { member: MEMBER, uids: null }),
    'assembly_products_member',
  ),
];

const plans = [
  list('findPlans', 'the newest of all', (query) => findPlans(query, { member: null }, 0, 100), 'assembly_plans_pkey'),
  list(
    'findPlans',
    'the newest of one member',
    (query) => findPlans(query, { member: MEMBER }, 0, 100),
    'assembly_plans_member',
    'assembly_plan_materials_pkey',
    MATERIALS,
  ),
  list(
    'findPlans',
    'the newest of one assembly product',
    (query) => findPlans(query, { member: null, productUid: 91 }, 0, 100),
    'assembly_plans_product',
  ),
  list(
    'findPlans',
    'the newest of one state, overdue',
    (query) => findPlans(query, { member: null, state: 'inProgress', overdue: true }, 0, 100),
    'assembly_plans_state',
  ),
  list('findPlans', 'one plan', (query) => findPlans(query, { member: null, uids: [12] }, 0, 1), 'assembly_plans_pkey'),
  list('countPlans', 'of one state', (query) => countPlans(query, { member: null, state: 'planned' }), 'assembly_plans_state'),
];

export const assemblyExamples: readonly Example[] = [
  ...products,
  ...assemblies,
  ...plans,
  list('findLedger', 'of one product, newest first', (query) => findLedger(query, 43838, 0, 100), 'stock_ledger_product'),
  list(
    'findStockouts',
    'the first page',
    (query) => findStockouts(query, { after: 0, descending: false, limit: 51, onlyWaiting: false }),
    'delivery_lines_waiting',
    'shipping_products_shortfall',
    'assembly_products_shipping_product_id_key',
    MATERIALS,
    'assembly_plans_open',
    'delivery_lines_released',
  ),
  list(
    'findStockouts',
    'a further page, the highest product first',
    (query) => findStockouts(query, { after: 43_897, descending: true, limit: 51, onlyWaiting: false }),
    'delivery_lines_waiting',
    'shipping_products_shortfall',
  ),
  list(
    'findStockouts',
    'those that lines wait for alone',
    (query) => findStockouts(query, { after: 0, descending: false, limit: 51, onlyWaiting: true }),
    'delivery_lines_waiting',
  ),
  list(
    'countStockouts',
    'counted up to a bound',
    (query) => countStockouts(query, false, 10_001),
    'delivery_lines_waiting',
    'shipping_products_shortfall',
  ),
  list('countStockouts', 'those that lines wait for', (query) => countStockouts(query, true, 10_001), 'delivery_lines_waiting'),
];

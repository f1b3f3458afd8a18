import { sql } from 'kysely';
import { carriers } from '../../domain/carriers.ts';
import { koreanDay } from '../../domain/korea.ts';
import type { NoticeType } from '../../domain/notices/notice.ts';
import type { NoticeRule, NoticeValues } from '../../domain/notices/rule.ts';
import type { NoticeFacts } from '../../domain/notices/verdict.ts';
import type { Query } from '../statement.ts';

interface FactsRow {
  since: Date;
  now: Date;
  happened_at: Date;
  taken_back: boolean;
  undone: boolean;
  type: NoticeType;
  data: { deliveryNo?: string; pickupNo?: string; claimNo?: string; carrierCode?: string | null; waybillNo?: string | null };
  expected_on: string | null;
  order_no: string;
  known_order: string | null;
  receiver_name: string | null;
  receiver_phone: string | null;
  orderer_name: string | null;
  channel: string | null;
  notices: boolean | null;
  rule: Pick<NoticeRule, 'templateCode' | 'text' | 'variables' | 'enabled'> | null;
  goods: { product_name: string; option_name: string | null; quantity: number }[];
}

/** The key of the notice's event, by which those of its subject are told apart in time; null = it is no longer kept. */
const ownKey = sql`(select o.key from events o where o.id = n.event_id limit 1)`;

/**
 * What a notice's message is made of, read at the moment it is sent: the receiver may have changed, and name and phone are kept
 * nowhere but with the order.
 */
export async function factsOfNotice(query: Query, id: number): Promise<NoticeFacts | undefined> {
  const [row] = await query(sql<FactsRow>`
    select coalesce(n.resent_at, n.happened_at) as since, now() as now, n.happened_at, n.type, n.data, n.order_no,
           n.data ->> 'expectedOn' as expected_on,
           exists (select from events c where c.subject = n.subject and c.corrects = ${ownKey}) as taken_back,
           exists (select from events u where u.subject = n.subject and u.type in ('delivery.undone', 'delivery.reopened')
                      and u.corrects is null and u.key > ${ownKey}) as undone,
           o.order_no as known_order, o.receiver_name, o.receiver_phone, o.orderer_name, o.channel, o.notices,
           case when r.type is not null then jsonb_build_object('templateCode', r.template_code, 'text', r.text,
             'variables', r.variables, 'enabled', r.enabled) end as rule,
           (select coalesce(jsonb_agg(jsonb_build_object('product_name', p.product_name, 'option_name', p.option_name,
                     'quantity', g.quantity) order by p.line_no), '[]')
              from (select (n.data ->> 'lineNo')::integer as line_no, (n.data ->> 'validQuantity')::integer as quantity
                     where n.data ? 'lineNo'
                    union all
                    select (i ->> 'lineNo')::integer, (i ->> 'quantity')::integer from jsonb_array_elements(n.data -> 'items') i) g
              join order_lines p on p.order_no = n.order_no and p.line_no = g.line_no) as goods
      from notices n
      left join orders o on o.order_no = n.order_no
      left join notice_rules r on r.type = n.type
     where n.id = ${id}`);
  if (!row) return undefined;
  const { type, since, now, rule, notices } = row;
  return {
    ...{ since, now, takenBack: row.taken_back, undone: row.undone },
    rule: rule && { type, ...rule },
    order: row.known_order === null ? null : { phone: row.receiver_phone ?? '', wantsNotices: notices ?? true },
    values: valuesOf(row),
  };
}

function valuesOf({ data, goods, ...row }: FactsRow): NoticeValues {
  const [first] = goods;
  const more = goods.length > 1 ? ` 외 ${goods.length - 1}건` : '';
  return {
    receiverName: row.receiver_name,
    ordererName: row.orderer_name,
    orderNo: row.order_no,
    channel: row.channel,
    deliveryNo: data.deliveryNo ?? null,
    pickupNo: data.pickupNo ?? null,
    claimNo: data.claimNo ?? null,
    productName: first ? `${first.product_name}${more}` : null,
    optionName: first?.option_name ?? null,
    quantity: goods.length === 0 ? null : String(goods.reduce((sum, { quantity }) => sum + quantity, 0)),
    carrierName: carriers.find(({ code }) => code === data.carrierCode)?.name ?? null,
    waybillNo: data.waybillNo ?? null,
    expectedOn: row.expected_on,
    happenedOn: koreanDay(row.happened_at),
  };
}

-- Written by `npm run docs` from docs/statements: every list statement, as it is sent, for the eyes of a reviewer.
-- $1, $2 … are bound values. test/structure/statements.test.ts fails when this file is stale.

-- db/deliveries/list.ts findLines: the newest orders first
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        "valid_quantity" > 0
        and "state" <> 'canceled'
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $1
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: one state, a further page
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          (
            "valid_quantity" > 0
            and "state" <> 'canceled'
          )
          and "state" = 'released'
        )
        and ("l"."ordered_at", "l"."delivery_no") <= ($1::timestamptz, $2)
        and (
          ("l"."ordered_at", "l"."delivery_no") <> ($3::timestamptz, $4)
          or l.line_no > $5
        )
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $6
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: two states, each in order of its own
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      (
        (
          select
            *
          from
            delivery_lines as "l"
          where
            (
              (
                "valid_quantity" > 0
                and "state" <> 'canceled'
              )
              and "state" = 'released'
            )
          order by
            "l"."ordered_at" desc,
            "l"."delivery_no" desc,
            l.line_no
          limit
            $1
        )
        union all
        (
          select
            *
          from
            delivery_lines as "l"
          where
            (
              (
                "valid_quantity" > 0
                and "state" <> 'canceled'
              )
              and "state" = 'shipped'
            )
          order by
            "l"."ordered_at" desc,
            "l"."delivery_no" desc,
            l.line_no
          limit
            $2
        )
      ) as "l"
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $3
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: by the day of order
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "ordered_at" >= $1
        and "ordered_at" < $2
      )
    order by
      "l"."ordered_at" asc,
      "l"."delivery_no" asc,
      l.line_no
    limit
      $3
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."ordered_at" asc,
  "l"."delivery_no" asc,
  l.line_no;

-- db/deliveries/list.ts findLines: the latest 배송지시 first, then the lines without one
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "instructed_at" is not null
      )
    order by
      "l"."instructed_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $1
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."instructed_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: the latest 배송지시 first, then the lines without one
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "instructed_at" is null
      )
    order by
      "l"."delivery_no" desc,
      l.line_no
    limit
      $1
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: the latest 출고지시 first
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "released_at" is not null
        and ("l"."released_at", "l"."delivery_no") <= ($1::timestamptz, $2)
        and (
          ("l"."released_at", "l"."delivery_no") <> ($3::timestamptz, $4)
          or l.line_no > $5
        )
      )
    order by
      "l"."released_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $6
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."released_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: the latest 출고지시 first
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "released_at" is null
      )
    order by
      "l"."delivery_no" desc,
      l.line_no
    limit
      $1
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: shipped within some days
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          (
            "valid_quantity" > 0
            and "state" <> 'canceled'
          )
          and "shipped_at" >= $1
          and "shipped_at" < $2
        )
        and "shipped_at" is not null
        and ("l"."shipped_at", "l"."delivery_no") <= ($3::timestamptz, $4)
        and (
          ("l"."shipped_at", "l"."delivery_no") <> ($5::timestamptz, $6)
          or l.line_no > $7
        )
      )
    order by
      "l"."shipped_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $8
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."shipped_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: shipped within some days
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          (
            "valid_quantity" > 0
            and "state" <> 'canceled'
          )
          and "shipped_at" >= $1
          and "shipped_at" < $2
        )
        and "shipped_at" is null
      )
    order by
      "l"."delivery_no" desc,
      l.line_no
    limit
      $3
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: the latest 배송완료 first
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "delivered_at" is not null
        and ("l"."delivered_at", "l"."delivery_no") <= ($1::timestamptz, $2)
        and (
          ("l"."delivered_at", "l"."delivery_no") <> ($3::timestamptz, $4)
          or l.line_no > $5
        )
      )
    order by
      "l"."delivered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $6
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."delivered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: the latest 배송완료 first
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "delivered_at" is null
      )
    order by
      "l"."delivery_no" desc,
      l.line_no
    limit
      $1
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: what is due first, then what has no day
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "dispatch_due_on" is not null
        and ("l"."dispatch_due_on", "l"."delivery_no") >= ($1::date, $2)
        and (
          ("l"."dispatch_due_on", "l"."delivery_no") <> ($3::date, $4)
          or l.line_no > $5
        )
      )
    order by
      "l"."dispatch_due_on" asc,
      "l"."delivery_no" asc,
      l.line_no
    limit
      $6
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."dispatch_due_on" asc,
  "l"."delivery_no" asc,
  l.line_no;

-- db/deliveries/list.ts findLines: what is due first, then what has no day
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "dispatch_due_on" is null
      )
    order by
      "l"."delivery_no" asc,
      l.line_no
    limit
      $1
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."delivery_no" asc,
  l.line_no;

-- db/deliveries/list.ts findLines: of one state what is due first, a further page
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          (
            "valid_quantity" > 0
            and "state" <> 'canceled'
          )
          and "state" = 'ordered'
        )
        and "dispatch_due_on" is not null
        and ("l"."dispatch_due_on", "l"."delivery_no") >= ($1::date, $2)
        and (
          ("l"."dispatch_due_on", "l"."delivery_no") <> ($3::date, $4)
          or l.line_no > $5
        )
      )
    order by
      "l"."dispatch_due_on" asc,
      "l"."delivery_no" asc,
      l.line_no
    limit
      $6
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."dispatch_due_on" asc,
  "l"."delivery_no" asc,
  l.line_no;

-- db/deliveries/list.ts findLines: of one state what is due first, a further page
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          (
            "valid_quantity" > 0
            and "state" <> 'canceled'
          )
          and "state" = 'ordered'
        )
        and "dispatch_due_on" is null
      )
    order by
      "l"."delivery_no" asc,
      l.line_no
    limit
      $1
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."delivery_no" asc,
  l.line_no;

-- db/deliveries/list.ts findLines: late
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      (
        (
          select
            *
          from
            delivery_lines as "l"
          where
            (
              (
                (
                  "valid_quantity" > 0
                  and "state" <> 'canceled'
                )
                and "state" = 'ordered'
                and (
                  "delay_expected_on" is null
                  and "dispatch_due_on" < $1
                )
              )
              and "dispatch_due_on" is not null
              and ("l"."dispatch_due_on", "l"."delivery_no") >= ($2::date, $3)
              and (
                ("l"."dispatch_due_on", "l"."delivery_no") <> ($4::date, $5)
                or l.line_no > $6
              )
            )
          order by
            "l"."dispatch_due_on" asc,
            "l"."delivery_no" asc,
            l.line_no
          limit
            $7
        )
        union all
        (
          select
            *
          from
            delivery_lines as "l"
          where
            (
              (
                (
                  "valid_quantity" > 0
                  and "state" <> 'canceled'
                )
                and "state" = 'instructed'
                and (
                  "delay_expected_on" is null
                  and "dispatch_due_on" < $8
                )
              )
              and "dispatch_due_on" is not null
              and ("l"."dispatch_due_on", "l"."delivery_no") >= ($9::date, $10)
              and (
                ("l"."dispatch_due_on", "l"."delivery_no") <> ($11::date, $12)
                or l.line_no > $13
              )
            )
          order by
            "l"."dispatch_due_on" asc,
            "l"."delivery_no" asc,
            l.line_no
          limit
            $14
        )
        union all
        (
          select
            *
          from
            delivery_lines as "l"
          where
            (
              (
                (
                  "valid_quantity" > 0
                  and "state" <> 'canceled'
                )
                and "state" = 'released'
                and (
                  "delay_expected_on" is null
                  and "dispatch_due_on" < $15
                )
              )
              and "dispatch_due_on" is not null
              and ("l"."dispatch_due_on", "l"."delivery_no") >= ($16::date, $17)
              and (
                ("l"."dispatch_due_on", "l"."delivery_no") <> ($18::date, $19)
                or l.line_no > $20
              )
            )
          order by
            "l"."dispatch_due_on" asc,
            "l"."delivery_no" asc,
            l.line_no
          limit
            $21
        )
        union all
        (
          select
            *
          from
            delivery_lines as "l"
          where
            (
              (
                (
                  "valid_quantity" > 0
                  and "state" <> 'canceled'
                )
                and "state" = 'awaitingShipment'
                and (
                  "delay_expected_on" is null
                  and "dispatch_due_on" < $22
                )
              )
              and "dispatch_due_on" is not null
              and ("l"."dispatch_due_on", "l"."delivery_no") >= ($23::date, $24)
              and (
                ("l"."dispatch_due_on", "l"."delivery_no") <> ($25::date, $26)
                or l.line_no > $27
              )
            )
          order by
            "l"."dispatch_due_on" asc,
            "l"."delivery_no" asc,
            l.line_no
          limit
            $28
        )
      ) as "l"
    order by
      "l"."dispatch_due_on" asc,
      "l"."delivery_no" asc,
      l.line_no
    limit
      $29
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."dispatch_due_on" asc,
  "l"."delivery_no" asc,
  l.line_no;

-- db/deliveries/list.ts findLines: a promise missed
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      (
        select
          l.*
        from
          delivery_lines l
        where
          (
            "valid_quantity" > 0
            and "state" <> 'canceled'
          )
          and (
            "state" in ('ordered', 'instructed', 'released', 'awaitingShipment')
            and "delay_expected_on" < $1
          )
        offset
          0
      ) as "l"
    where
      (
        (
          (
            "valid_quantity" > 0
            and "state" <> 'canceled'
          )
          and (
            "state" in ('ordered', 'instructed', 'released', 'awaitingShipment')
            and "delay_expected_on" < $2
          )
        )
        and "dispatch_due_on" is not null
      )
    order by
      "l"."dispatch_due_on" asc,
      "l"."delivery_no" asc,
      l.line_no
    limit
      $3
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."dispatch_due_on" asc,
  "l"."delivery_no" asc,
  l.line_no;

-- db/deliveries/list.ts findLines: a promise missed
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      (
        select
          l.*
        from
          delivery_lines l
        where
          (
            "valid_quantity" > 0
            and "state" <> 'canceled'
          )
          and (
            "state" in ('ordered', 'instructed', 'released', 'awaitingShipment')
            and "delay_expected_on" < $1
          )
        offset
          0
      ) as "l"
    where
      (
        (
          (
            "valid_quantity" > 0
            and "state" <> 'canceled'
          )
          and (
            "state" in ('ordered', 'instructed', 'released', 'awaitingShipment')
            and "delay_expected_on" < $2
          )
        )
        and "dispatch_due_on" is null
      )
    order by
      "l"."delivery_no" asc,
      l.line_no
    limit
      $3
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."delivery_no" asc,
  l.line_no;

-- db/deliveries/list.ts findLines: due within some days, shipped or not
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          (
            "valid_quantity" > 0
            and "state" <> 'canceled'
          )
          and "dispatch_due_on" >= $1
          and "dispatch_due_on" <= $2
        )
        and "dispatch_due_on" is not null
        and ("l"."dispatch_due_on", "l"."delivery_no") <= ($3::date, $4)
        and (
          ("l"."dispatch_due_on", "l"."delivery_no") <> ($5::date, $6)
          or l.line_no > $7
        )
      )
    order by
      "l"."dispatch_due_on" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $8
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."dispatch_due_on" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: by number, a further page
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and ("l"."delivery_no") <= ($1)
        and (
          ("l"."delivery_no") <> ($2)
          or l.line_no > $3
        )
      )
    order by
      "l"."delivery_no" desc,
      l.line_no
    limit
      $4
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: one place
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "place_no" = $1
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $2
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: one way of delivery
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "method_code" = $1
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $2
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: one carrier
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "carrier_code" = $1
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $2
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: exchanges
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "kind" = 'exchange'
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $1
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: some orders, as people write their numbers
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      (
        select
          l.*
        from
          delivery_lines l
        where
          "order_no" = any (
            array(
              select
                o.order_no
              from
                orders o
              where
                number_key ("o"."order_no") = any ($1)
            )
          )
        offset
          0
      ) as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "order_no" = any (
          array(
            select
              o.order_no
            from
              orders o
            where
              number_key ("o"."order_no") = any ($2)
          )
        )
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $3
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: some deliveries
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      (
        select
          l.*
        from
          delivery_lines l
        where
          "delivery_no" = any (
            array(
              select
                d.delivery_no
              from
                deliveries d
              where
                number_key ("d"."delivery_no") = any ($1)
            )
          )
        offset
          0
      ) as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "delivery_no" = any (
          array(
            select
              d.delivery_no
            from
              deliveries d
            where
              number_key ("d"."delivery_no") = any ($2)
          )
        )
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $3
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: some waybills
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      (
        select
          l.*
        from
          delivery_lines l
        where
          "waybill_no" = any ($1)
        offset
          0
      ) as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "waybill_no" = any ($2)
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $3
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: one batch of work
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      (
        select
          l.*
        from
          delivery_lines l
        where
          (delivery_no, line_no) in (
            select
              b.delivery_no,
              b.line_no
            from
              work_batch_lines b
            where
              b.work_batch_no = $1
              and b.dropped_as is null
          )
        offset
          0
      ) as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and (delivery_no, line_no) in (
          select
            b.delivery_no,
            b.line_no
          from
            work_batch_lines b
          where
            b.work_batch_no = $2
            and b.dropped_as is null
        )
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $3
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: the beginning of a number
(
  select
    d.delivery_no
  from
    deliveries d
  where
    (
      number_key ("d"."delivery_no") ~>=~ $1
      and number_key ("d"."delivery_no") ~<~ $2
    )
  limit
    $3
)
union all
(
  select
    d.delivery_no
  from
    orders o
    join deliveries d on d.order_no = o.order_no
  where
    (
      number_key ("o"."order_no") ~>=~ $4
      and number_key ("o"."order_no") ~<~ $5
    )
  limit
    $6
)
union all
(
  select
    w.delivery_no
  from
    delivery_lines w
  where
    (
      "w"."waybill_no" ~>=~ $7
      and "w"."waybill_no" ~<~ $8
    )
  limit
    $9
);

-- db/deliveries/list.ts findLines: the beginning of a number
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      (
        select
          l.*
        from
          delivery_lines l
        where
          l.delivery_no = any ($1)
        offset
          0
      ) as "l"
    where
      (
        "valid_quantity" > 0
        and "state" <> 'canceled'
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $2
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: one product that waits for stock
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "state" = 'awaitingShipment'
        and "product_id" = $1
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $2
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: a part of a product name: the names
select
  product_id,
  array_agg(product_name) filter (
    where
      is_so
  ) as names,
  array_agg(product_name) filter (
    where
      not is_so
  ) as otherwise
from
  (
    select
      n.*,
      n.product_name ilike $1 as is_so
    from
      product_names n
    where
      n.product_id in (
        select
          s.product_id
        from
          product_names s
        where
          letter_pairs (s.product_name) @> letter_pairs ($2)
          and s.product_name ilike $3
      )
  ) named
group by
  product_id
limit
  $4;

-- db/deliveries/list.ts findLines: a part of a product name: lines of products that are called so
select
  product_id,
  array_agg(product_name) filter (
    where
      is_so
  ) as names,
  array_agg(product_name) filter (
    where
      not is_so
  ) as otherwise
from
  (
    select
      n.*,
      n.product_name ilike $1 as is_so
    from
      product_names n
    where
      n.product_id in (
        select
          s.product_id
        from
          product_names s
        where
          letter_pairs (s.product_name) @> letter_pairs ($2)
          and s.product_name ilike $3
      )
  ) named
group by
  product_id
limit
  $4;

-- db/deliveries/list.ts findLines: a part of a product name: lines of products that are called so
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "product_id" = any ($1)
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $2
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: a part of a product name: lines of a product that was also called otherwise
select
  product_id,
  array_agg(product_name) filter (
    where
      is_so
  ) as names,
  array_agg(product_name) filter (
    where
      not is_so
  ) as otherwise
from
  (
    select
      n.*,
      n.product_name ilike $1 as is_so
    from
      product_names n
    where
      n.product_id in (
        select
          s.product_id
        from
          product_names s
        where
          letter_pairs (s.product_name) @> letter_pairs ($2)
          and s.product_name ilike $3
      )
  ) named
group by
  product_id
limit
  $4;

-- db/deliveries/list.ts findLines: a part of a product name: lines of a product that was also called otherwise
select
  l.order_no,
  l.line_no
from
  unnest($1::text[]) n (product_name)
  cross join lateral (
    select
      order_no,
      line_no
    from
      order_lines
    where
      product_name = n.product_name
      and product_id = any ($2)
    limit
      $3
  ) l
limit
  $4;

-- db/deliveries/list.ts findLines: a part of a product name: lines of a product that was also called otherwise
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and (
          "product_id" = any ($1)
          and not (order_no, line_no) in (
            select
              *
            from
              unnest($2::text[], $3::int[])
          )
        )
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $4
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findDeliveries: the newest orders first
select
  *
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and not exists (
          select
          from
            delivery_lines as "o"
          where
            o.delivery_no = l.delivery_no
            and (coalesce("o"."ordered_at", '-infinity'), - o.line_no) > (coalesce("l"."ordered_at", '-infinity'), - l.line_no)
            and (
              "valid_quantity" > 0
              and "state" <> 'canceled'
            )
        )
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $1
  ) as "l"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findDeliveries: two states
select
  *
from
  (
    select
      *
    from
      (
        (
          select
            *
          from
            delivery_lines as "l"
          where
            (
              (
                (
                  "valid_quantity" > 0
                  and "state" <> 'canceled'
                )
                and "state" = 'released'
              )
              and not exists (
                select
                from
                  delivery_lines as "o"
                where
                  o.delivery_no = l.delivery_no
                  and (coalesce("o"."ordered_at", '-infinity'), - o.line_no) > (coalesce("l"."ordered_at", '-infinity'), - l.line_no)
                  and (
                    (
                      "valid_quantity" > 0
                      and "state" <> 'canceled'
                    )
                    and state = any ($1)
                  )
              )
            )
          order by
            "l"."ordered_at" desc,
            "l"."delivery_no" desc,
            l.line_no
          limit
            $2
        )
        union all
        (
          select
            *
          from
            delivery_lines as "l"
          where
            (
              (
                (
                  "valid_quantity" > 0
                  and "state" <> 'canceled'
                )
                and "state" = 'shipped'
              )
              and not exists (
                select
                from
                  delivery_lines as "o"
                where
                  o.delivery_no = l.delivery_no
                  and (coalesce("o"."ordered_at", '-infinity'), - o.line_no) > (coalesce("l"."ordered_at", '-infinity'), - l.line_no)
                  and (
                    (
                      "valid_quantity" > 0
                      and "state" <> 'canceled'
                    )
                    and state = any ($3)
                  )
              )
            )
          order by
            "l"."ordered_at" desc,
            "l"."delivery_no" desc,
            l.line_no
          limit
            $4
        )
      ) as "l"
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $5
  ) as "l"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findDeliveries: the latest shipped first
select
  *
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and not exists (
          select
          from
            delivery_lines as "o"
          where
            o.delivery_no = l.delivery_no
            and (coalesce("o"."shipped_at", '-infinity'), - o.line_no) > (coalesce("l"."shipped_at", '-infinity'), - l.line_no)
            and (
              "valid_quantity" > 0
              and "state" <> 'canceled'
            )
        )
        and "shipped_at" is not null
        and ("l"."shipped_at", "l"."delivery_no") <= ($1::timestamptz, $2)
        and (
          ("l"."shipped_at", "l"."delivery_no") <> ($3::timestamptz, $4)
          or l.line_no > $5
        )
      )
    order by
      "l"."shipped_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $6
  ) as "l"
order by
  "l"."shipped_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findDeliveries: the latest shipped first
select
  *
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and not exists (
          select
          from
            delivery_lines as "o"
          where
            o.delivery_no = l.delivery_no
            and (coalesce("o"."shipped_at", '-infinity'), - o.line_no) > (coalesce("l"."shipped_at", '-infinity'), - l.line_no)
            and (
              "valid_quantity" > 0
              and "state" <> 'canceled'
            )
        )
        and "shipped_at" is null
      )
    order by
      "l"."delivery_no" desc,
      l.line_no
    limit
      $1
  ) as "l"
order by
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findDeliveries: what is due today first
select
  *
from
  (
    select
      *
    from
      (
        (
          select
            *
          from
            delivery_lines as "l"
          where
            (
              (
                (
                  "valid_quantity" > 0
                  and "state" <> 'canceled'
                )
                and "state" = 'ordered'
                and (
                  "delay_expected_on" is null
                  and "dispatch_due_on" = $1
                )
              )
              and not exists (
                select
                from
                  (
                    select
                      *
                    from
                      delivery_lines b
                    where
                      b.delivery_no = l.delivery_no
                    offset
                      0
                  ) as "o"
                where
                  o.delivery_no = l.delivery_no
                  and (coalesce("o"."dispatch_due_on", 'infinity'), o.line_no) < (coalesce("l"."dispatch_due_on", 'infinity'), l.line_no)
                  and (
                    (
                      "valid_quantity" > 0
                      and "state" <> 'canceled'
                    )
                    and (
                      "state" in ('ordered', 'instructed', 'released', 'awaitingShipment')
                      and "delay_expected_on" is null
                      and "dispatch_due_on" = $2
                    )
                  )
              )
              and "dispatch_due_on" is not null
            )
          order by
            "l"."dispatch_due_on" asc,
            "l"."delivery_no" asc,
            l.line_no
          limit
            $3
        )
        union all
        (
          select
            *
          from
            delivery_lines as "l"
          where
            (
              (
                (
                  "valid_quantity" > 0
                  and "state" <> 'canceled'
                )
                and "state" = 'instructed'
                and (
                  "delay_expected_on" is null
                  and "dispatch_due_on" = $4
                )
              )
              and not exists (
                select
                from
                  (
                    select
                      *
                    from
                      delivery_lines b
                    where
                      b.delivery_no = l.delivery_no
                    offset
                      0
                  ) as "o"
                where
                  o.delivery_no = l.delivery_no
                  and (coalesce("o"."dispatch_due_on", 'infinity'), o.line_no) < (coalesce("l"."dispatch_due_on", 'infinity'), l.line_no)
                  and (
                    (
                      "valid_quantity" > 0
                      and "state" <> 'canceled'
                    )
                    and (
                      "state" in ('ordered', 'instructed', 'released', 'awaitingShipment')
                      and "delay_expected_on" is null
                      and "dispatch_due_on" = $5
                    )
                  )
              )
              and "dispatch_due_on" is not null
            )
          order by
            "l"."dispatch_due_on" asc,
            "l"."delivery_no" asc,
            l.line_no
          limit
            $6
        )
        union all
        (
          select
            *
          from
            delivery_lines as "l"
          where
            (
              (
                (
                  "valid_quantity" > 0
                  and "state" <> 'canceled'
                )
                and "state" = 'released'
                and (
                  "delay_expected_on" is null
                  and "dispatch_due_on" = $7
                )
              )
              and not exists (
                select
                from
                  (
                    select
                      *
                    from
                      delivery_lines b
                    where
                      b.delivery_no = l.delivery_no
                    offset
                      0
                  ) as "o"
                where
                  o.delivery_no = l.delivery_no
                  and (coalesce("o"."dispatch_due_on", 'infinity'), o.line_no) < (coalesce("l"."dispatch_due_on", 'infinity'), l.line_no)
                  and (
                    (
                      "valid_quantity" > 0
                      and "state" <> 'canceled'
                    )
                    and (
                      "state" in ('ordered', 'instructed', 'released', 'awaitingShipment')
                      and "delay_expected_on" is null
                      and "dispatch_due_on" = $8
                    )
                  )
              )
              and "dispatch_due_on" is not null
            )
          order by
            "l"."dispatch_due_on" asc,
            "l"."delivery_no" asc,
            l.line_no
          limit
            $9
        )
        union all
        (
          select
            *
          from
            delivery_lines as "l"
          where
            (
              (
                (
                  "valid_quantity" > 0
                  and "state" <> 'canceled'
                )
                and "state" = 'awaitingShipment'
                and (
                  "delay_expected_on" is null
                  and "dispatch_due_on" = $10
                )
              )
              and not exists (
                select
                from
                  (
                    select
                      *
                    from
                      delivery_lines b
                    where
                      b.delivery_no = l.delivery_no
                    offset
                      0
                  ) as "o"
                where
                  o.delivery_no = l.delivery_no
                  and (coalesce("o"."dispatch_due_on", 'infinity'), o.line_no) < (coalesce("l"."dispatch_due_on", 'infinity'), l.line_no)
                  and (
                    (
                      "valid_quantity" > 0
                      and "state" <> 'canceled'
                    )
                    and (
                      "state" in ('ordered', 'instructed', 'released', 'awaitingShipment')
                      and "delay_expected_on" is null
                      and "dispatch_due_on" = $11
                    )
                  )
              )
              and "dispatch_due_on" is not null
            )
          order by
            "l"."dispatch_due_on" asc,
            "l"."delivery_no" asc,
            l.line_no
          limit
            $12
        )
      ) as "l"
    order by
      "l"."dispatch_due_on" asc,
      "l"."delivery_no" asc,
      l.line_no
    limit
      $13
  ) as "l"
order by
  "l"."dispatch_due_on" asc,
  "l"."delivery_no" asc,
  l.line_no;

-- db/deliveries/list.ts findDeliveries: a receiver by name
select
  *
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          (
            "valid_quantity" > 0
            and "state" <> 'canceled'
          )
          and "order_no" in (
            select
              "order_no"
            from
              "orders"
            where
              "receiver_name" = $1
          )
        )
        and not exists (
          select
          from
            delivery_lines as "o"
          where
            o.delivery_no = l.delivery_no
            and (coalesce("o"."ordered_at", '-infinity'), - o.line_no) > (coalesce("l"."ordered_at", '-infinity'), - l.line_no)
            and (
              "valid_quantity" > 0
              and "state" <> 'canceled'
            )
        )
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $2
  ) as "l"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findDeliveries: an orderer by name
select
  *
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          (
            "valid_quantity" > 0
            and "state" <> 'canceled'
          )
          and "order_no" in (
            select
              "order_no"
            from
              "orders"
            where
              "orderer_name" = $1
          )
        )
        and not exists (
          select
          from
            delivery_lines as "o"
          where
            o.delivery_no = l.delivery_no
            and (coalesce("o"."ordered_at", '-infinity'), - o.line_no) > (coalesce("l"."ordered_at", '-infinity'), - l.line_no)
            and (
              "valid_quantity" > 0
              and "state" <> 'canceled'
            )
        )
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $2
  ) as "l"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findDeliveries: a telephone number
select
  *
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          (
            "valid_quantity" > 0
            and "state" <> 'canceled'
          )
          and "order_no" in (
            select
              "order_no"
            from
              "orders"
            where
              (
                phone_keys (receiver_phone) @> array[$1]
                or phone_keys (orderer_phone) @> array[$2]
              )
          )
        )
        and not exists (
          select
          from
            delivery_lines as "o"
          where
            o.delivery_no = l.delivery_no
            and (coalesce("o"."ordered_at", '-infinity'), - o.line_no) > (coalesce("l"."ordered_at", '-infinity'), - l.line_no)
            and (
              "valid_quantity" > 0
              and "state" <> 'canceled'
            )
        )
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $3
  ) as "l"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findDeliveries: the end of a telephone number
select
  *
from
  (
    select
      *
    from
      delivery_lines as "l"
    where
      (
        (
          (
            "valid_quantity" > 0
            and "state" <> 'canceled'
          )
          and "order_no" in (
            select
              "order_no"
            from
              "orders"
            where
              (
                phone_keys (receiver_phone) @> array[$1]
                or phone_keys (orderer_phone) @> array[$2]
              )
          )
        )
        and not exists (
          select
          from
            delivery_lines as "o"
          where
            o.delivery_no = l.delivery_no
            and (coalesce("o"."ordered_at", '-infinity'), - o.line_no) > (coalesce("l"."ordered_at", '-infinity'), - l.line_no)
            and (
              "valid_quantity" > 0
              and "state" <> 'canceled'
            )
        )
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $3
  ) as "l"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findDeliveries: the beginning of a number
(
  select
    d.delivery_no
  from
    deliveries d
  where
    (
      number_key ("d"."delivery_no") ~>=~ $1
      and number_key ("d"."delivery_no") ~<~ $2
    )
  limit
    $3
)
union all
(
  select
    d.delivery_no
  from
    orders o
    join deliveries d on d.order_no = o.order_no
  where
    (
      number_key ("o"."order_no") ~>=~ $4
      and number_key ("o"."order_no") ~<~ $5
    )
  limit
    $6
)
union all
(
  select
    w.delivery_no
  from
    delivery_lines w
  where
    (
      "w"."waybill_no" ~>=~ $7
      and "w"."waybill_no" ~<~ $8
    )
  limit
    $9
);

-- db/deliveries/list.ts findDeliveries: the beginning of a number
select
  *
from
  (
    select
      *
    from
      (
        select
          l.*
        from
          delivery_lines l
        where
          l.delivery_no = any ($1)
        offset
          0
      ) as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and not exists (
          select
          from
            delivery_lines as "o"
          where
            o.delivery_no = l.delivery_no
            and (coalesce("o"."ordered_at", '-infinity'), - o.line_no) > (coalesce("l"."ordered_at", '-infinity'), - l.line_no)
            and (
              "valid_quantity" > 0
              and "state" <> 'canceled'
            )
        )
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $2
  ) as "l"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findDeliveries: the beginning of a number, of one state
(
  select
    d.delivery_no
  from
    deliveries d
  where
    (
      number_key ("d"."delivery_no") ~>=~ $1
      and number_key ("d"."delivery_no") ~<~ $2
    )
  limit
    $3
)
union all
(
  select
    d.delivery_no
  from
    orders o
    join deliveries d on d.order_no = o.order_no
  where
    (
      number_key ("o"."order_no") ~>=~ $4
      and number_key ("o"."order_no") ~<~ $5
    )
  limit
    $6
)
union all
(
  select
    w.delivery_no
  from
    delivery_lines w
  where
    (
      "w"."waybill_no" ~>=~ $7
      and "w"."waybill_no" ~<~ $8
    )
  limit
    $9
);

-- db/deliveries/list.ts findDeliveries: the beginning of a number, of one state
select
  *
from
  (
    select
      *
    from
      (
        select
          l.*
        from
          delivery_lines l
        where
          l.delivery_no = any ($1)
        offset
          0
      ) as "l"
    where
      (
        (
          (
            "valid_quantity" > 0
            and "state" <> 'canceled'
          )
          and "state" = 'released'
        )
        and not exists (
          select
          from
            delivery_lines as "o"
          where
            o.delivery_no = l.delivery_no
            and (coalesce("o"."ordered_at", '-infinity'), - o.line_no) > (coalesce("l"."ordered_at", '-infinity'), - l.line_no)
            and (
              (
                "valid_quantity" > 0
                and "state" <> 'canceled'
              )
              and "state" = 'released'
            )
        )
        and ("l"."ordered_at", "l"."delivery_no") <= ($2::timestamptz, $3)
        and (
          ("l"."ordered_at", "l"."delivery_no") <> ($4::timestamptz, $5)
          or l.line_no > $6
        )
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $7
  ) as "l"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/count.ts countLines: lines whose number begins so
(
  select
    d.delivery_no
  from
    deliveries d
  where
    (
      number_key ("d"."delivery_no") ~>=~ $1
      and number_key ("d"."delivery_no") ~<~ $2
    )
  limit
    $3
)
union all
(
  select
    d.delivery_no
  from
    orders o
    join deliveries d on d.order_no = o.order_no
  where
    (
      number_key ("o"."order_no") ~>=~ $4
      and number_key ("o"."order_no") ~<~ $5
    )
  limit
    $6
)
union all
(
  select
    w.delivery_no
  from
    delivery_lines w
  where
    (
      "w"."waybill_no" ~>=~ $7
      and "w"."waybill_no" ~<~ $8
    )
  limit
    $9
);

-- db/deliveries/count.ts countLines: lines whose number begins so
select
  count(*) as "count"
from
  (
    select
      "delivery_no"
    from
      (
        select
          l.*
        from
          delivery_lines l
        where
          l.delivery_no = any ($1)
        offset
          0
      ) as "l"
    where
      (
        "valid_quantity" > 0
        and "state" <> 'canceled'
      )
    limit
      $2
  ) as "counted";

-- db/deliveries/count.ts countLines: lines of one state, counted up to a bound
select
  count(*) as "count"
from
  (
    select
      "delivery_no"
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "state" = 'delivered'
      )
    limit
      $1
  ) as "counted";

-- db/deliveries/list.ts findLines: lines of one state whose number begins as very many do
(
  select
    d.delivery_no
  from
    deliveries d
  where
    (
      number_key ("d"."delivery_no") ~>=~ $1
      and number_key ("d"."delivery_no") ~<~ $2
    )
  limit
    $3
)
union all
(
  select
    d.delivery_no
  from
    orders o
    join deliveries d on d.order_no = o.order_no
  where
    (
      number_key ("o"."order_no") ~>=~ $4
      and number_key ("o"."order_no") ~<~ $5
    )
  limit
    $6
)
union all
(
  select
    w.delivery_no
  from
    delivery_lines w
  where
    (
      "w"."waybill_no" ~>=~ $7
      and "w"."waybill_no" ~<~ $8
    )
  limit
    $9
);

-- db/deliveries/list.ts findLines: lines of one state whose number begins as very many do
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      (
        select
          *
        from
          delivery_lines as "l"
        where
          (
            (
              "valid_quantity" > 0
              and "state" <> 'canceled'
            )
            and "state" = 'released'
          )
        order by
          "l"."ordered_at" desc,
          "l"."delivery_no" desc,
          l.line_no
        limit
          $1
      ) as "l"
    where
      (
        (
          number_key ("l"."delivery_no") ~>=~ $2
          and number_key ("l"."delivery_no") ~<~ $3
        )
        or (
          number_key ("l"."order_no") ~>=~ $4
          and number_key ("l"."order_no") ~<~ $5
        )
        or exists (
          select
          from
            delivery_lines w
          where
            w.delivery_no = l.delivery_no
            and (
              "w"."waybill_no" ~>=~ $6
              and "w"."waybill_no" ~<~ $7
            )
        )
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $8
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: lines of one state whose number begins as very many do
select
  count(*) as "count"
from
  (
    select
      1
    from
      (
        (
          select
            d.delivery_no
          from
            deliveries d
          where
            (
              number_key ("d"."delivery_no") ~>=~ $1
              and number_key ("d"."delivery_no") ~<~ $2
            )
          limit
            $3
        )
        union all
        (
          select
            d.delivery_no
          from
            orders o
            join deliveries d on d.order_no = o.order_no
          where
            (
              number_key ("o"."order_no") ~>=~ $4
              and number_key ("o"."order_no") ~<~ $5
            )
          limit
            $6
        )
        union all
        (
          select
            w.delivery_no
          from
            delivery_lines w
          where
            (
              "w"."waybill_no" ~>=~ $7
              and "w"."waybill_no" ~<~ $8
            )
          limit
            $9
        )
      ) n
    limit
      $10
  ) as "counted";

-- db/deliveries/list.ts findLines: lines of one state whose number begins as very many do
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      (
        select
          *
        from
          delivery_lines as "l"
        where
          (
            (
              "valid_quantity" > 0
              and "state" <> 'canceled'
            )
            and "state" = 'released'
          )
        order by
          "l"."ordered_at" desc,
          "l"."delivery_no" desc,
          l.line_no
        limit
          $1
      ) as "l"
    where
      (
        (
          number_key ("l"."delivery_no") ~>=~ $2
          and number_key ("l"."delivery_no") ~<~ $3
        )
        or (
          number_key ("l"."order_no") ~>=~ $4
          and number_key ("l"."order_no") ~<~ $5
        )
        or exists (
          select
          from
            delivery_lines w
          where
            w.delivery_no = l.delivery_no
            and (
              "w"."waybill_no" ~>=~ $6
              and "w"."waybill_no" ~<~ $7
            )
        )
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $8
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findLines: lines of one state whose number begins as very many do
select
  count(*) as "count"
from
  (
    select
      "delivery_no"
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "state" = 'released'
      )
    limit
      $1
  ) as "counted";

-- db/deliveries/count.ts countLines: such lines of one state, counted up to a bound
(
  select
    d.delivery_no
  from
    deliveries d
  where
    (
      number_key ("d"."delivery_no") ~>=~ $1
      and number_key ("d"."delivery_no") ~<~ $2
    )
  limit
    $3
)
union all
(
  select
    d.delivery_no
  from
    orders o
    join deliveries d on d.order_no = o.order_no
  where
    (
      number_key ("o"."order_no") ~>=~ $4
      and number_key ("o"."order_no") ~<~ $5
    )
  limit
    $6
)
union all
(
  select
    w.delivery_no
  from
    delivery_lines w
  where
    (
      "w"."waybill_no" ~>=~ $7
      and "w"."waybill_no" ~<~ $8
    )
  limit
    $9
);

-- db/deliveries/count.ts countLines: such lines of one state, counted up to a bound
select
  count(*) as "count"
from
  (
    select
      "delivery_no"
    from
      (
        select
          l.*
        from
          delivery_lines l
        where
          l.delivery_no = any (
            array(
              (
                select
                  d.delivery_no
                from
                  deliveries d
                where
                  (
                    number_key ("d"."delivery_no") ~>=~ $1
                    and number_key ("d"."delivery_no") ~<~ $2
                  )
                limit
                  $3
              )
              union all
              (
                select
                  d.delivery_no
                from
                  orders o
                  join deliveries d on d.order_no = o.order_no
                where
                  (
                    number_key ("o"."order_no") ~>=~ $4
                    and number_key ("o"."order_no") ~<~ $5
                  )
                limit
                  $6
              )
              union all
              (
                select
                  w.delivery_no
                from
                  delivery_lines w
                where
                  (
                    "w"."waybill_no" ~>=~ $7
                    and "w"."waybill_no" ~<~ $8
                  )
                limit
                  $9
              )
            )
          )
        offset
          0
      ) as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "state" = 'delivered'
      )
    limit
      $10
  ) as "counted";

-- db/deliveries/count.ts countLines: such lines of one state, counted up to a bound
select
  count(*) as "count"
from
  (
    select
      1
    from
      (
        (
          select
            d.delivery_no
          from
            deliveries d
          where
            (
              number_key ("d"."delivery_no") ~>=~ $1
              and number_key ("d"."delivery_no") ~<~ $2
            )
          limit
            $3
        )
        union all
        (
          select
            d.delivery_no
          from
            orders o
            join deliveries d on d.order_no = o.order_no
          where
            (
              number_key ("o"."order_no") ~>=~ $4
              and number_key ("o"."order_no") ~<~ $5
            )
          limit
            $6
        )
        union all
        (
          select
            w.delivery_no
          from
            delivery_lines w
          where
            (
              "w"."waybill_no" ~>=~ $7
              and "w"."waybill_no" ~<~ $8
            )
          limit
            $9
        )
      ) n
    limit
      $10
  ) as "counted";

-- db/deliveries/count.ts countLines: such lines of one state, counted up to a bound
select
  count(*) as "count"
from
  (
    select
      "delivery_no"
    from
      (
        select
          l.*
        from
          delivery_lines l
        where
          l.delivery_no = any (
            array(
              (
                select
                  d.delivery_no
                from
                  deliveries d
                where
                  (
                    number_key ("d"."delivery_no") ~>=~ $1
                    and number_key ("d"."delivery_no") ~<~ $2
                  )
              )
              union all
              (
                select
                  d.delivery_no
                from
                  orders o
                  join deliveries d on d.order_no = o.order_no
                where
                  (
                    number_key ("o"."order_no") ~>=~ $3
                    and number_key ("o"."order_no") ~<~ $4
                  )
              )
              union all
              (
                select
                  w.delivery_no
                from
                  delivery_lines w
                where
                  (
                    "w"."waybill_no" ~>=~ $5
                    and "w"."waybill_no" ~<~ $6
                  )
              )
            )
          )
        offset
          0
      ) as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "state" = 'delivered'
      )
    limit
      $7
  ) as "counted";

-- db/deliveries/count.ts countLines: late lines of one state, counted up to a bound
select
  count(*) as "count"
from
  (
    select
      "delivery_no"
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "state" = 'released'
        and (
          "delay_expected_on" is null
          and "dispatch_due_on" < $1
        )
      )
    order by
      "state",
      "dispatch_due_on"
    limit
      $2
  ) as "counted";

-- db/deliveries/count.ts countLines: deliveries with a line in one state
select
  count(*) as "count"
from
  (
    select distinct
      "delivery_no"
    from
      delivery_lines as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "state" = 'delivered'
      )
    limit
      $1
  ) as "counted";

-- db/deliveries/shown.ts linesOfDeliveries: all lines of some deliveries
select
  "l".*,
  "p"."product_name",
  "p"."option_name",
  "p"."unit_price",
  "r"."receiver_name",
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "l"."waybill_no"
      and w.carrier_code = "l"."carrier_code"
      and w.opened_at <= coalesce("l"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level",
  (
    select
      jsonb_agg(
        jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no)
        order by
          s.line_no
      )
    from
      delivery_lines s
    where
      s.split_from_delivery_no = "l"."delivery_no"
      and s.split_from_line_no = "l"."line_no"
      and s.valid_quantity > 0
  ) as "split_to",
  (
    select
      max(w.work_batch_no)
    from
      work_batch_lines w
    where
      w.delivery_no = "l"."delivery_no"
      and w.line_no = "l"."line_no"
      and w.dropped_as is null
  ) as "work_batch_no",
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as "label_prints"
from
  (
    select
      *
    from
      "delivery_lines"
    where
      "delivery_no" = any ($1)
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."delivery_no",
  "l"."line_no";

-- db/pickups/list.ts findPickups: the newest claims first
select
  *,
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "p"."waybill_no"
      and w.carrier_code = "p"."carrier_code"
      and w.opened_at <= coalesce("p"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level"
from
  (
    select
      *
    from
      pickups as "p"
    where
      1 = 1
    order by
      "p"."requested_at" desc,
      "p"."pickup_no" desc
    limit
      $1
  ) as "p"
order by
  "p"."requested_at" desc,
  "p"."pickup_no" desc;

-- db/pickups/list.ts findPickups: one state, a further page
select
  *,
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "p"."waybill_no"
      and w.carrier_code = "p"."carrier_code"
      and w.opened_at <= coalesce("p"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level"
from
  (
    select
      *
    from
      pickups as "p"
    where
      (
        "state" = $1
        and ("p"."requested_at", "p"."pickup_no") < ($2::timestamptz, $3)
      )
    order by
      "p"."requested_at" desc,
      "p"."pickup_no" desc
    limit
      $4
  ) as "p"
order by
  "p"."requested_at" desc,
  "p"."pickup_no" desc;

-- db/pickups/list.ts findPickups: two states
select
  *,
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "p"."waybill_no"
      and w.carrier_code = "p"."carrier_code"
      and w.opened_at <= coalesce("p"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level"
from
  (
    select
      *
    from
      pickups as "p"
    where
      state = any ($1)
    order by
      "p"."requested_at" desc,
      "p"."pickup_no" desc
    limit
      $2
  ) as "p"
order by
  "p"."requested_at" desc,
  "p"."pickup_no" desc;

-- db/pickups/list.ts findPickups: exchanges
select
  *,
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "p"."waybill_no"
      and w.carrier_code = "p"."carrier_code"
      and w.opened_at <= coalesce("p"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level"
from
  (
    select
      *
    from
      pickups as "p"
    where
      "kind" = $1
    order by
      "p"."requested_at" desc,
      "p"."pickup_no" desc
    limit
      $2
  ) as "p"
order by
  "p"."requested_at" desc,
  "p"."pickup_no" desc;

-- db/pickups/list.ts findPickups: claimed within some days
select
  *,
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "p"."waybill_no"
      and w.carrier_code = "p"."carrier_code"
      and w.opened_at <= coalesce("p"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level"
from
  (
    select
      *
    from
      pickups as "p"
    where
      (
        "requested_at" >= $1
        and "requested_at" < $2
      )
    order by
      "p"."requested_at" asc,
      "p"."pickup_no" asc
    limit
      $3
  ) as "p"
order by
  "p"."requested_at" asc,
  "p"."pickup_no" asc;

-- db/pickups/list.ts findPickups: the latest 회수지시 first, then the pickups without one
select
  *,
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "p"."waybill_no"
      and w.carrier_code = "p"."carrier_code"
      and w.opened_at <= coalesce("p"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level"
from
  (
    select
      *
    from
      pickups as "p"
    where
      (
        1 = 1
        and "instructed_at" is not null
      )
    order by
      "p"."instructed_at" desc,
      "p"."pickup_no" desc
    limit
      $1
  ) as "p"
order by
  "p"."instructed_at" desc,
  "p"."pickup_no" desc;

-- db/pickups/list.ts findPickups: the latest 회수지시 first, then the pickups without one
select
  *,
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "p"."waybill_no"
      and w.carrier_code = "p"."carrier_code"
      and w.opened_at <= coalesce("p"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level"
from
  (
    select
      *
    from
      pickups as "p"
    where
      (
        1 = 1
        and "instructed_at" is null
      )
    order by
      "p"."pickup_no" desc
    limit
      $1
  ) as "p"
order by
  "p"."pickup_no" desc;

-- db/pickups/list.ts findPickups: confirmed within some days
select
  *,
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "p"."waybill_no"
      and w.carrier_code = "p"."carrier_code"
      and w.opened_at <= coalesce("p"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level"
from
  (
    select
      *
    from
      pickups as "p"
    where
      (
        (
          "confirmed_at" >= $1
          and "confirmed_at" < $2
        )
        and "confirmed_at" is not null
        and ("p"."confirmed_at", "p"."pickup_no") < ($3::timestamptz, $4)
      )
    order by
      "p"."confirmed_at" desc,
      "p"."pickup_no" desc
    limit
      $5
  ) as "p"
order by
  "p"."confirmed_at" desc,
  "p"."pickup_no" desc;

-- db/pickups/list.ts findPickups: confirmed within some days
select
  *,
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "p"."waybill_no"
      and w.carrier_code = "p"."carrier_code"
      and w.opened_at <= coalesce("p"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level"
from
  (
    select
      *
    from
      pickups as "p"
    where
      (
        (
          "confirmed_at" >= $1
          and "confirmed_at" < $2
        )
        and "confirmed_at" is null
      )
    order by
      "p"."pickup_no" desc
    limit
      $3
  ) as "p"
order by
  "p"."pickup_no" desc;

-- db/pickups/list.ts findPickups: the latest 회수완료 first
select
  *,
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "p"."waybill_no"
      and w.carrier_code = "p"."carrier_code"
      and w.opened_at <= coalesce("p"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level"
from
  (
    select
      *
    from
      pickups as "p"
    where
      (
        1 = 1
        and "completed_at" is not null
        and ("p"."completed_at", "p"."pickup_no") < ($1::timestamptz, $2)
      )
    order by
      "p"."completed_at" desc,
      "p"."pickup_no" desc
    limit
      $3
  ) as "p"
order by
  "p"."completed_at" desc,
  "p"."pickup_no" desc;

-- db/pickups/list.ts findPickups: the latest 회수완료 first
select
  *,
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "p"."waybill_no"
      and w.carrier_code = "p"."carrier_code"
      and w.opened_at <= coalesce("p"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level"
from
  (
    select
      *
    from
      pickups as "p"
    where
      (
        1 = 1
        and "completed_at" is null
      )
    order by
      "p"."pickup_no" desc
    limit
      $1
  ) as "p"
order by
  "p"."pickup_no" desc;

-- db/pickups/list.ts findPickups: by number, a further page
select
  *,
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "p"."waybill_no"
      and w.carrier_code = "p"."carrier_code"
      and w.opened_at <= coalesce("p"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level"
from
  (
    select
      *
    from
      pickups as "p"
    where
      (
        1 = 1
        and ("p"."pickup_no") < ($1)
      )
    order by
      "p"."pickup_no" desc
    limit
      $2
  ) as "p"
order by
  "p"."pickup_no" desc;

-- db/pickups/list.ts findPickups: some orders, as people write their numbers
select
  *,
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "p"."waybill_no"
      and w.carrier_code = "p"."carrier_code"
      and w.opened_at <= coalesce("p"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level"
from
  (
    select
      *
    from
      (
        select
          f.*
        from
          pickups f
        where
          number_key ("order_no") = any ($1)
        offset
          0
      ) as "p"
    where
      1 = 1
    order by
      "p"."requested_at" desc,
      "p"."pickup_no" desc
    limit
      $2
  ) as "p"
order by
  "p"."requested_at" desc,
  "p"."pickup_no" desc;

-- db/pickups/list.ts findPickups: some claims
select
  *,
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "p"."waybill_no"
      and w.carrier_code = "p"."carrier_code"
      and w.opened_at <= coalesce("p"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level"
from
  (
    select
      *
    from
      (
        select
          f.*
        from
          pickups f
        where
          number_key ("claim_no") = any ($1)
        offset
          0
      ) as "p"
    where
      1 = 1
    order by
      "p"."requested_at" desc,
      "p"."pickup_no" desc
    limit
      $2
  ) as "p"
order by
  "p"."requested_at" desc,
  "p"."pickup_no" desc;

-- db/pickups/list.ts findPickups: some numbers
select
  *,
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "p"."waybill_no"
      and w.carrier_code = "p"."carrier_code"
      and w.opened_at <= coalesce("p"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level"
from
  (
    select
      *
    from
      (
        select
          f.*
        from
          pickups f
        where
          number_key ("pickup_no") = any ($1)
        offset
          0
      ) as "p"
    where
      1 = 1
    order by
      "p"."requested_at" desc,
      "p"."pickup_no" desc
    limit
      $2
  ) as "p"
order by
  "p"."requested_at" desc,
  "p"."pickup_no" desc;

-- db/pickups/list.ts findPickups: some waybills
select
  *,
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "p"."waybill_no"
      and w.carrier_code = "p"."carrier_code"
      and w.opened_at <= coalesce("p"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level"
from
  (
    select
      *
    from
      (
        select
          f.*
        from
          pickups f
        where
          "waybill_no" = any ($1)
        offset
          0
      ) as "p"
    where
      1 = 1
    order by
      "p"."requested_at" desc,
      "p"."pickup_no" desc
    limit
      $2
  ) as "p"
order by
  "p"."requested_at" desc,
  "p"."pickup_no" desc;

-- db/pickups/list.ts findPickups: the beginning of a number, a further page
select
  *,
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "p"."waybill_no"
      and w.carrier_code = "p"."carrier_code"
      and w.opened_at <= coalesce("p"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level"
from
  (
    select
      *
    from
      (
        select
          f.*
        from
          pickups f
        where
          (
            (
              number_key ("pickup_no") ~>=~ $1
              and number_key ("pickup_no") ~<~ $2
            )
            or (
              number_key ("claim_no") ~>=~ $3
              and number_key ("claim_no") ~<~ $4
            )
            or (
              number_key ("order_no") ~>=~ $5
              and number_key ("order_no") ~<~ $6
            )
            or (
              number_key ("original_delivery_no") ~>=~ $7
              and number_key ("original_delivery_no") ~<~ $8
            )
            or (
              "waybill_no" ~>=~ $9
              and "waybill_no" ~<~ $10
            )
          )
        offset
          0
      ) as "p"
    where
      (
        1 = 1
        and ("p"."requested_at", "p"."pickup_no") < ($11::timestamptz, $12)
      )
    order by
      "p"."requested_at" desc,
      "p"."pickup_no" desc
    limit
      $13
  ) as "p"
order by
  "p"."requested_at" desc,
  "p"."pickup_no" desc;

-- db/pickups/list.ts countPickups: pickups whose number begins so
select
  count(*) as "count"
from
  (
    select
      "pickup_no"
    from
      (
        select
          f.*
        from
          pickups f
        where
          (
            (
              number_key ("pickup_no") ~>=~ $1
              and number_key ("pickup_no") ~<~ $2
            )
            or (
              number_key ("claim_no") ~>=~ $3
              and number_key ("claim_no") ~<~ $4
            )
            or (
              number_key ("order_no") ~>=~ $5
              and number_key ("order_no") ~<~ $6
            )
            or (
              number_key ("original_delivery_no") ~>=~ $7
              and number_key ("original_delivery_no") ~<~ $8
            )
            or (
              "waybill_no" ~>=~ $9
              and "waybill_no" ~<~ $10
            )
          )
        offset
          0
      ) as "p"
    where
      1 = 1
    limit
      $11
  ) as "counted";

-- db/pickups/list.ts countPickups: pickups of one state, counted up to a bound
select
  count(*) as "count"
from
  (
    select
      "pickup_no"
    from
      pickups as "p"
    where
      "state" = $1
    limit
      $2
  ) as "counted";

-- db/pickups/list.ts pickupsOfOrder: all pickups of an order
select
  *,
  (
    select
      w.tracking_level
    from
      waybills w
    where
      w.waybill_no = "p"."waybill_no"
      and w.carrier_code = "p"."carrier_code"
      and w.opened_at <= coalesce("p"."finished_at", 'infinity')
    order by
      w.id desc
    limit
      1
  ) as "waybill_level"
from
  "pickups" as "p"
where
  "p"."order_no" = $1
order by
  "p"."pickup_no";

-- db/pickups/list.ts itemsOfPickups: what some pickups bring back
select
  *
from
  "pickup_items"
where
  "pickup_no" = any ($1)
order by
  "pickup_no",
  "line_no";

-- db/tracking/list.ts findExceptions: the latest first, a further page
select
  *
from
  "tracking_exceptions"
where
  1 = 1
  and ("last_at", id) < ($1::timestamptz, $2)
order by
  "last_at" desc,
  "id" desc
limit
  $3;

-- db/tracking/list.ts findExceptions: open ones, the latest first
select
  *
from
  "tracking_exceptions"
where
  "state" = $1
order by
  "last_at" desc,
  "id" desc
limit
  $2;

-- db/tracking/list.ts findExceptions: open ones, the oldest first
select
  *
from
  "tracking_exceptions"
where
  "state" = $1
order by
  "first_at" desc,
  "id" desc
limit
  $2;

-- db/tracking/list.ts findExceptions: by their first day
select
  *
from
  "tracking_exceptions"
where
  1 = 1
  and ("first_at", id) > ($1::timestamptz, $2)
order by
  "first_at" asc,
  "id" asc
limit
  $3;

-- db/tracking/list.ts findExceptions: one kind
select
  *
from
  "tracking_exceptions"
where
  "kind" = $1
order by
  "last_at" desc,
  "id" desc
limit
  $2;

-- db/tracking/list.ts findExceptions: of one delivery
select
  *
from
  "tracking_exceptions"
where
  "delivery_no" = $1
order by
  "last_at" desc,
  "id" desc
limit
  $2;

-- db/tracking/list.ts findExceptions: of one pickup
select
  *
from
  "tracking_exceptions"
where
  "pickup_no" = $1
order by
  "last_at" desc,
  "id" desc
limit
  $2;

-- db/tracking/list.ts findExceptions: of one waybill
select
  *
from
  "tracking_exceptions"
where
  "waybill_no" = $1
order by
  "last_at" desc,
  "id" desc
limit
  $2;

-- db/tracking/list.ts countExceptions: open ones, counted up to a bound
select
  count(*) as "count"
from
  (
    select
      "id"
    from
      "tracking_exceptions"
    where
      "state" = $1
    limit
      $2
  ) as "counted";

-- db/bulk-shipments/list.ts findJobs: the newest jobs first
select
  *
from
  "bulk_shipments"
where
  "state" <> 'reading'
order by
  "created_at" desc,
  "id" desc
limit
  $1;

-- db/bulk-shipments/list.ts findJobs: the oldest jobs first, a further page
select
  *
from
  "bulk_shipments"
where
  "state" <> 'reading'
  and (created_at, id) > ($1::timestamptz, $2)
order by
  "created_at" asc,
  "id" asc
limit
  $3;

-- db/bulk-shipments/list.ts countJobs: all jobs, counted
select
  count(*) as "count"
from
  (
    select
      "id"
    from
      "bulk_shipments"
    where
      "state" <> 'reading'
  ) as "counted";

-- db/bulk-shipments/list.ts findRows: a page of a job's rows
select
  "row_no",
  "delivery_no",
  "status",
  "codes",
  "states",
  "failed_line_nos",
  "unread_columns",
  "new_line",
  "cells",
  case
    when status = 'succeeded'
    and waybill_no is null
    and carrier_code is not null then (
      select
        h.snapshot ->> 'waybillNo'
      from
        delivery_history h
        join bulk_shipments j on j.id = bulk_shipment_rows.job_id
      where
        h.request_id = j.start_request_id
        and h.delivery_no = bulk_shipment_rows.delivery_no
        and h.command = 'ship'
        and h.voided_at is null
        and h.refused is null
        and bulk_shipment_rows.line_nos @> to_jsonb(h.line_no)
      limit
        1
    )
  end as "drawn_no"
from
  "bulk_shipment_rows"
where
  "job_id" = $1
  and "row_no" > $2
order by
  "row_no"
limit
  $3;

-- db/bulk-shipments/list.ts findRows: those to be fixed and uploaded again
select
  "row_no",
  "delivery_no",
  "status",
  "codes",
  "states",
  "failed_line_nos",
  "unread_columns",
  "new_line",
  "cells",
  case
    when status = 'succeeded'
    and waybill_no is null
    and carrier_code is not null then (
      select
        h.snapshot ->> 'waybillNo'
      from
        delivery_history h
        join bulk_shipments j on j.id = bulk_shipment_rows.job_id
      where
        h.request_id = j.start_request_id
        and h.delivery_no = bulk_shipment_rows.delivery_no
        and h.command = 'ship'
        and h.voided_at is null
        and h.refused is null
        and bulk_shipment_rows.line_nos @> to_jsonb(h.line_no)
      limit
        1
    )
  end as "drawn_no"
from
  "bulk_shipment_rows"
where
  "job_id" = $1
  and "row_no" > $2
  and status in ('invalid', 'failed')
order by
  "row_no"
limit
  $3;

-- db/bulk-shipments/list.ts findFaults: the first faults of a job
select
  "row_no",
  "delivery_no",
  "codes",
  "states",
  "failed_line_nos",
  "unread_columns"
from
  "bulk_shipment_rows"
where
  "job_id" = $1
  and status in ('invalid', 'failed')
order by
  "row_no"
limit
  $2;

-- db/bulk-shipments/list.ts findLeftOut: the first rows that are no parcels
select
  "row_no",
  "delivery_no",
  "codes"
from
  "bulk_shipment_rows"
where
  "job_id" = $1
  and status = 'skipped'
  and codes <> '[]'::jsonb
order by
  "row_no"
limit
  $2;

-- db/assembly/list.ts findProducts: a page of everybody’s
select
  "p"."shipping_product_id",
  "p"."member_id",
  "p"."product_name",
  "p"."for_orders",
  "p"."stock",
  "p"."barcode",
  (
    coalesce(p.stock, 0) - p.reserved - case
      when p.for_orders then (
        select
          coalesce(sum(l.valid_quantity), 0)::bigint
        from
          delivery_lines l
        where
          l.product_id = p.shipping_product_id
          and l.state = 'released'
      )
      else 0
    end
  ) as "available"
from
  (
    select
      *
    from
      "shipping_products"
    where
      1 = 1
    order by
      "shipping_product_id"
    limit
      $1
    offset
      $2
  ) as "p"
order by
  "p"."shipping_product_id";

-- db/assembly/list.ts findProducts: a page of one member’s
select
  "p"."shipping_product_id",
  "p"."member_id",
  "p"."product_name",
  "p"."for_orders",
  "p"."stock",
  "p"."barcode",
  (
    coalesce(p.stock, 0) - p.reserved - case
      when p.for_orders then (
        select
          coalesce(sum(l.valid_quantity), 0)::bigint
        from
          delivery_lines l
        where
          l.product_id = p.shipping_product_id
          and l.state = 'released'
      )
      else 0
    end
  ) as "available"
from
  (
    select
      *
    from
      "shipping_products"
    where
      "member_id" = $1
    order by
      "shipping_product_id"
    limit
      $2
    offset
      $3
  ) as "p"
order by
  "p"."shipping_product_id";

-- db/assembly/list.ts findProducts: those with these ids
select
  "p"."shipping_product_id",
  "p"."member_id",
  "p"."product_name",
  "p"."for_orders",
  "p"."stock",
  "p"."barcode",
  (
    coalesce(p.stock, 0) - p.reserved - case
      when p.for_orders then (
        select
          coalesce(sum(l.valid_quantity), 0)::bigint
        from
          delivery_lines l
        where
          l.product_id = p.shipping_product_id
          and l.state = 'released'
      )
      else 0
    end
  ) as "available"
from
  (
    select
      *
    from
      "shipping_products"
    where
      "shipping_product_id" = any ($1)
    order by
      "shipping_product_id"
    limit
      $2
    offset
      $3
  ) as "p"
order by
  "p"."shipping_product_id";

-- db/assembly/list.ts findProducts: those of a member alone, which no one has confirmed for orders
select
  "p"."shipping_product_id",
  "p"."member_id",
  "p"."product_name",
  "p"."for_orders",
  "p"."stock",
  "p"."barcode",
  (
    coalesce(p.stock, 0) - p.reserved - case
      when p.for_orders then (
        select
          coalesce(sum(l.valid_quantity), 0)::bigint
        from
          delivery_lines l
        where
          l.product_id = p.shipping_product_id
          and l.state = 'released'
      )
      else 0
    end
  ) as "available"
from
  (
    select
      *
    from
      "shipping_products"
    where
      "for_orders" = false
    order by
      "shipping_product_id"
    limit
      $1
    offset
      $2
  ) as "p"
order by
  "p"."shipping_product_id";

-- db/assembly/list.ts countProducts: one member’s
select
  count(*) as "count"
from
  (
    select
      "shipping_product_id"
    from
      "shipping_products"
    where
      "member_id" = $1
  ) as "counted";

-- db/assembly/list.ts findAssemblies: a page of one member’s
select
  "a"."assembly_product_uid",
  "a"."member_id",
  "a"."shipping_product_id",
  "p"."product_name",
  "a"."comment",
  (
    select
      coalesce(json_agg(agg), '[]')
    from
      (
        select
          "m"."shipping_product_id",
          "m"."quantity",
          "n"."product_name"
        from
          "assembly_materials" as "m"
          inner join "shipping_products" as "n" on "n"."shipping_product_id" = "m"."shipping_product_id"
        where
          "m"."assembly_product_uid" = "a"."assembly_product_uid"
        order by
          "m"."position"
      ) as agg
  ) as "materials"
from
  (
    select
      *
    from
      "assembly_products"
    where
      "member_id" = $1
    order by
      "assembly_product_uid"
    limit
      $2
    offset
      $3
  ) as "a"
  inner join "shipping_products" as "p" on "p"."shipping_product_id" = "a"."shipping_product_id"
order by
  "a"."assembly_product_uid";

-- db/assembly/list.ts findAssemblies: those with these uids
select
  "a"."assembly_product_uid",
  "a"."member_id",
  "a"."shipping_product_id",
  "p"."product_name",
  "a"."comment",
  (
    select
      coalesce(json_agg(agg), '[]')
    from
      (
        select
          "m"."shipping_product_id",
          "m"."quantity",
          "n"."product_name"
        from
          "assembly_materials" as "m"
          inner join "shipping_products" as "n" on "n"."shipping_product_id" = "m"."shipping_product_id"
        where
          "m"."assembly_product_uid" = "a"."assembly_product_uid"
        order by
          "m"."position"
      ) as agg
  ) as "materials"
from
  (
    select
      *
    from
      "assembly_products"
    where
      "assembly_product_uid" = any ($1)
    order by
      "assembly_product_uid"
    limit
      $2
    offset
      $3
  ) as "a"
  inner join "shipping_products" as "p" on "p"."shipping_product_id" = "a"."shipping_product_id"
order by
  "a"."assembly_product_uid";

-- db/assembly/list.ts countAssemblies: one member’s
select
  count(*) as "count"
from
  (
    select
      "assembly_product_uid"
    from
      "assembly_products"
    where
      "member_id" = $1
  ) as "counted";

-- db/assembly/list.ts findPlans: the newest of all
select
  "p".*,
  "s"."product_name",
  (
    select
      coalesce(json_agg(agg), '[]')
    from
      (
        select
          "n"."shipping_product_id",
          "n"."product_name",
          "m"."quantity" * "p"."plan_quantity" as "quantity"
        from
          (
            select
              "shipping_product_id",
              "quantity"
            from
              "assembly_plan_materials"
            where
              "assembly_plan_uid" = "p"."assembly_plan_uid"
            union all
            select
              "shipping_product_id",
              "quantity"
            from
              "assembly_materials"
            where
              "assembly_product_uid" = "p"."assembly_product_uid"
              and not exists (
                select
                  "shipping_product_id"
                from
                  "assembly_plan_materials"
                where
                  "assembly_plan_uid" = "p"."assembly_plan_uid"
              )
          ) as "m"
          inner join "shipping_products" as "n" on "n"."shipping_product_id" = "m"."shipping_product_id"
        order by
          "n"."shipping_product_id"
      ) as agg
  ) as "materials"
from
  (
    select
      *
    from
      "assembly_plans"
    where
      1 = 1
    order by
      "assembly_plan_uid" desc
    limit
      $1
    offset
      $2
  ) as "p"
  inner join "shipping_products" as "s" on "s"."shipping_product_id" = "p"."shipping_product_id"
order by
  "p"."assembly_plan_uid" desc;

-- db/assembly/list.ts findPlans: the newest of one member
select
  "p".*,
  "s"."product_name",
  (
    select
      coalesce(json_agg(agg), '[]')
    from
      (
        select
          "n"."shipping_product_id",
          "n"."product_name",
          "m"."quantity" * "p"."plan_quantity" as "quantity"
        from
          (
            select
              "shipping_product_id",
              "quantity"
            from
              "assembly_plan_materials"
            where
              "assembly_plan_uid" = "p"."assembly_plan_uid"
            union all
            select
              "shipping_product_id",
              "quantity"
            from
              "assembly_materials"
            where
              "assembly_product_uid" = "p"."assembly_product_uid"
              and not exists (
                select
                  "shipping_product_id"
                from
                  "assembly_plan_materials"
                where
                  "assembly_plan_uid" = "p"."assembly_plan_uid"
              )
          ) as "m"
          inner join "shipping_products" as "n" on "n"."shipping_product_id" = "m"."shipping_product_id"
        order by
          "n"."shipping_product_id"
      ) as agg
  ) as "materials"
from
  (
    select
      *
    from
      "assembly_plans"
    where
      "member_id" = $1
    order by
      "assembly_plan_uid" desc
    limit
      $2
    offset
      $3
  ) as "p"
  inner join "shipping_products" as "s" on "s"."shipping_product_id" = "p"."shipping_product_id"
order by
  "p"."assembly_plan_uid" desc;

-- db/assembly/list.ts findPlans: the newest of one assembly product
select
  "p".*,
  "s"."product_name",
  (
    select
      coalesce(json_agg(agg), '[]')
    from
      (
        select
          "n"."shipping_product_id",
          "n"."product_name",
          "m"."quantity" * "p"."plan_quantity" as "quantity"
        from
          (
            select
              "shipping_product_id",
              "quantity"
            from
              "assembly_plan_materials"
            where
              "assembly_plan_uid" = "p"."assembly_plan_uid"
            union all
            select
              "shipping_product_id",
              "quantity"
            from
              "assembly_materials"
            where
              "assembly_product_uid" = "p"."assembly_product_uid"
              and not exists (
                select
                  "shipping_product_id"
                from
                  "assembly_plan_materials"
                where
                  "assembly_plan_uid" = "p"."assembly_plan_uid"
              )
          ) as "m"
          inner join "shipping_products" as "n" on "n"."shipping_product_id" = "m"."shipping_product_id"
        order by
          "n"."shipping_product_id"
      ) as agg
  ) as "materials"
from
  (
    select
      *
    from
      "assembly_plans"
    where
      "assembly_product_uid" = $1
    order by
      "assembly_plan_uid" desc
    limit
      $2
    offset
      $3
  ) as "p"
  inner join "shipping_products" as "s" on "s"."shipping_product_id" = "p"."shipping_product_id"
order by
  "p"."assembly_plan_uid" desc;

-- db/assembly/list.ts findPlans: the newest of one state, overdue
select
  "p".*,
  "s"."product_name",
  (
    select
      coalesce(json_agg(agg), '[]')
    from
      (
        select
          "n"."shipping_product_id",
          "n"."product_name",
          "m"."quantity" * "p"."plan_quantity" as "quantity"
        from
          (
            select
              "shipping_product_id",
              "quantity"
            from
              "assembly_plan_materials"
            where
              "assembly_plan_uid" = "p"."assembly_plan_uid"
            union all
            select
              "shipping_product_id",
              "quantity"
            from
              "assembly_materials"
            where
              "assembly_product_uid" = "p"."assembly_product_uid"
              and not exists (
                select
                  "shipping_product_id"
                from
                  "assembly_plan_materials"
                where
                  "assembly_plan_uid" = "p"."assembly_plan_uid"
              )
          ) as "m"
          inner join "shipping_products" as "n" on "n"."shipping_product_id" = "m"."shipping_product_id"
        order by
          "n"."shipping_product_id"
      ) as agg
  ) as "materials"
from
  (
    select
      *
    from
      "assembly_plans"
    where
      (
        "state" = $1
        and "overdue_at" is not null
      )
    order by
      "assembly_plan_uid" desc
    limit
      $2
    offset
      $3
  ) as "p"
  inner join "shipping_products" as "s" on "s"."shipping_product_id" = "p"."shipping_product_id"
order by
  "p"."assembly_plan_uid" desc;

-- db/assembly/list.ts findPlans: one plan
select
  "p".*,
  "s"."product_name",
  (
    select
      coalesce(json_agg(agg), '[]')
    from
      (
        select
          "n"."shipping_product_id",
          "n"."product_name",
          "m"."quantity" * "p"."plan_quantity" as "quantity"
        from
          (
            select
              "shipping_product_id",
              "quantity"
            from
              "assembly_plan_materials"
            where
              "assembly_plan_uid" = "p"."assembly_plan_uid"
            union all
            select
              "shipping_product_id",
              "quantity"
            from
              "assembly_materials"
            where
              "assembly_product_uid" = "p"."assembly_product_uid"
              and not exists (
                select
                  "shipping_product_id"
                from
                  "assembly_plan_materials"
                where
                  "assembly_plan_uid" = "p"."assembly_plan_uid"
              )
          ) as "m"
          inner join "shipping_products" as "n" on "n"."shipping_product_id" = "m"."shipping_product_id"
        order by
          "n"."shipping_product_id"
      ) as agg
  ) as "materials"
from
  (
    select
      *
    from
      "assembly_plans"
    where
      "assembly_plan_uid" = any ($1)
    order by
      "assembly_plan_uid" desc
    limit
      $2
    offset
      $3
  ) as "p"
  inner join "shipping_products" as "s" on "s"."shipping_product_id" = "p"."shipping_product_id"
order by
  "p"."assembly_plan_uid" desc;

-- db/assembly/list.ts countPlans: of one state
select
  count(*) as "count"
from
  (
    select
      "assembly_plan_uid"
    from
      "assembly_plans"
    where
      "state" = $1
  ) as "counted";

-- db/assembly/list.ts findLedger: of one product, newest first
select
  *
from
  "stock_ledger"
where
  "shipping_product_id" = $1
order by
  "id" desc
limit
  $2
offset
  $3;

-- db/assembly/list.ts findLedger: of one product, newest first
select
  count(*) as "count"
from
  (
    select
      "id"
    from
      "stock_ledger"
    where
      "shipping_product_id" = $1
  ) as "counted";

-- db/assembly/list.ts findStockouts: the first page
with
  waiting as (
    select
      product_id,
      count(*) as lines,
      sum(valid_quantity)::bigint as quantity,
      min(ordered_at) as oldest
    from
      delivery_lines
    where
      (
        "state" = 'awaitingShipment'
        and "valid_quantity" > 0
      )
      and product_id > $1
    group by
      product_id
    order by
      product_id asc
    limit
      $2
  ),
  short as (
    select
      shipping_product_id as product_id
    from
      shipping_products
    where
      shortfall > 0
      and for_orders
      and shipping_product_id > $3
    order by
      shipping_product_id asc
    limit
      $4
  ),
  page as (
    select
      product_id
    from
      waiting
    union
    select
      product_id
    from
      short
    order by
      product_id asc
    limit
      $5
  )
select
  page.product_id,
  coalesce(s.product_name, named.product_name) as product_name,
  coalesce(w.lines, 0) as waiting_lines,
  coalesce(w.quantity, 0) as waiting_quantity,
  w.oldest,
  s.shipping_product_id is not null as registered,
  s.stock,
  (
    coalesce(s.stock, 0) - s.reserved - case
      when s.for_orders then (
        select
          coalesce(sum(l.valid_quantity), 0)::bigint
        from
          delivery_lines l
        where
          l.product_id = s.shipping_product_id
          and l.state = 'released'
      )
      else 0
    end
  ) as available,
  coalesce(s.shortfall, 0) as shortfall,
  held.member_id as held_by,
  a.assembly_product_uid,
  m.makeable,
  coalesce(o.plans, '[]') as open_plans
from
  page
  left join waiting w using (product_id)
  left join shipping_products s on s.shipping_product_id = page.product_id
  and s.for_orders
  left join shipping_products held on held.shipping_product_id = page.product_id
  and not held.for_orders
  left join assembly_products a on a.shipping_product_id = s.shipping_product_id
  left join lateral (
    select
      p.product_name
    from
      delivery_lines l
      join order_lines p using (order_no, line_no)
    where
      l.product_id = page.product_id
      and (
        "state" = 'awaitingShipment'
        and "valid_quantity" > 0
      )
    order by
      l.ordered_at
    limit
      1
  ) named on true
  left join lateral (
    select
      min(
        greatest(
          0,
          (
            coalesce(n.stock, 0) - n.reserved - case
              when n.for_orders then (
                select
                  coalesce(sum(l.valid_quantity), 0)::bigint
                from
                  delivery_lines l
                where
                  l.product_id = n.shipping_product_id
                  and l.state = 'released'
              )
              else 0
            end
          )
        ) / i.quantity
      ) as makeable
    from
      assembly_materials i
      join shipping_products n using (shipping_product_id)
    where
      i.assembly_product_uid = a.assembly_product_uid
  ) m on true
  left join lateral (
    select
      json_agg(
        json_build_object(
          'uid',
          assembly_plan_uid,
          'state',
          state,
          'quantity',
          plan_quantity,
          'day',
          plan_date,
          'overdue',
          overdue_at is not null
        )
        order by
          due_at
      ) as plans
    from
      (
        select
          *
        from
          assembly_plans
        where
          shipping_product_id = s.shipping_product_id
          and finished_at is null
        order by
          due_at
        limit
          20
      ) open
  ) o on true
order by
  page.product_id asc;

-- db/assembly/list.ts findStockouts: a further page, the highest product first
with
  waiting as (
    select
      product_id,
      count(*) as lines,
      sum(valid_quantity)::bigint as quantity,
      min(ordered_at) as oldest
    from
      delivery_lines
    where
      (
        "state" = 'awaitingShipment'
        and "valid_quantity" > 0
      )
      and product_id < $1
    group by
      product_id
    order by
      product_id desc
    limit
      $2
  ),
  short as (
    select
      shipping_product_id as product_id
    from
      shipping_products
    where
      shortfall > 0
      and for_orders
      and shipping_product_id < $3
    order by
      shipping_product_id desc
    limit
      $4
  ),
  page as (
    select
      product_id
    from
      waiting
    union
    select
      product_id
    from
      short
    order by
      product_id desc
    limit
      $5
  )
select
  page.product_id,
  coalesce(s.product_name, named.product_name) as product_name,
  coalesce(w.lines, 0) as waiting_lines,
  coalesce(w.quantity, 0) as waiting_quantity,
  w.oldest,
  s.shipping_product_id is not null as registered,
  s.stock,
  (
    coalesce(s.stock, 0) - s.reserved - case
      when s.for_orders then (
        select
          coalesce(sum(l.valid_quantity), 0)::bigint
        from
          delivery_lines l
        where
          l.product_id = s.shipping_product_id
          and l.state = 'released'
      )
      else 0
    end
  ) as available,
  coalesce(s.shortfall, 0) as shortfall,
  held.member_id as held_by,
  a.assembly_product_uid,
  m.makeable,
  coalesce(o.plans, '[]') as open_plans
from
  page
  left join waiting w using (product_id)
  left join shipping_products s on s.shipping_product_id = page.product_id
  and s.for_orders
  left join shipping_products held on held.shipping_product_id = page.product_id
  and not held.for_orders
  left join assembly_products a on a.shipping_product_id = s.shipping_product_id
  left join lateral (
    select
      p.product_name
    from
      delivery_lines l
      join order_lines p using (order_no, line_no)
    where
      l.product_id = page.product_id
      and (
        "state" = 'awaitingShipment'
        and "valid_quantity" > 0
      )
    order by
      l.ordered_at
    limit
      1
  ) named on true
  left join lateral (
    select
      min(
        greatest(
          0,
          (
            coalesce(n.stock, 0) - n.reserved - case
              when n.for_orders then (
                select
                  coalesce(sum(l.valid_quantity), 0)::bigint
                from
                  delivery_lines l
                where
                  l.product_id = n.shipping_product_id
                  and l.state = 'released'
              )
              else 0
            end
          )
        ) / i.quantity
      ) as makeable
    from
      assembly_materials i
      join shipping_products n using (shipping_product_id)
    where
      i.assembly_product_uid = a.assembly_product_uid
  ) m on true
  left join lateral (
    select
      json_agg(
        json_build_object(
          'uid',
          assembly_plan_uid,
          'state',
          state,
          'quantity',
          plan_quantity,
          'day',
          plan_date,
          'overdue',
          overdue_at is not null
        )
        order by
          due_at
      ) as plans
    from
      (
        select
          *
        from
          assembly_plans
        where
          shipping_product_id = s.shipping_product_id
          and finished_at is null
        order by
          due_at
        limit
          20
      ) open
  ) o on true
order by
  page.product_id desc;

-- db/assembly/list.ts findStockouts: those that lines wait for alone
with
  waiting as (
    select
      product_id,
      count(*) as lines,
      sum(valid_quantity)::bigint as quantity,
      min(ordered_at) as oldest
    from
      delivery_lines
    where
      (
        "state" = 'awaitingShipment'
        and "valid_quantity" > 0
      )
      and product_id > $1
    group by
      product_id
    order by
      product_id asc
    limit
      $2
  ),
  page as (
    select
      product_id
    from
      waiting
    order by
      product_id asc
    limit
      $3
  )
select
  page.product_id,
  coalesce(s.product_name, named.product_name) as product_name,
  coalesce(w.lines, 0) as waiting_lines,
  coalesce(w.quantity, 0) as waiting_quantity,
  w.oldest,
  s.shipping_product_id is not null as registered,
  s.stock,
  (
    coalesce(s.stock, 0) - s.reserved - case
      when s.for_orders then (
        select
          coalesce(sum(l.valid_quantity), 0)::bigint
        from
          delivery_lines l
        where
          l.product_id = s.shipping_product_id
          and l.state = 'released'
      )
      else 0
    end
  ) as available,
  coalesce(s.shortfall, 0) as shortfall,
  held.member_id as held_by,
  a.assembly_product_uid,
  m.makeable,
  coalesce(o.plans, '[]') as open_plans
from
  page
  left join waiting w using (product_id)
  left join shipping_products s on s.shipping_product_id = page.product_id
  and s.for_orders
  left join shipping_products held on held.shipping_product_id = page.product_id
  and not held.for_orders
  left join assembly_products a on a.shipping_product_id = s.shipping_product_id
  left join lateral (
    select
      p.product_name
    from
      delivery_lines l
      join order_lines p using (order_no, line_no)
    where
      l.product_id = page.product_id
      and (
        "state" = 'awaitingShipment'
        and "valid_quantity" > 0
      )
    order by
      l.ordered_at
    limit
      1
  ) named on true
  left join lateral (
    select
      min(
        greatest(
          0,
          (
            coalesce(n.stock, 0) - n.reserved - case
              when n.for_orders then (
                select
                  coalesce(sum(l.valid_quantity), 0)::bigint
                from
                  delivery_lines l
                where
                  l.product_id = n.shipping_product_id
                  and l.state = 'released'
              )
              else 0
            end
          )
        ) / i.quantity
      ) as makeable
    from
      assembly_materials i
      join shipping_products n using (shipping_product_id)
    where
      i.assembly_product_uid = a.assembly_product_uid
  ) m on true
  left join lateral (
    select
      json_agg(
        json_build_object(
          'uid',
          assembly_plan_uid,
          'state',
          state,
          'quantity',
          plan_quantity,
          'day',
          plan_date,
          'overdue',
          overdue_at is not null
        )
        order by
          due_at
      ) as plans
    from
      (
        select
          *
        from
          assembly_plans
        where
          shipping_product_id = s.shipping_product_id
          and finished_at is null
        order by
          due_at
        limit
          20
      ) open
  ) o on true
order by
  page.product_id asc;

-- db/assembly/list.ts countStockouts: counted up to a bound
select
  count(*) as "count"
from
  (
    select
      "product_id"
    from
      "delivery_lines"
    where
      (
        "state" = 'awaitingShipment'
        and "valid_quantity" > 0
      )
    union
    select
      "shipping_product_id" as "product_id"
    from
      "shipping_products"
    where
      "shortfall" > 0
      and "for_orders" = true
    limit
      $1
  ) as "counted";

-- db/assembly/list.ts countStockouts: those that lines wait for
select
  count(*) as "count"
from
  (
    select distinct
      "product_id"
    from
      "delivery_lines"
    where
      (
        "state" = 'awaitingShipment'
        and "valid_quantity" > 0
      )
    limit
      $1
  ) as "counted";

-- db/tracking/questions.ts waybillsToAsk: auto-complete: open waybills, longest unasked first
select
  w.id,
  w.carrier_code,
  w.waybill_no,
  coalesce(w.asked_at, '-infinity')::text as asked,
  l.shipped,
  l.due
from
  waybills w,
  lateral (
    select
      count(*) as shipped,
      count(*) filter (
        where
          l.updated_at <= now() - interval '1 second' * $1
          and (
            w.carrier_code = any ($2)
            or l.shipped_at < now() - interval '1 day' * $3::float8
          )
      ) as due
    from
      delivery_lines l
    where
      l.waybill_no = w.waybill_no
      and l.carrier_code = w.carrier_code
      and l.state = 'shipped'
      and l.method_code = '10'
  ) l
where
  w.closed_at is null
  and w.settled_at is null
  and w.pickup_no is null
  and (coalesce(w.asked_at, '-infinity'), w.id) > ($4::timestamptz, $5)
  and coalesce(w.asked_at, '-infinity') < $6::timestamptz
  and w.opened_at <= now() - interval '1 second' * $7
order by
  coalesce(w.asked_at, '-infinity'),
  w.id
limit
  $8;

-- db/deliveries/deliver-lines.ts linesWithoutParcel: auto-complete: shipped lines of other methods, a further page
select
  "delivery_no",
  "line_no"
from
  "delivery_lines"
where
  "state" = 'shipped'
  and "method_code" <> '10'
  and (delivery_no, line_no) > ($1, $2)
  and "updated_at" <= now() - interval '1 second' * $3
order by
  "delivery_no",
  "line_no"
limit
  $4;

-- db/deliveries/deliver-lines.ts shownDelivered: auto-complete: what became of the commands of a page
select
  l.delivery_no,
  l.line_no,
  l.state,
  h.id is not null as done,
  h.refused
from
  unnest($1::text[], $2::int[]) n (delivery_no, line_no)
  join delivery_lines l using (delivery_no, line_no)
  left join delivery_history h on h.request_id = $3
  and h.delivery_no = l.delivery_no
  and h.line_no = l.line_no
  and h.command = 'deliver'
  and h.voided_at is null;

-- db/tracking/registration-counts.ts countOutcomes: registration: how many waybills of a run came to what
select
  outcome,
  count(*) as count
from
  (
    select distinct
      on (waybill_id) waybill_no,
      outcome,
      e_code,
      answer
    from
      waybill_registrations
    where
      run_key = $1
    order by
      waybill_id,
      id desc
  ) last
group by
  outcome;

-- db/tracking/registration-counts.ts failingRegistrations: registration: what a run could not register
select
  waybill_no,
  e_code,
  answer ->> 'error' as reason
from
  (
    select distinct
      on (waybill_id) waybill_no,
      outcome,
      e_code,
      answer
    from
      waybill_registrations
    where
      run_key = $1
    order by
      waybill_id,
      id desc
  ) last
where
  outcome <> 'registered'
limit
  $2;

-- db/tracking/bodies.ts dropBodies: personal data: bodies of callbacks at the end of their term
update tracking_journal
set
  body = null,
  details = case
    when details ~ '(^|[^0-9])(\+ ?82|0)[-. ()]*([0-9][-. ()]*){7,10}' then null
    else details
  end
where
  id in (
    select
      id
    from
      tracking_journal
    where
      body is not null
      and received_at < now() - interval '1 day' * $1
    order by
      received_at
    limit
      $2
    for update
      skip locked
  )
returning
  id;

-- db/operations/accesses.ts deleteAccesses: personal data: access records at the end of their term
delete from personal_data_accesses
where
  id in (
    select
      id
    from
      personal_data_accesses
    where
      at < now() - interval '1 day' * $1
    order by
      at,
      id
    limit
      $2
  )
returning
  id;

-- db/orders/erase.ts lockOrdersWithPeople: personal data: orders that may have ended long enough ago
select
  order_no
from
  orders
where
  people_erased_at is null
  and coalesce(open_until, created_at) < now() - interval '1 day' * $1
order by
  coalesce(open_until, created_at),
  order_no
limit
  $2
for update
  skip locked;

-- db/orders/erase.ts noteOpenUntil: personal data: those that have not
update orders
set
  open_until = coalesce(e.ended, now())
from
  (
    select
      o.order_no,
      (
        select
          case
            when bool_and(e.at is not null) then max(e.at)
          end
        from
          (
            select
              l.finished_at as at
            from
              order_lines p
              left join delivery_lines l on l.order_no = p.order_no
              and l.line_no = p.line_no
            where
              p.order_no = o.order_no
            union all
            select
              finished_at
            from
              pickups
            where
              order_no = o.order_no
            union all
            select
              null
            from
              claims
            where
              order_no = o.order_no
              and status <> 'open'
          ) e
      ) as ended
    from
      orders o
    where
      o.order_no = any ($1)
  ) e
where
  orders.order_no = e.order_no
  and (
    e.ended is null
    or e.ended >= now() - interval '1 day' * $2
  )
returning
  orders.order_no;

-- db/orders/erase.ts lockTheirLines: personal data: those whose lines nobody has in hand
with
  mine as (
    select
      order_no
    from
      delivery_lines
    where
      order_no = any ($1)
    for update
      skip locked
  )
select
  order_no
from
  mine
group by
  order_no
having
  count(*) = (
    select
      count(*)
    from
      delivery_lines l
    where
      l.order_no = mine.order_no
  );

-- db/orders/erase.ts eraseOrders: personal data: their people and texts
with
  gone as (
    update orders o
    set
      orderer_name = '(삭제됨)',
      orderer_phone = '',
      orderer_email = null,
      receiver_name = '(삭제됨)',
      receiver_phone = '',
      receiver_zip_code = '',
      receiver_address1 = '',
      receiver_address2 = null,
      receiver_memo = null,
      people_erased_at = now(),
      updated_at = now()
    where
      o.order_no = any ($1)
      and (
        select
          case
            when bool_and(e.at is not null) then max(e.at)
          end
        from
          (
            select
              l.finished_at as at
            from
              order_lines p
              left join delivery_lines l on l.order_no = p.order_no
              and l.line_no = p.line_no
            where
              p.order_no = o.order_no
            union all
            select
              finished_at
            from
              pickups
            where
              order_no = o.order_no
            union all
            select
              null
            from
              claims
            where
              order_no = o.order_no
              and status <> 'open'
          ) e
      ) < now() - interval '1 day' * $2
    returning
      o.order_no
  ),
  lines as (
    update delivery_lines l
    set
      updated_at = now()
    from
      gone
    where
      l.order_no = gone.order_no
    returning
      l.delivery_no
  ),
  collected as (
    update pickups p
    set
      pickup_name = '(삭제됨)',
      pickup_phone = '',
      pickup_zip_code = '',
      pickup_address1 = '',
      pickup_address2 = null,
      pickup_memo = null,
      updated_at = now()
    from
      gone
    where
      p.order_no = gone.order_no
    returning
      p.pickup_no
  ),
  sent as (
    select distinct
      delivery_no
    from
      lines
  ),
  claimed as (
    update pickup_items i
    set
      reason = null
    from
      collected c
    where
      i.pickup_no = c.pickup_no
      and i.reason is not null
  ),
  pickup_reasons as (
    update pickup_history h
    set
      reason = null
    from
      collected c
    where
      h.pickup_no = c.pickup_no
      and h.reason is not null
  ),
  line_reasons as (
    update delivery_history h
    set
      reason = null
    from
      sent s
    where
      h.delivery_no = s.delivery_no
      and h.reason is not null
  ),
  scans as (
    update tracking_journal j
    set
      body = null,
      details = null
    from
      (
        select
          delivery_no as fid
        from
          sent
        union all
        select
          pickup_no
        from
          collected
      ) n
    where
      j.fid = n.fid
      and (
        j.body is not null
        or j.details is not null
      )
  ),
  line_exceptions as (
    update tracking_exceptions e
    set
      resolution = null
    from
      sent s
    where
      e.delivery_no = s.delivery_no
      and e.resolution is not null
  ),
  pickup_exceptions as (
    update tracking_exceptions e
    set
      resolution = null
    from
      collected c
    where
      e.pickup_no = c.pickup_no
      and e.resolution is not null
  )
select
  order_no
from
  gone;

-- db/deliveries/overdue.ts markOverdue: dispatch deadline: lines that have not left by their day, marked once
with
  due as (
    select
      delivery_no,
      line_no
    from
      delivery_lines
    where
      overdue_at is null
      and valid_quantity > 0
      and state in ('ordered', 'instructed', 'released', 'awaitingShipment')
      and coalesce(delay_expected_on, dispatch_due_on) < $1
    order by
      coalesce(delay_expected_on, dispatch_due_on),
      delivery_no,
      line_no
    limit
      $2
    for update
      skip locked
  ),
  marked as (
    update delivery_lines l
    set
      overdue_at = now()
    from
      due d
    where
      l.delivery_no = d.delivery_no
      and l.line_no = d.line_no
    returning
      l.*
  ),
  given as (
    select
      m.delivery_no as "delivery_no",
      m.line_no as "line_no",
      now()::timestamptz as at,
      $3::text as by,
      'overdue'::text as command,
      m.state::text as from_state,
      m.state::text as to_state,
      null::int as revision,
      null::text as reason,
      null::text as refused,
      $4::text || m.delivery_no || '-' || m.line_no::text as request_id,
      null::jsonb as snapshot,
      'delivery.overdue'::text as type,
      jsonb_strip_nulls(
        jsonb_build_object(
          'splitFrom',
          case
            when m.split_from_delivery_no is not null then jsonb_build_object('deliveryNo', m.split_from_delivery_no, 'lineNo', m.split_from_line_no)
          end
        )
      ) || jsonb_build_object(
        'deliveryNo',
        m.delivery_no,
        'lineNo',
        m.line_no,
        'orderNo',
        m.order_no,
        'kind',
        m.kind,
        'productId',
        m.product_id,
        'methodCode',
        m.method_code,
        'state',
        m.state,
        'revision',
        m.revision,
        'carrierCode',
        m.carrier_code,
        'waybillNo',
        m.waybill_no,
        'validQuantity',
        m.valid_quantity,
        'finished',
        m.finished_at is not null,
        'command',
        'overdue'::text
      )::jsonb as data
    from
      marked m
  ),
  noted as (
    insert into
      "delivery_history" (
        "delivery_no",
        "line_no",
        at,
        by,
        command,
        from_state,
        to_state,
        revision,
        reason,
        refused,
        request_id,
        snapshot
      )
    select
      "delivery_no",
      "line_no",
      at,
      by,
      command,
      from_state,
      to_state,
      revision,
      reason,
      refused,
      request_id,
      snapshot
    from
      given
    on conflict do nothing
    returning
      id,
      "delivery_no",
      "line_no",
      request_id
  ),
  told as (
    insert into
      events (type, at, subject, data, history_id)
    select
      g.type,
      g.at,
      g.delivery_no || '/' || g.line_no,
      g.data,
      n.id
    from
      noted n
      join given g using ("delivery_no", "line_no")
    where
      g.type is not null
  )
select
  count(*) as marked
from
  marked;

-- db/bulk-shipments/chunk.ts pendingRows: bulk shipment: the next rows of a job
select
  "row_no",
  "delivery_no",
  "carrier_code",
  "waybill_no",
  "quantity",
  "line_nos"
from
  "bulk_shipment_rows"
where
  "job_id" = $1
  and "status" = 'pending'
order by
  "row_no"
limit
  $2;

-- db/assembly/waiting-lines.ts waitingLines: a completed plan: lines that wait for its product, a further page
select
  w.delivery_no,
  w.line_no,
  w.started_at,
  to_char(w.ordered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as ordered_at,
  sum(w.valid_quantity) over (
    order by
      w.ordered_at,
      w.delivery_no,
      w.line_no
  ) <= p.available as fits
from
  (
    select
      (
        coalesce(s.stock, 0) - s.reserved - case
          when s.for_orders then (
            select
              coalesce(sum(l.valid_quantity), 0)::bigint
            from
              delivery_lines l
            where
              l.product_id = s.shipping_product_id
              and l.state = 'released'
          )
          else 0
        end
      ) as available
    from
      shipping_products s
    where
      s.shipping_product_id = $1
      and s.for_orders
  ) p,
  (
    select
      *
    from
      delivery_lines
    where
      product_id = $2
      and (
        "state" = 'awaitingShipment'
        and "valid_quantity" > 0
      )
      and auto_clear
      and (
        $3::timestamptz is null
        or (ordered_at, delivery_no, line_no) > ($4::timestamptz, $5::text, $6::int)
      )
    order by
      ordered_at,
      delivery_no,
      line_no
    limit
      $7
  ) w
order by
  w.ordered_at,
  w.delivery_no,
  w.line_no;

-- db/record/start.ts linesNotStarted: the sweep: lines without a workflow
select
  *
from
  "delivery_lines"
where
  started_at is null
  and created_at < now() - interval '1 ms' * $1
order by
  created_at
limit
  $2;

-- db/record/start.ts pickupsNotStarted: the sweep: pickups without a workflow
select
  *
from
  "pickups"
where
  started_at is null
  and created_at < now() - interval '1 ms' * $1
order by
  created_at
limit
  $2;

-- db/record/start.ts plansNotStarted: the sweep: plans without a workflow
select
  *
from
  "assembly_plans"
where
  started_at is null
  and created_at < now() - interval '1 ms' * $1
order by
  created_at
limit
  $2;

-- db/operations/list.ts lastRuns: the newest run of each batch
select
  r.*
from
  unnest($1::text[]) b,
  lateral (
    select
      *
    from
      batch_runs
    where
      batch = b
    order by
      id desc
    limit
      1
  ) r;

-- db/operations/list.ts runsOf: the runs of a batch, a further page
select
  *
from
  "batch_runs"
where
  "batch" = $1
  and "id" < $2
order by
  "id" desc
limit
  $3;

-- db/operations/list.ts findAccesses: a further page
select
  "id",
  "at",
  "sub",
  "ip",
  "route",
  "subject",
  subjects[1:1000] as "subjects",
  "fields",
  "reason"
from
  "personal_data_accesses"
where
  "id" < $1
order by
  "id" desc
limit
  $2;

-- db/operations/list.ts findAccesses: who saw a delivery, alone or in an export
select
  "id",
  "at",
  "sub",
  "ip",
  "route",
  "subject",
  subjects[1:1000] as "subjects",
  "fields",
  "reason"
from
  "personal_data_accesses"
where
  (
    "subject" = $1
    or subjects @> array[$2::text]
  )
order by
  "id" desc
limit
  $3;

-- db/operations/callers.ts namesOf: the names of a page of history
select
  "sub",
  "name"
from
  "caller_names"
where
  "sub" = any ($1);

-- db/operations/summary.ts countLinesByState: what waits in each state, since when, and since before today
select
  0 as n,
  'ordered' as state,
  'orderedAt' as date_field,
  c.count,
  greatest(
    0,
    c.count - (
      select
        count(*)
      from
        (
          select
            1
          from
            "delivery_lines"
          where
            state = 'ordered'
            and valid_quantity > 0
            and state <> 'canceled'
            and "ordered_at" >= date_trunc('day', now(), 'Asia/Seoul')
          order by
            "ordered_at"
          limit
            $1
        ) t
    )
  ) as before_today,
  (
    select
      min("ordered_at")
    from
      "delivery_lines"
    where
      state = 'ordered'
      and valid_quantity > 0
      and state <> 'canceled'
  ) as oldest,
  (
    select
      min("ordered_at")
    from
      "delivery_lines"
    where
      state = 'ordered'
      and valid_quantity > 0
      and state <> 'canceled'
  ) as waiting_since
from
  (
    select
      count(*) as count
    from
      (
        select
          1
        from
          "delivery_lines"
        where
          state = 'ordered'
          and valid_quantity > 0
          and state <> 'canceled'
        limit
          $2
      ) counted
  ) c
union all
select
  1 as n,
  'instructed' as state,
  'instructedAt' as date_field,
  c.count,
  greatest(
    0,
    c.count - (
      select
        count(*)
      from
        (
          select
            1
          from
            "delivery_lines"
          where
            state = 'instructed'
            and valid_quantity > 0
            and state <> 'canceled'
            and "instructed_at" >= date_trunc('day', now(), 'Asia/Seoul')
          order by
            "instructed_at"
          limit
            $3
        ) t
    )
  ) as before_today,
  (
    select
      min("ordered_at")
    from
      "delivery_lines"
    where
      state = 'instructed'
      and valid_quantity > 0
      and state <> 'canceled'
  ) as oldest,
  (
    select
      min("instructed_at")
    from
      "delivery_lines"
    where
      state = 'instructed'
      and valid_quantity > 0
      and state <> 'canceled'
  ) as waiting_since
from
  (
    select
      count(*) as count
    from
      (
        select
          1
        from
          "delivery_lines"
        where
          state = 'instructed'
          and valid_quantity > 0
          and state <> 'canceled'
        limit
          $4
      ) counted
  ) c
union all
select
  2 as n,
  'released' as state,
  'releasedAt' as date_field,
  c.count,
  greatest(
    0,
    c.count - (
      select
        count(*)
      from
        (
          select
            1
          from
            "delivery_lines"
          where
            state = 'released'
            and valid_quantity > 0
            and state <> 'canceled'
            and "released_at" >= date_trunc('day', now(), 'Asia/Seoul')
          order by
            "released_at"
          limit
            $5
        ) t
    )
  ) as before_today,
  (
    select
      min("ordered_at")
    from
      "delivery_lines"
    where
      state = 'released'
      and valid_quantity > 0
      and state <> 'canceled'
  ) as oldest,
  (
    select
      min("released_at")
    from
      "delivery_lines"
    where
      state = 'released'
      and valid_quantity > 0
      and state <> 'canceled'
  ) as waiting_since
from
  (
    select
      count(*) as count
    from
      (
        select
          1
        from
          "delivery_lines"
        where
          state = 'released'
          and valid_quantity > 0
          and state <> 'canceled'
        limit
          $6
      ) counted
  ) c
union all
select
  3 as n,
  'awaitingShipment' as state,
  'releasedAt' as date_field,
  c.count,
  greatest(
    0,
    c.count - (
      select
        count(*)
      from
        (
          select
            1
          from
            "delivery_lines"
          where
            state = 'awaitingShipment'
            and valid_quantity > 0
            and state <> 'canceled'
            and "released_at" >= date_trunc('day', now(), 'Asia/Seoul')
          order by
            "released_at"
          limit
            $7
        ) t
    )
  ) as before_today,
  (
    select
      min("ordered_at")
    from
      "delivery_lines"
    where
      state = 'awaitingShipment'
      and valid_quantity > 0
      and state <> 'canceled'
  ) as oldest,
  (
    select
      min("released_at")
    from
      "delivery_lines"
    where
      state = 'awaitingShipment'
      and valid_quantity > 0
      and state <> 'canceled'
  ) as waiting_since
from
  (
    select
      count(*) as count
    from
      (
        select
          1
        from
          "delivery_lines"
        where
          state = 'awaitingShipment'
          and valid_quantity > 0
          and state <> 'canceled'
        limit
          $8
      ) counted
  ) c
union all
select
  4 as n,
  'shipped' as state,
  'shippedAt' as date_field,
  c.count,
  greatest(
    0,
    c.count - (
      select
        count(*)
      from
        (
          select
            1
          from
            "delivery_lines"
          where
            state = 'shipped'
            and valid_quantity > 0
            and state <> 'canceled'
            and "shipped_at" >= date_trunc('day', now(), 'Asia/Seoul')
          order by
            "shipped_at"
          limit
            $9
        ) t
    )
  ) as before_today,
  (
    select
      min("ordered_at")
    from
      "delivery_lines"
    where
      state = 'shipped'
      and valid_quantity > 0
      and state <> 'canceled'
  ) as oldest,
  (
    select
      min("shipped_at")
    from
      "delivery_lines"
    where
      state = 'shipped'
      and valid_quantity > 0
      and state <> 'canceled'
  ) as waiting_since
from
  (
    select
      count(*) as count
    from
      (
        select
          1
        from
          "delivery_lines"
        where
          state = 'shipped'
          and valid_quantity > 0
          and state <> 'canceled'
        limit
          $10
      ) counted
  ) c
union all
select
  5 as n,
  'delivered' as state,
  'deliveredAt' as date_field,
  c.count,
  greatest(
    0,
    c.count - (
      select
        count(*)
      from
        (
          select
            1
          from
            "delivery_lines"
          where
            state = 'delivered'
            and valid_quantity > 0
            and state <> 'canceled'
            and "delivered_at" >= date_trunc('day', now(), 'Asia/Seoul')
          order by
            "delivered_at"
          limit
            $11
        ) t
    )
  ) as before_today,
  (
    select
      min("ordered_at")
    from
      "delivery_lines"
    where
      state = 'delivered'
      and valid_quantity > 0
      and state <> 'canceled'
  ) as oldest,
  (
    select
      min("delivered_at")
    from
      "delivery_lines"
    where
      state = 'delivered'
      and valid_quantity > 0
      and state <> 'canceled'
  ) as waiting_since
from
  (
    select
      count(*) as count
    from
      (
        select
          1
        from
          "delivery_lines"
        where
          state = 'delivered'
          and valid_quantity > 0
          and state <> 'canceled'
        limit
          $12
      ) counted
  ) c
order by
  n;

-- db/operations/summary.ts countPickupsByState: the same of pickups
select
  0 as n,
  'requested' as state,
  'requestedAt' as date_field,
  c.count,
  greatest(
    0,
    c.count - (
      select
        count(*)
      from
        (
          select
            1
          from
            "pickups"
          where
            state = 'requested'
            and "requested_at" >= date_trunc('day', now(), 'Asia/Seoul')
          order by
            "requested_at"
          limit
            $1
        ) t
    )
  ) as before_today,
  (
    select
      min("requested_at")
    from
      "pickups"
    where
      state = 'requested'
  ) as oldest,
  (
    select
      min("requested_at")
    from
      "pickups"
    where
      state = 'requested'
  ) as waiting_since
from
  (
    select
      count(*) as count
    from
      (
        select
          1
        from
          "pickups"
        where
          state = 'requested'
        limit
          $2
      ) counted
  ) c
union all
select
  1 as n,
  'instructed' as state,
  'instructedAt' as date_field,
  c.count,
  greatest(
    0,
    c.count - (
      select
        count(*)
      from
        (
          select
            1
          from
            "pickups"
          where
            state = 'instructed'
            and "instructed_at" >= date_trunc('day', now(), 'Asia/Seoul')
          order by
            "instructed_at"
          limit
            $3
        ) t
    )
  ) as before_today,
  (
    select
      min("requested_at")
    from
      "pickups"
    where
      state = 'instructed'
  ) as oldest,
  (
    select
      min("instructed_at")
    from
      "pickups"
    where
      state = 'instructed'
  ) as waiting_since
from
  (
    select
      count(*) as count
    from
      (
        select
          1
        from
          "pickups"
        where
          state = 'instructed'
        limit
          $4
      ) counted
  ) c
union all
select
  2 as n,
  'confirmed' as state,
  'confirmedAt' as date_field,
  c.count,
  greatest(
    0,
    c.count - (
      select
        count(*)
      from
        (
          select
            1
          from
            "pickups"
          where
            state = 'confirmed'
            and "confirmed_at" >= date_trunc('day', now(), 'Asia/Seoul')
          order by
            "confirmed_at"
          limit
            $5
        ) t
    )
  ) as before_today,
  (
    select
      min("requested_at")
    from
      "pickups"
    where
      state = 'confirmed'
  ) as oldest,
  (
    select
      min("confirmed_at")
    from
      "pickups"
    where
      state = 'confirmed'
  ) as waiting_since
from
  (
    select
      count(*) as count
    from
      (
        select
          1
        from
          "pickups"
        where
          state = 'confirmed'
        limit
          $6
      ) counted
  ) c
union all
select
  3 as n,
  'completed' as state,
  'completedAt' as date_field,
  c.count,
  greatest(
    0,
    c.count - (
      select
        count(*)
      from
        (
          select
            1
          from
            "pickups"
          where
            state = 'completed'
            and "completed_at" >= date_trunc('day', now(), 'Asia/Seoul')
          order by
            "completed_at"
          limit
            $7
        ) t
    )
  ) as before_today,
  (
    select
      min("requested_at")
    from
      "pickups"
    where
      state = 'completed'
  ) as oldest,
  (
    select
      min("completed_at")
    from
      "pickups"
    where
      state = 'completed'
  ) as waiting_since
from
  (
    select
      count(*) as count
    from
      (
        select
          1
        from
          "pickups"
        where
          state = 'completed'
        limit
          $8
      ) counted
  ) c
union all
select
  4 as n,
  'refused' as state,
  'requestedAt' as date_field,
  c.count,
  greatest(
    0,
    c.count - (
      select
        count(*)
      from
        (
          select
            1
          from
            "pickups"
          where
            state = 'refused'
            and "requested_at" >= date_trunc('day', now(), 'Asia/Seoul')
          order by
            "requested_at"
          limit
            $9
        ) t
    )
  ) as before_today,
  (
    select
      min("requested_at")
    from
      "pickups"
    where
      state = 'refused'
  ) as oldest,
  (
    select
      min("requested_at")
    from
      "pickups"
    where
      state = 'refused'
  ) as waiting_since
from
  (
    select
      count(*) as count
    from
      (
        select
          1
        from
          "pickups"
        where
          state = 'refused'
        limit
          $10
      ) counted
  ) c
union all
select
  5 as n,
  'withdrawn' as state,
  'requestedAt' as date_field,
  c.count,
  greatest(
    0,
    c.count - (
      select
        count(*)
      from
        (
          select
            1
          from
            "pickups"
          where
            state = 'withdrawn'
            and "requested_at" >= date_trunc('day', now(), 'Asia/Seoul')
          order by
            "requested_at"
          limit
            $11
        ) t
    )
  ) as before_today,
  (
    select
      min("requested_at")
    from
      "pickups"
    where
      state = 'withdrawn'
  ) as oldest,
  (
    select
      min("requested_at")
    from
      "pickups"
    where
      state = 'withdrawn'
  ) as waiting_since
from
  (
    select
      count(*) as count
    from
      (
        select
          1
        from
          "pickups"
        where
          state = 'withdrawn'
        limit
          $12
      ) counted
  ) c
order by
  n;

-- db/operations/summary.ts movedByHour: yesterday and today by the hour
select
  to_char(h.day, 'YYYY-MM-DD') as date,
  h.hour,
  (
    select
      count(*)
    from
      (
        select
          1
        from
          delivery_lines
        where
          "ordered_at" >= h.start
          and "ordered_at" < h.start + interval '1 hour'
          and valid_quantity > 0
          and state <> 'canceled'
        order by
          "ordered_at"
        limit
          $1
      ) c
  ) as ordered,
  (
    select
      count(*)
    from
      (
        select
          1
        from
          delivery_lines
        where
          "instructed_at" >= h.start
          and "instructed_at" < h.start + interval '1 hour'
          and valid_quantity > 0
          and state <> 'canceled'
        order by
          "instructed_at"
        limit
          $2
      ) c
  ) as instructed,
  (
    select
      count(*)
    from
      (
        select
          1
        from
          delivery_lines
        where
          "shipped_at" >= h.start
          and "shipped_at" < h.start + interval '1 hour'
          and valid_quantity > 0
          and state <> 'canceled'
        order by
          "shipped_at"
        limit
          $3
      ) c
  ) as shipped,
  (
    select
      count(*)
    from
      (
        select
          1
        from
          delivery_lines
        where
          "delivered_at" >= h.start
          and "delivered_at" < h.start + interval '1 hour'
          and valid_quantity > 0
          and state <> 'canceled'
        order by
          "delivered_at"
        limit
          $4
      ) c
  ) as delivered
from
  (
    select
      d.day,
      n.hour,
      d.day::timestamp at time zone 'Asia/Seoul' + interval '1 hour' * n.hour as start
    from
      (
        select
          (now() at time zone 'Asia/Seoul')::date - back as day
        from
          generate_series(0, 1) back
      ) d,
      generate_series(0, 23) n (hour)
  ) h
order by
  h.day desc,
  h.hour;

-- db/operations/dispatch.ts countDue: what must leave, by place
select
  status,
  place_no,
  count(*) as count
from
  (
    (
      select
        'late' as status,
        place_no
      from
        delivery_lines
      where
        (
          (
            "valid_quantity" > 0
            and "state" <> 'canceled'
          )
          and (
            "state" in ('ordered', 'instructed', 'released', 'awaitingShipment')
            and "delay_expected_on" is null
            and "dispatch_due_on" < $1
          )
        )
      order by
        state,
        "dispatch_due_on"
      limit
        $2
    )
    union all
    (
      select
        'today' as status,
        place_no
      from
        delivery_lines
      where
        (
          (
            "valid_quantity" > 0
            and "state" <> 'canceled'
          )
          and (
            "state" in ('ordered', 'instructed', 'released', 'awaitingShipment')
            and "delay_expected_on" is null
            and "dispatch_due_on" = $3
          )
        )
      order by
        state,
        "dispatch_due_on"
      limit
        $4
    )
    union all
    (
      select
        'tomorrow' as status,
        place_no
      from
        delivery_lines
      where
        (
          (
            "valid_quantity" > 0
            and "state" <> 'canceled'
          )
          and (
            "state" in ('ordered', 'instructed', 'released', 'awaitingShipment')
            and "delay_expected_on" is null
            and "dispatch_due_on" = $5
          )
        )
      order by
        state,
        "dispatch_due_on"
      limit
        $6
    )
    union all
    (
      select
        'notice-missed' as status,
        place_no
      from
        delivery_lines
      where
        (
          (
            "valid_quantity" > 0
            and "state" <> 'canceled'
          )
          and (
            "state" in ('ordered', 'instructed', 'released', 'awaitingShipment')
            and "delay_expected_on" < $7
          )
        )
      order by
        state,
        "delay_expected_on"
      limit
        $8
    )
  ) l
group by
  status,
  place_no;

-- db/operations/dispatch.ts performanceOf: a month of one place
select
  dispatch_due_on as date,
  place_no,
  count(*) as due,
  count(*) filter (
    where
      (shipped_at at time zone 'Asia/Seoul')::date <= dispatch_due_on
  ) as on_time,
  count(*) filter (
    where
      (shipped_at at time zone 'Asia/Seoul')::date > dispatch_due_on
      or (
        shipped_at is null
        and dispatch_due_on < $1::date
      )
  ) as late,
  count(*) filter (
    where
      shipped_at is null
      and dispatch_due_on >= $2::date
  ) as open
from
  delivery_lines
where
  dispatch_due_on between $3::date and $4::date
  and state <> 'canceled'
  and (
    shipped_at is not null
    or valid_quantity > 0
  )
  and place_no = $5
group by
  dispatch_due_on,
  place_no
order by
  dispatch_due_on,
  place_no;

-- db/orders/timeline.ts lineHistoryOfOrder: the history of all lines of an order
select
  h.delivery_no,
  h.line_no,
  null as pickup_no,
  h.at,
  h.by,
  h.command,
  h.from_state,
  h.to_state,
  h.revision,
  h.reason,
  h.refused
from
  deliveries d
  join lateral (
    select
      *
    from
      delivery_history o
    where
      o.delivery_no = d.delivery_no
      and o.voided_at is null
    order by
      o.at desc
    limit
      $1
  ) h on true
where
  d.order_no = $2
order by
  h.at desc,
  h.id desc
limit
  $3;

-- db/orders/timeline.ts pickupHistoryOfOrder: the history of all pickups of an order
select
  null as delivery_no,
  null as line_no,
  h.pickup_no,
  h.at,
  h.by,
  h.command,
  h.from_state,
  h.to_state,
  h.revision,
  h.reason,
  h.refused
from
  pickups p
  join lateral (
    select
      *
    from
      pickup_history o
    where
      o.pickup_no = p.pickup_no
      and o.voided_at is null
    order by
      o.at desc
    limit
      $1
  ) h on true
where
  p.order_no = $2
order by
  h.at desc,
  h.id desc
limit
  $3;

-- db/orders/timeline.ts scansOfOrder: the scans of an order’s parcels
select
  kind,
  fid,
  waybill_no,
  level,
  scanned_at,
  place,
  details
from
  (
    select distinct
      on (id) *
    from
      (
        select
          n.kind,
          n.fid,
          0 as rank,
          j.id,
          j.waybill_no,
          j.level,
          j.scanned_at,
          j.place,
          j.details
        from
          (
            select
              'delivery' as kind,
              delivery_no as fid
            from
              deliveries
            where
              order_no = $1
            union all
            select
              'pickup',
              pickup_no
            from
              pickups
            where
              order_no = $2
          ) n
          join tracking_journal j on j.fid = n.fid
        where
          coalesce(j.outcome, '') not in ('unknown-number', 'waybill-mismatch')
        union all
        select
          'delivery'::text as kind,
          r."delivery_no" as fid,
          1 as rank,
          j.id,
          j.waybill_no,
          j.level,
          j.scanned_at,
          j.place,
          j.details
        from
          "delivery_lines" r
          join lateral (
            select
              w.opened_at
            from
              waybills w
            where
              w.waybill_no = r.waybill_no
              and w.carrier_code = r.carrier_code
              and w.opened_at <= coalesce(r.finished_at, 'infinity')
            order by
              w.id desc
            limit
              1
          ) w on true
          join tracking_journal j on j.waybill_no = r.waybill_no
          and j.received_at >= w.opened_at
          and j.received_at <= coalesce(r.finished_at, 'infinity')
          and coalesce(j.carrier_code, r.carrier_code) = r.carrier_code
        where
          r.order_no = $3
          and coalesce(j.outcome, '') not in ('unknown-number', 'waybill-mismatch')
        union all
        select
          'pickup'::text as kind,
          r."pickup_no" as fid,
          1 as rank,
          j.id,
          j.waybill_no,
          j.level,
          j.scanned_at,
          j.place,
          j.details
        from
          "pickups" r
          join lateral (
            select
              w.opened_at
            from
              waybills w
            where
              w.waybill_no = r.waybill_no
              and w.carrier_code = r.carrier_code
              and w.opened_at <= coalesce(r.finished_at, 'infinity')
            order by
              w.id desc
            limit
              1
          ) w on true
          join tracking_journal j on j.waybill_no = r.waybill_no
          and j.received_at >= w.opened_at
          and j.received_at <= coalesce(r.finished_at, 'infinity')
          and coalesce(j.carrier_code, r.carrier_code) = r.carrier_code
        where
          r.order_no = $4
          and coalesce(j.outcome, '') not in ('unknown-number', 'waybill-mismatch')
      ) found
    order by
      id,
      rank,
      fid
  ) once
order by
  scanned_at desc,
  id desc
limit
  $5;

-- db/record/list.ts findLineKeys: the next delivery lines to compare with their workflows
select
  "o"."order_no",
  "o"."line_no",
  "o"."delivery_no"
from
  "order_lines" as "o"
where
  ("o"."order_no", "o"."line_no") > ($1, $2)
order by
  "o"."order_no",
  "o"."line_no"
limit
  $3;

-- db/record/list.ts findPickupKeys: the next pickups
select
  "pickup_no"
from
  "pickups"
where
  "pickup_no" > $1
order by
  "pickup_no"
limit
  $2;

-- db/record/list.ts findPlanKeys: the next assembly plans
select
  "assembly_plan_uid"
from
  "assembly_plans"
where
  "assembly_plan_uid" > $1
order by
  "assembly_plan_uid"
limit
  $2;

-- db/printing/find.ts linesToPrint: a delivery with all its lines, and one line of another
select
  "l"."delivery_no",
  "l"."line_no",
  "l"."order_no",
  "l"."state",
  "l"."valid_quantity",
  "l"."product_id",
  "l"."method_code",
  "l"."carrier_code",
  "l"."waybill_no",
  "p"."product_name",
  "p"."option_name",
  "s"."place_no",
  "s"."place_name"
from
  (
    select
      l.delivery_no,
      l.line_no,
      min(t.at) as at
    from
      unnest($1::text[], $2::integer[]) with ordinality as t (delivery_no, line_no, at)
      join delivery_lines l on l.delivery_no = t.delivery_no
      and (
        t.line_no is null
        or l.line_no = t.line_no
      )
    group by
      l.delivery_no,
      l.line_no
  ) as "w"
  inner join "delivery_lines" as "l" on "l"."delivery_no" = "w"."delivery_no"
  and "l"."line_no" = "w"."line_no"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  left join "shipping_places" as "s" on "s"."place_no" = "l"."place_no"
order by
  "w"."at",
  "l"."line_no"
limit
  $3;

-- db/printing/find.ts ordersToPrint: the orders of what is printed
select
  *
from
  "orders"
where
  "order_no" = any ($1);

-- db/printing/find.ts printsOf: what was printed of a delivery
select
  "kind",
  "at",
  "by",
  "copy",
  "carrier_code",
  "waybill_no"
from
  "prints"
where
  "delivery_no" = $1
order by
  "id" desc
limit
  $2;

-- db/packing/prune.ts prunePrints: prints of finished deliveries, page by page
with
  page as (
    select
      id,
      delivery_no,
      at
    from
      prints
    where
      id > $1
    order by
      id
    limit
      $2
  ),
  old as (
    select
      *
    from
      page
    where
      at < now() - $3::interval
  ),
  gone as (
    delete from prints p using old o
    where
      p.id = o.id
      and (
        select
          l.line_no
        from
          delivery_lines l
        where
          l."delivery_no" = o."delivery_no"
          and l.finished_at is null
        limit
          1
      ) is null
    returning
      p.id
  )
select
  (
    select
      count(*)
    from
      old
  ) as seen,
  (
    select
      max(id)
    from
      old
  ) as last,
  (
    select
      count(*)
    from
      gone
  ) as gone;

-- db/events/list.ts findEvents: a further page of the feed
select
  e.id,
  e.type,
  e.at,
  e.subject,
  case
    when e.corrects is null then e.data
    else e.data || jsonb_build_object(
      'corrects',
      (
        select
          c.id::text
        from
          events c
        where
          c.key = e.corrects
      )
    )
  end as data
from
  events e
where
  e.id > $1
  and e.id <= $2
  and (
    $3::text[] is null
    or e.type = any ($4::text[])
  )
order by
  e.id
limit
  $5;

-- db/events/list.ts findEvents: some types
select
  e.id,
  e.type,
  e.at,
  e.subject,
  case
    when e.corrects is null then e.data
    else e.data || jsonb_build_object(
      'corrects',
      (
        select
          c.id::text
        from
          events c
        where
          c.key = e.corrects
      )
    )
  end as data
from
  events e
where
  e.id > $1
  and e.id <= $2
  and (
    $3::text[] is null
    or e.type = any ($4::text[])
  )
order by
  e.id
limit
  $5;

-- db/events/list.ts eventsOfSubject: of one line
select
  e.id,
  e.type,
  e.at,
  e.subject,
  case
    when e.corrects is null then e.data
    else e.data || jsonb_build_object(
      'corrects',
      (
        select
          c.id::text
        from
          events c
        where
          c.key = e.corrects
      )
    )
  end as data
from
  events e
where
  e.subject = $1
  and e.id is not null
order by
  e.key desc
limit
  $2;

-- db/events/list.ts lastEventId: the last in order
select
  id
from
  event_head
where
  one;

-- db/events/list.ts oldestEventId: the oldest that is kept
select
  id
from
  events
where
  id is not null
order by
  id
limit
  1;

-- db/events/list.ts hasEvent: whether one is kept
select
  id
from
  events
where
  id = $1
limit
  1;

-- db/events/order.ts hasUnordered: whether there are any
select
  key
from
  events
where
  id is null
order by
  key
limit
  1;

-- db/events/order.ts orderSome: the next that are committed
with
  due as (
    select
      key,
      stored_at
    from
      events
    where
      id is null
    order by
      key
    limit
      $1
  ),
  keys as (
    select
      array_agg(
        key
        order by
          key
      ) as keys,
      count(*) as count,
      min(stored_at) as first,
      max(stored_at) as last
    from
      due
  ),
  head as (
    update event_head
    set
      id = event_head.id + (
        select
          count
        from
          keys
      )
    where
      one
      and exists (
        select
        from
          due
      )
    returning
      event_head.id - (
        select
          count
        from
          keys
      ) as before
  ),
  ordered as (
    update events e
    set
      id = (
        select
          before
        from
          head
      ) + array_position(
        (
          select
            keys
          from
            keys
        ),
        e.key
      )
    where
      e.key = any (
        (
          select
            keys
          from
            keys
        )::bigint[]
      )
      and e.stored_at between (
        select
          first
        from
          keys
      ) and (
        select
          last
        from
          keys
      )
      and exists (
        select
        from
          head
      )
    returning
      e.id
  )
select
  count(*) as ordered
from
  ordered;

-- db/webhooks/list.ts findWebhooks: all, with what waits
select
  w.id,
  w.url,
  w.types,
  w.description,
  w.old_secret_until,
  w.enabled,
  w.disabled_reason,
  w.failing_since,
  w.last_success_at,
  w.told_until,
  w.created_at,
  w.created_by,
  w.asked_at,
  (
    select
      count(*)
    from
      (
        select
        from
          webhook_deliveries d
        where
          d.webhook_id = w.id
          and d.state = 'waiting'
        limit
          10000
      ) counted
  ) as waiting,
  case
    when w.failing_since is not null then (
      select
        last
      from
        (
          (
            select
              attempts -> -1 as last
            from
              webhook_deliveries
            where
              webhook_id = w.id
              and state = 'waiting'
            order by
              event_id
            limit
              200
          )
          union all
          (
            select
              attempts -> -1
            from
              webhook_deliveries
            where
              webhook_id = w.id
              and state = 'failed'
            order by
              event_id desc
            limit
              200
          )
        ) tried
      where
        coalesce((last ->> 'status')::int, 0) not between 200 and 299
        and last is not null
      order by
        last ->> 'at' desc
      limit
        1
    )
  end as last_failure
from
  webhooks w
order by
  w.id;

-- db/webhooks/list.ts findWebhook: one
select
  w.id,
  w.url,
  w.types,
  w.description,
  w.old_secret_until,
  w.enabled,
  w.disabled_reason,
  w.failing_since,
  w.last_success_at,
  w.told_until,
  w.created_at,
  w.created_by,
  w.asked_at,
  (
    select
      count(*)
    from
      (
        select
        from
          webhook_deliveries d
        where
          d.webhook_id = w.id
          and d.state = 'waiting'
        limit
          10000
      ) counted
  ) as waiting,
  case
    when w.failing_since is not null then (
      select
        last
      from
        (
          (
            select
              attempts -> -1 as last
            from
              webhook_deliveries
            where
              webhook_id = w.id
              and state = 'waiting'
            order by
              event_id
            limit
              200
          )
          union all
          (
            select
              attempts -> -1
            from
              webhook_deliveries
            where
              webhook_id = w.id
              and state = 'failed'
            order by
              event_id desc
            limit
              200
          )
        ) tried
      where
        coalesce((last ->> 'status')::int, 0) not between 200 and 299
        and last is not null
      order by
        last ->> 'at' desc
      limit
        1
    )
  end as last_failure
from
  webhooks w
where
  w.id = $1;

-- db/webhooks/list.ts findDeliveries: the newest of an endpoint
select
  e.id,
  e.type,
  e.at,
  e.subject,
  case
    when e.corrects is null then e.data
    else e.data || jsonb_build_object(
      'corrects',
      (
        select
          c.id::text
        from
          events c
        where
          c.key = e.corrects
      )
    )
  end as data,
  d.event_id,
  d.subject,
  d.state,
  d.tries,
  d.attempts,
  case
    when d.state = 'waiting'
    and d.enabled
    and not exists (
      select
      from
        webhook_deliveries f
      where
        f.webhook_id = $1
        and f.subject = d.subject
        and f.state = 'waiting'
        and f.event_id < d.event_id
    ) then l.next_at
  end as next_at
from
  (
    select
      d.*,
      w.enabled
    from
      webhooks w
      join webhook_deliveries d on d.webhook_id = w.id
    where
      w.id = $2
      and d.webhook_id = $3
    order by
      d.event_id desc
    limit
      $4
  ) d
  left join events e on e.id = d.event_id
  and e.stored_at = d.stored_at
  left join webhook_lines l on l.webhook_id = $5
  and l.subject = d.subject
order by
  d.event_id desc;

-- db/webhooks/list.ts findDeliveries: a further page of one state
select
  e.id,
  e.type,
  e.at,
  e.subject,
  case
    when e.corrects is null then e.data
    else e.data || jsonb_build_object(
      'corrects',
      (
        select
          c.id::text
        from
          events c
        where
          c.key = e.corrects
      )
    )
  end as data,
  d.event_id,
  d.subject,
  d.state,
  d.tries,
  d.attempts,
  case
    when d.state = 'waiting'
    and d.enabled
    and not exists (
      select
      from
        webhook_deliveries f
      where
        f.webhook_id = $1
        and f.subject = d.subject
        and f.state = 'waiting'
        and f.event_id < d.event_id
    ) then l.next_at
  end as next_at
from
  (
    select
      d.*,
      w.enabled
    from
      webhooks w
      join webhook_deliveries d on d.webhook_id = w.id
    where
      w.id = $2
      and d.webhook_id = $3
      and d.state = $4
      and d.event_id < $5
    order by
      d.event_id desc
    limit
      $6
  ) d
  left join events e on e.id = d.event_id
  and e.stored_at = d.stored_at
  left join webhook_lines l on l.webhook_id = $7
  and l.subject = d.subject
order by
  d.event_id desc;

-- db/webhooks/distribute.ts enabledWebhooks: who may be told
select
  id,
  url,
  secret,
  told_until,
  failing_since,
  case
    when old_secret_until > now() then old_secret
  end as old_secret
from
  webhooks
where
  enabled
order by
  id;

-- db/webhooks/distribute.ts handOut: the next events for an endpoint
with
  page as materialized (
    select
      e.id,
      e.stored_at,
      e.subject,
      case
        when e.type = 'webhook.test' then e.subject = 'webhook/' || w.id
        else w.types && array['*', e.type]
      end as wanted
    from
      webhooks w
      cross join lateral (
        select
          *
        from
          events e
        where
          e.id > $1
          and e.id <= $2
        order by
          e.id
        limit
          $3
      ) e
    where
      w.id = $4
  ),
  added as (
    insert into
      webhook_deliveries (webhook_id, event_id, stored_at, subject)
    select
      $5::bigint,
      id,
      stored_at,
      subject
    from
      page
    where
      wanted
    on conflict do nothing
    returning
      subject
  ),
  lines as (
    insert into
      webhook_lines (webhook_id, subject)
    select distinct
      $6::bigint,
      subject
    from
      added
    order by
      subject
    on conflict (webhook_id, subject) do update
    set
      version = webhook_lines.version + 1
  ),
  moved as (
    update webhooks
    set
      told_until = coalesce(
        (
          select
            max(id)
          from
            page
          having
            count(*) = $7
        ),
        $8::bigint
      )
    where
      id = $9
  )
select
  (
    select
      count(*)
    from
      page
  ) as seen;

-- db/webhooks/distribute.ts openReplays: ranges asked for once more
select
  r.id
from
  webhook_replays r
  join webhooks w on w.id = r.webhook_id
where
  w.enabled
order by
  r.id;

-- db/webhooks/distribute.ts handOutAgain: the next events of such a range
with
  page as materialized (
    select
      e.id,
      e.stored_at,
      e.subject,
      e.type <> 'webhook.test'
      and e.at between r.from_at and r.to_at
      and r.types && array['*', e.type] as wanted
    from
      webhook_replays r
      cross join lateral (
        select
          *
        from
          events e
        where
          e.id > $1
          and e.id <= r.up_to
          and e.stored_at >= r.from_at - interval '1 hour'
        order by
          e.id
        limit
          $2
      ) e
    where
      r.id = $3
  ),
  again as (
    insert into
      webhook_deliveries (webhook_id, event_id, stored_at, subject)
    select
      $4::bigint,
      id,
      stored_at,
      subject
    from
      page
    where
      wanted
    on conflict (webhook_id, event_id) do update
    set
      state = 'waiting',
      tries = 0,
      finished_at = null
    returning
      subject
  ),
  lines as (
    insert into
      webhook_lines (webhook_id, subject)
    select distinct
      $5::bigint,
      subject
    from
      again
    order by
      subject
    on conflict (webhook_id, subject) do update
    set
      version = webhook_lines.version + 1,
      next_at = now()
  ),
  moved as (
    update webhook_replays
    set
      replayed_until = (
        select
          max(id)
        from
          page
      )
    where
      id = $6
      and (
        select
          count(*)
        from
          page
      ) = $7
  ),
  ended as (
    delete from webhook_replays
    where
      id = $8
      and (
        select
          count(*)
        from
          page
      ) < $9
  )
select
  (
    select
      count(*)
    from
      page
  ) as seen;

-- db/webhooks/take.ts takeLines: lines that are due
update webhook_lines l
set
  leased_until = clock_timestamp() + $1 * interval '1 second'
from
  (
    select
      subject
    from
      webhook_lines
    where
      webhook_id = $2
      and next_at <= now()
      and (
        leased_until is null
        or leased_until < now()
      )
      and exists (
        select
        from
          webhooks
        where
          id = $3
          and enabled
      )
    order by
      next_at
    limit
      $4
    for update
      skip locked
  ) due
where
  l.webhook_id = $5
  and l.subject = due.subject
returning
  l.subject,
  l.version,
  l.leased_until::text as lease;

-- db/webhooks/take.ts waitingEvents: what waits on them
select
  e.id,
  e.type,
  e.at,
  e.subject,
  case
    when e.corrects is null then e.data
    else e.data || jsonb_build_object(
      'corrects',
      (
        select
          c.id::text
        from
          events c
        where
          c.key = e.corrects
      )
    )
  end as data,
  d.event_id,
  d.tries,
  d.subject
from
  unnest($1::text[]) s (subject)
  cross join lateral (
    select
      event_id,
      tries,
      subject,
      stored_at
    from
      webhook_deliveries
    where
      webhook_id = $2
      and subject = s.subject
      and state = 'waiting'
    order by
      event_id
    limit
      $3
  ) d
  left join events e on e.id = d.event_id
  and e.stored_at = d.stored_at
order by
  d.subject,
  d.event_id;

-- db/webhooks/finish.ts storeTold: what became of an event
update webhook_deliveries d
set
  state = g.state,
  tries = g.tries,
  attempts = case
    when jsonb_array_length(d.attempts) >= $1 then d.attempts - 0
    else d.attempts
  end || g.attempt,
  finished_at = case
    when g.state = 'waiting' then null
    else now()
  end
from
  jsonb_to_recordset($2::jsonb) as g ("webhookId" bigint, "eventId" bigint, state text, tries int, attempt jsonb)
where
  d.webhook_id = g."webhookId"
  and d.event_id = g."eventId";

-- db/webhooks/finish.ts pruneDeliveries: what is no longer kept
delete from webhook_deliveries d using (
  select
    w.id,
    e.event_id
  from
    webhooks w
    cross join lateral (
      select
        event_id
      from
        webhook_deliveries
      where
        webhook_id = w.id
        and event_id < $1
      order by
        event_id
      limit
        5000
    ) e
) old
where
  d.webhook_id = old.id
  and d.event_id = old.event_id
returning
  d.event_id;

-- db/webhooks/health.ts webhookHealth: how they do
select
  count(*) filter (
    where
      enabled
  ) as enabled,
  count(*) filter (
    where
      enabled
      and failing_since is not null
  ) as failing,
  count(*) filter (
    where
      disabled_reason <> 'operator'
  ) as disabled,
  coalesce(
    max(
      case
        when enabled
        and failing_since is null then greatest(
          0,
          extract(
            epoch
            from
              now() - due.next_at
          )
        )
      end
    ),
    0
  )::float8 as "dueSeconds"
from
  (
    select
      *
    from
      webhooks
    order by
      id
    limit
      100
  ) w
  left join lateral (
    select
      next_at
    from
      webhook_lines l
    where
      l.webhook_id = w.id
      and next_at <= now()
      and leased_until is null
    order by
      next_at
    limit
      1
  ) due on true;

-- db/notices/list.ts findNotices: a further page
select
  "id",
  "event_id",
  "type",
  "happened_at",
  "subject",
  "order_no",
  "state",
  "reason",
  "due_at",
  "attempts",
  "attempts_left",
  "resent_at",
  "sending_at",
  "provider",
  "template_code",
  "message_id",
  "sent_at",
  "created_at",
  "updated_at"
from
  "notices"
where
  "id" < $1
order by
  "id" desc
limit
  $2;

-- db/notices/list.ts findNotices: those that failed
select
  "id",
  "event_id",
  "type",
  "happened_at",
  "subject",
  "order_no",
  "state",
  "reason",
  "due_at",
  "attempts",
  "attempts_left",
  "resent_at",
  "sending_at",
  "provider",
  "template_code",
  "message_id",
  "sent_at",
  "created_at",
  "updated_at"
from
  "notices"
where
  "state" = $1
order by
  "id" desc
limit
  $2;

-- db/notices/list.ts findNotices: of one order
select
  "id",
  "event_id",
  "type",
  "happened_at",
  "subject",
  "order_no",
  "state",
  "reason",
  "due_at",
  "attempts",
  "attempts_left",
  "resent_at",
  "sending_at",
  "provider",
  "template_code",
  "message_id",
  "sent_at",
  "created_at",
  "updated_at"
from
  "notices"
where
  "order_no" = $1
order by
  "id" desc
limit
  $2;

-- db/notices/resend.ts lockNotices: some, to be sent again
select
  "id",
  "state"
from
  "notices"
where
  "id" = any ($1)
order by
  "id"
for update;

-- db/notices/list.ts waitingNotices: how many wait
select
  count(*) as count,
  coalesce(
    extract(
      epoch
      from
        now() - min(due_at) filter (
          where
            due_at < now()
        )
    ),
    0
  )::float as late
from
  notices
where
  state = 'waiting';

-- db/notices/rules.ts findNoticeRules: every rule
select
  *
from
  "notice_rules"
order by
  "type";

-- db/notices/take.ts takeNotices: the next that are due
update notices
set
  state = 'sending',
  attempts = attempts + 1,
  attempts_left = attempts_left - 1,
  sending_at = now(),
  reason = null,
  updated_at = now()
where
  id in (
    select
      id
    from
      notices
    where
      state = 'waiting'
      and due_at <= now()
    order by
      due_at,
      id
    limit
      $1
    for update
      skip locked
  )
returning
  id,
  type,
  attempts,
  attempts_left;

-- db/notices/facts.ts factsOfNotice: what a message is made of
select
  coalesce(n.resent_at, n.happened_at) as since,
  now() as now,
  n.happened_at,
  n.type,
  n.data,
  n.order_no,
  n.data ->> 'expectedOn' as expected_on,
  exists (
    select
    from
      events c
    where
      c.subject = n.subject
      and c.corrects = (
        select
          o.key
        from
          events o
        where
          o.id = n.event_id
        limit
          1
      )
  ) as taken_back,
  exists (
    select
    from
      events u
    where
      u.subject = n.subject
      and u.type in ('delivery.undone', 'delivery.reopened')
      and u.corrects is null
      and u.key > (
        select
          o.key
        from
          events o
        where
          o.id = n.event_id
        limit
          1
      )
  ) as undone,
  o.order_no as known_order,
  o.receiver_name,
  o.receiver_phone,
  o.orderer_name,
  o.channel,
  o.notices,
  case
    when r.type is not null then jsonb_build_object('templateCode', r.template_code, 'text', r.text, 'variables', r.variables, 'enabled', r.enabled)
  end as rule,
  (
    select
      coalesce(
        jsonb_agg(
          jsonb_build_object('product_name', p.product_name, 'option_name', p.option_name, 'quantity', g.quantity)
          order by
            p.line_no
        ),
        '[]'
      )
    from
      (
        select
          (n.data ->> 'lineNo')::integer as line_no,
          (n.data ->> 'validQuantity')::integer as quantity
        where
          n.data ? 'lineNo'
        union all
        select
          (i ->> 'lineNo')::integer,
          (i ->> 'quantity')::integer
        from
          jsonb_array_elements(n.data -> 'items') i
      ) g
      join order_lines p on p.order_no = n.order_no
      and p.line_no = g.line_no
  ) as goods
from
  notices n
  left join orders o on o.order_no = n.order_no
  left join notice_rules r on r.type = n.type
where
  n.id = $1;

-- db/packing/list.ts findWorkBatches: a further page of batches of work
select
  b.*,
  c.lines,
  c.open,
  c.shipped
from
  (
    select
      *
    from
      work_batches
    where
      work_batch_no > 0
      and work_batch_no < $1
    order by
      work_batch_no desc
    limit
      $2
  ) b,
  lateral (
    select
      count(*) as lines,
      count(*) filter (
        where
          w.is_open
          and l.state = 'released'
          and l.valid_quantity > 0
      ) as open,
      count(*) filter (
        where
          w.dropped_as is null
          and (
            not w.is_open
            or l.state in ('shipped', 'delivered')
          )
      ) as shipped
    from
      work_batch_lines w
      join delivery_lines l using (delivery_no, line_no)
    where
      w.work_batch_no = b.work_batch_no
  ) c
order by
  b.work_batch_no desc;

-- db/packing/list.ts findWorkBatches: batches in one state
select
  b.*,
  c.lines,
  c.open,
  c.shipped
from
  (
    select
      *
    from
      work_batches
    where
      work_batch_no > 0
      and state = $1
    order by
      work_batch_no desc
    limit
      $2
  ) b,
  lateral (
    select
      count(*) as lines,
      count(*) filter (
        where
          w.is_open
          and l.state = 'released'
          and l.valid_quantity > 0
      ) as open,
      count(*) filter (
        where
          w.dropped_as is null
          and (
            not w.is_open
            or l.state in ('shipped', 'delivered')
          )
      ) as shipped
    from
      work_batch_lines w
      join delivery_lines l using (delivery_no, line_no)
    where
      w.work_batch_no = b.work_batch_no
  ) c
order by
  b.work_batch_no desc;

-- db/packing/list.ts findWorkBatches: batches of one person
select
  b.*,
  c.lines,
  c.open,
  c.shipped
from
  (
    select
      *
    from
      work_batches
    where
      work_batch_no > 0
      and owner = $1
    order by
      work_batch_no desc
    limit
      $2
  ) b,
  lateral (
    select
      count(*) as lines,
      count(*) filter (
        where
          w.is_open
          and l.state = 'released'
          and l.valid_quantity > 0
      ) as open,
      count(*) filter (
        where
          w.dropped_as is null
          and (
            not w.is_open
            or l.state in ('shipped', 'delivered')
          )
      ) as shipped
    from
      work_batch_lines w
      join delivery_lines l using (delivery_no, line_no)
    where
      w.work_batch_no = b.work_batch_no
  ) c
order by
  b.work_batch_no desc;

-- db/packing/list.ts findWorkBatches: batches of one place
select
  b.*,
  c.lines,
  c.open,
  c.shipped
from
  (
    select
      *
    from
      work_batches
    where
      work_batch_no > 0
      and place_no = $1
    order by
      work_batch_no desc
    limit
      $2
  ) b,
  lateral (
    select
      count(*) as lines,
      count(*) filter (
        where
          w.is_open
          and l.state = 'released'
          and l.valid_quantity > 0
      ) as open,
      count(*) filter (
        where
          w.dropped_as is null
          and (
            not w.is_open
            or l.state in ('shipped', 'delivered')
          )
      ) as shipped
    from
      work_batch_lines w
      join delivery_lines l using (delivery_no, line_no)
    where
      w.work_batch_no = b.work_batch_no
  ) c
order by
  b.work_batch_no desc;

-- db/packing/list.ts findWorkBatch: one batch
select
  b.*,
  c.lines,
  c.open,
  c.shipped
from
  (
    select
      *
    from
      work_batches
    where
      work_batch_no = $1
    order by
      work_batch_no desc
    limit
      $2
  ) b,
  lateral (
    select
      count(*) as lines,
      count(*) filter (
        where
          w.is_open
          and l.state = 'released'
          and l.valid_quantity > 0
      ) as open,
      count(*) filter (
        where
          w.dropped_as is null
          and (
            not w.is_open
            or l.state in ('shipped', 'delivered')
          )
      ) as shipped
    from
      work_batch_lines w
      join delivery_lines l using (delivery_no, line_no)
    where
      w.work_batch_no = b.work_batch_no
  ) c
order by
  b.work_batch_no desc;

-- db/packing/list.ts lockDoneBatches: open batches without a line that is still to be shipped
select
  b.work_batch_no
from
  work_batches b
where
  b.state <> 'completed'
  and not exists (
    select
    from
      (
        select
          *
        from
          work_batch_lines w
        where
          w.work_batch_no = b.work_batch_no
        offset
          0
      ) w
    where
      (
        select
          w.is_open
          and l.state = 'released'
          and l.valid_quantity > 0
        from
          delivery_lines l
        where
          l.delivery_no = w.delivery_no
          and l.line_no = w.line_no
      )
  )
order by
  b.work_batch_no
limit
  $1
for update of
  b skip locked;

-- db/packing/batch-lines.ts linesOfWorkBatch: the lines of a batch
select
  "w"."is_open",
  "w"."dropped_as",
  "l"."delivery_no",
  "l"."line_no",
  "l"."order_no",
  "l"."product_id",
  "l"."place_no",
  "l"."state",
  "l"."valid_quantity",
  "l"."carrier_code",
  "l"."waybill_no",
  "p"."product_name",
  "p"."option_name"
from
  "work_batch_lines" as "w"
  inner join "delivery_lines" as "l" on "l"."delivery_no" = "w"."delivery_no"
  and "l"."line_no" = "w"."line_no"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
where
  "w"."work_batch_no" = $1
order by
  "w"."delivery_no",
  "w"."line_no";

-- db/packing/batch-lines.ts linesNotTaken: why lines are in no new batch
select
  k.at::int as asked,
  l.state,
  l.valid_quantity as valid,
  w.work_batch_no
from
  unnest($1::text[], $2::int[]) with ordinality k (delivery_no, line_no, at)
  left join delivery_lines l using (delivery_no, line_no)
  left join work_batch_lines w on w.delivery_no = k.delivery_no
  and w.line_no = k.line_no
  and w.is_open
order by
  k.at;

-- db/packing/parcel.ts deliveryNumbered: the delivery whose number is scanned
select
  delivery_no
from
  deliveries
where
  delivery_no = any (
    array(
      select
        d.delivery_no
      from
        deliveries d
      where
        number_key ("d"."delivery_no") = any ($1)
    )
  )
limit
  1;

-- db/packing/parcel.ts linesOfParcel: the lines of a delivery that is verified
select
  l.delivery_no,
  l.line_no,
  l.product_id,
  p.product_name,
  p.option_name,
  s.barcode,
  l.state,
  l.valid_quantity,
  l.carrier_code,
  l.waybill_no,
  l.tracking_level,
  l.place_no,
  l.method_code,
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as label_prints,
  (
    select
      count(*)
    from
      verification_scans c
    where
      c.verification_id = $1
      and c.delivery_no = l.delivery_no
      and c.line_no = l.line_no
  ) as counted,
  exists (
    select
    from
      (
        select
          *
        from
          delivery_history h
        where
          h.delivery_no = l.delivery_no
          and h.at >= l.released_at
        offset
          0
      ) h
    where
      h.line_no = l.line_no
      and h.command = $2
      and h.voided_at is null
  ) as verified
from
  delivery_lines l
  join order_lines p on p.order_no = l.order_no
  and p.line_no = l.line_no
  left join shipping_products s on s.shipping_product_id = l.product_id
  and s.for_orders
where
  l.delivery_no = $3
order by
  l.delivery_no,
  l.line_no;

-- db/packing/parcel.ts linesOfParcel: the lines under a waybill that is verified
select
  l.delivery_no,
  l.line_no,
  l.product_id,
  p.product_name,
  p.option_name,
  s.barcode,
  l.state,
  l.valid_quantity,
  l.carrier_code,
  l.waybill_no,
  l.tracking_level,
  l.place_no,
  l.method_code,
  (
    select
      coalesce(max(n.copy), 0)
    from
      prints n
    where
      n.waybill_no = "l"."waybill_no"
      and n.carrier_code = "l"."carrier_code"
  ) as label_prints,
  (
    select
      count(*)
    from
      verification_scans c
    where
      c.verification_id = $1
      and c.delivery_no = l.delivery_no
      and c.line_no = l.line_no
  ) as counted,
  exists (
    select
    from
      (
        select
          *
        from
          delivery_history h
        where
          h.delivery_no = l.delivery_no
          and h.at >= l.released_at
        offset
          0
      ) h
    where
      h.line_no = l.line_no
      and h.command = $2
      and h.voided_at is null
  ) as verified
from
  delivery_lines l
  join order_lines p on p.order_no = l.order_no
  and p.line_no = l.line_no
  left join shipping_products s on s.shipping_product_id = l.product_id
  and s.for_orders
where
  l.waybill_no = $3
order by
  l.delivery_no,
  l.line_no;

-- db/packing/verifications.ts verificationOf: what a person is verifying
select
  *
from
  "verifications"
where
  "owner" = $1
  and "closed_at" is null
order by
  "verification_id" desc
limit
  $2;

-- db/packing/prune.ts pruneVerifications: verifications that are over, page by page
with
  page as (
    select
      verification_id as id,
      delivery_no,
      waybill_no,
      opened_at,
      closed_at
    from
      verifications
    where
      verification_id > $1
    order by
      verification_id
    limit
      $2
  ),
  old as (
    select
      *
    from
      page
    where
      opened_at < now() - $3::interval
  ),
  held as (
    select
      v.verification_id as id
    from
      verifications v
      join old o on o.id = v.verification_id
    where
      v.closed_at < now() - $4::interval
      or (
        v.closed_at is null
        and (
          select
            l.line_no
          from
            delivery_lines l
          where
            l."delivery_no" = o."delivery_no"
            and l.finished_at is null
          limit
            1
        ) is null
        and (
          select
            l.line_no
          from
            delivery_lines l
          where
            l."waybill_no" = o."waybill_no"
            and l.finished_at is null
          limit
            1
        ) is null
      )
    for update of
      v skip locked
  ),
  scans as (
    delete from verification_scans s using held h
    where
      s.verification_id = h.id
  ),
  gone as (
    delete from verifications v using held h
    where
      v.verification_id = h.id
    returning
      v.verification_id
  )
select
  (
    select
      count(*)
    from
      old
  ) as seen,
  (
    select
      max(id)
    from
      old
  ) as last,
  (
    select
      count(*)
    from
      gone
  ) as gone;

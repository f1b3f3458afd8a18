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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
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
  ) as "waybill_level"
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
            "delivery_lines" as "l"
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
            "delivery_lines" as "l"
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
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

-- db/deliveries/list.ts findLines: one order
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "order_no" = $1
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

-- db/deliveries/list.ts findLines: one waybill
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and "waybill_no" = $1
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
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

-- db/deliveries/list.ts findLines: a part of a product name
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and ("order_no", "line_no") in (
          select
            "p"."order_no",
            "p"."line_no"
          from
            "order_lines" as "p"
          where
            letter_pairs (p.product_name) @> letter_pairs ($1)
            and "p"."product_name" ilike $2
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

-- db/deliveries/list.ts findDeliveries: the newest orders first
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and not exists (
          select
          from
            "delivery_lines" as "o"
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
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findDeliveries: two states
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
  ) as "waybill_level"
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
            "delivery_lines" as "l"
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
                  "delivery_lines" as "o"
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
            "delivery_lines" as "l"
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
                  "delivery_lines" as "o"
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
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findDeliveries: the latest shipped first
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and not exists (
          select
          from
            "delivery_lines" as "o"
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
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."shipped_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findDeliveries: the latest shipped first
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
    where
      (
        (
          "valid_quantity" > 0
          and "state" <> 'canceled'
        )
        and not exists (
          select
          from
            "delivery_lines" as "o"
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
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts findDeliveries: a receiver by name
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
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
            "delivery_lines" as "o"
          where
            o.delivery_no = l.delivery_no
            and (coalesce("o"."ordered_at", '-infinity'), - o.line_no) > (coalesce("l"."ordered_at", '-infinity'), - l.line_no)
            and (
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
                  "receiver_name" = $2
              )
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

-- db/deliveries/list.ts findDeliveries: an orderer by name
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
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
            "delivery_lines" as "o"
          where
            o.delivery_no = l.delivery_no
            and (coalesce("o"."ordered_at", '-infinity'), - o.line_no) > (coalesce("l"."ordered_at", '-infinity'), - l.line_no)
            and (
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
                  "orderer_name" = $2
              )
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

-- db/deliveries/list.ts findDeliveries: a telephone number
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
  ) as "waybill_level"
from
  (
    select
      *
    from
      "delivery_lines" as "l"
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
                digits (receiver_phone) = $1
                or digits (orderer_phone) = $2
              )
          )
        )
        and not exists (
          select
          from
            "delivery_lines" as "o"
          where
            o.delivery_no = l.delivery_no
            and (coalesce("o"."ordered_at", '-infinity'), - o.line_no) > (coalesce("l"."ordered_at", '-infinity'), - l.line_no)
            and (
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
                    digits (receiver_phone) = $3
                    or digits (orderer_phone) = $4
                  )
              )
            )
        )
      )
    order by
      "l"."ordered_at" desc,
      "l"."delivery_no" desc,
      l.line_no
    limit
      $5
  ) as "l"
  inner join "order_lines" as "p" on "p"."order_no" = "l"."order_no"
  and "p"."line_no" = "l"."line_no"
  inner join "orders" as "r" on "r"."order_no" = "l"."order_no"
order by
  "l"."ordered_at" desc,
  "l"."delivery_no" desc,
  l.line_no;

-- db/deliveries/list.ts countLines: lines of one state, counted up to a bound
select
  count(*) as "count"
from
  (
    select
      1 as "one"
    from
      "delivery_lines"
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

-- db/deliveries/list.ts countLines: deliveries with a line in one state
select
  count(*) as "count"
from
  (
    select distinct
      "delivery_no"
    from
      "delivery_lines"
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

-- db/deliveries/list.ts linesOfDeliveries: all lines of some deliveries
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
  ) as "waybill_level"
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

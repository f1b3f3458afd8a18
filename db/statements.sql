-- Written by `npm run docs` from docs/statements: every list statement, as it is sent, for the eyes of a reviewer.
-- $1, $2 … are bound values. test/structure/statements.test.ts fails when this file is stale.

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

-- db/bulk-shipments/chunk.ts pendingRows: bulk shipment: the next rows of a job
select
  "row_no",
  "delivery_no",
  "carrier_code",
  "waybill_no",
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
        coalesce(s.stock, 0) - s.reserved - (
          select
            coalesce(sum(l.valid_quantity), 0)::bigint
          from
            delivery_lines l
          where
            l.product_id = s.shipping_product_id
            and l.state = 'released'
        )
      ) as available
    from
      shipping_products s
    where
      s.shipping_product_id = $1
  ) p,
  (
    select
      *
    from
      delivery_lines
    where
      product_id = $2
      and state = 'awaitingShipment'
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

-- db/deliveries/start.ts linesNotStarted: the sweep: lines without a workflow
select
  *
from
  "delivery_lines"
where
  "started_at" is null
  and "created_at" < now() - interval '1 ms' * $1
order by
  "created_at"
limit
  $2;

-- db/pickups/start.ts pickupsNotStarted: the sweep: pickups without a workflow
select
  *
from
  "pickups"
where
  "started_at" is null
  and "created_at" < now() - interval '1 ms' * $1
order by
  "created_at"
limit
  $2;

-- db/assembly/start.ts plansNotStarted: the sweep: plans without a workflow
select
  *
from
  "assembly_plans"
where
  "started_at" is null
  and "created_at" < now() - interval '1 ms' * $1
order by
  "created_at"
limit
  $2;

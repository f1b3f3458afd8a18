import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { useOpen, useSort } from '../../list/address.ts';
import type { Delivery } from '../../list/columns.tsx';
import { askedOf, type Filter, Filters } from '../../list/filters.tsx';
import type { Params } from '../../list/list.ts';
import { Count, News, ReadingOn } from '../../list/list-screen.tsx';
import { List, Trouble, useCarriers } from '../../list/parts.tsx';
import { named, t } from '../../ui/texts.ts';
import { deliveryColumns, deliveryId } from './delivery-columns.tsx';
import { lineFilters } from './line-filters.ts';
import { PATH, PersonSearch, usePersonList } from './person-search.tsx';

const states = ['ordered', 'instructed', 'released', 'awaitingShipment', 'shipped', 'delivered'];
const filters = (): Filter[] => [
  { name: 'state', label: 'state', options: states.map((value) => ({ value, label: named('state', value) })) },
  ...lineFilters(),
];

/** 배송조회: a row per delivery; the detail opens beside the list. */
export function Deliveries() {
  const [search] = useSearchParams();
  const carriers = useCarriers();
  const [sort, onSort] = useSort('-orderedAt');
  const asked = askedOf(search, filters());
  const isFiltered = Object.keys(asked).length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address contains the filters
  const params = useMemo<Params>(() => ({ sort, ...asked }), [search, sort]);
  const { list, isPerson, search: searchPerson } = usePersonList(params);
  const open = useOpen('delivery', deliveryId);
  const columns = useMemo(() => deliveryColumns(carriers, open), [open, carriers]);
  return (
    <>
      <Filters filters={filters()} />
      <PersonSearch onSearch={searchPerson} />
      <div className="bar">
        <Count shown={list.rows.length} total={list.first?.total} atLeast={list.first?.totalIsMinimum} />
        <ReadingOn {...list} />
        {!isPerson && <News path={PATH} params={params} list={list} />}
      </div>
      {list.error ? (
        <Trouble error={list.error} again={() => void list.refetch()} />
      ) : (
        <List<Delivery>
          name="deliveries"
          label={t('deliveries')}
          rows={list.rows}
          columns={columns}
          rowId={deliveryId}
          loading={list.isPending}
          empty={t(isFiltered ? 'emptyFiltered' : 'emptyDeliveries')}
          onMore={list.more}
          onBefore={list.before}
          windowStart={list.windowStart}
          onOpen={open}
          sort={sort}
          onSort={onSort}
        />
      )}
    </>
  );
}

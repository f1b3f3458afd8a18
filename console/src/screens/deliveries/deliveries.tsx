import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { askedOf, filterPart, useAsked } from '../../filters/asked.ts';
import { FilterBar } from '../../filters/filter-bar.tsx';
import { usePlaceFilter, usePlaceNames } from '../../filters/places.ts';
import { useOpen, useSort } from '../../list/address.ts';
import type { Delivery } from '../../list/columns.tsx';
import type { Filter } from '../../list/filters.tsx';
import type { Params } from '../../list/list.ts';
import { Count, News, ReadingOn } from '../../list/list-screen.tsx';
import { List, Trouble, useCarriers } from '../../list/parts.tsx';
import { t } from '../../ui/texts.ts';
import { ViewBar } from '../../views/view-bar.tsx';
import { deliveryColumns, deliveryId } from './delivery-columns.tsx';
import { lineFilters, stateFilter } from './line-filters.ts';
import { PATH, PersonSearch, usePersonList } from './person-search.tsx';

const filtersWith = (place?: Filter): Filter[] => [stateFilter(), ...lineFilters(place)];

/** 배송조회: a row per delivery; the detail opens beside the list. */
export function Deliveries() {
  const [search] = useSearchParams();
  const carriers = useCarriers();
  const [sort, onSort] = useSort('-orderedAt');
  const filters = filtersWith(usePlaceFilter(search));
  const asked = useAsked(filters);
  const isFiltered = Object.keys(asked).length > 0;
  const params = useMemo<Params>(() => ({ sort, ...asked }), [asked, sort]);
  const { list, isPerson, search: searchPerson } = usePersonList(params);
  const open = useOpen('delivery', deliveryId);
  const places = usePlaceNames();
  const columns = useMemo(() => deliveryColumns(carriers, places, open), [open, carriers, places]);
  return (
    <>
      <ViewBar
        base="/deliveries"
        partOf={(_screen, part) => filterPart(part, filtersWith())}
        askedBy={(_screen, part, today) => ({ path: PATH, params: askedOf(part, filtersWith(), today) })}
      />
      <FilterBar filters={filters} path="/api/bo/v1/delivery-lines" params={params} />
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

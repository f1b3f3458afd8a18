import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, get } from '../api/api.ts';
import type { PlaceNames } from '../list/columns.tsx';
import type { Filter } from '../list/filters.tsx';
import { useMay } from '../list/parts.tsx';

const PLACES = '/item/v1/shipping/places';
const MOST_PLACES = 500;

/** 출하지 by number; none where the user may not read them or there are too many to choose from. */
export function usePlaceNames(): PlaceNames {
  const may = useMay();
  const { data } = useQuery({
    queryKey: [PLACES, 'names'],
    queryFn: () => get(api.GET(PLACES, { params: { query: { pageIndex: 1, pageSize: MOST_PLACES } } })),
    staleTime: 300_000,
    enabled: may('policy.read'),
  });
  return useMemo(() => {
    const places = data && data.totalCount <= MOST_PLACES ? data.places : [];
    return new Map(places.map(({ placeNo, placeName }) => [placeNo, placeName]));
  }, [data]);
}

/** 출하지 by name, else by number. A number of a link that has no name stays a choice. */
export function usePlaceFilter(search: URLSearchParams): Filter {
  const places = [...usePlaceNames()]
    .map(([placeNo, placeName]) => ({ value: String(placeNo), label: `${placeName} (${placeNo})` }))
    .sort((one, other) => one.label.localeCompare(other.label, 'ko'));
  const filter: Filter = { name: 'placeNo', label: 'placeNo', width: 90 };
  if (places.length === 0) return filter;
  const asked = search.get('placeNo');
  const isKnown = !asked || places.some(({ value }) => value === asked);
  return { ...filter, options: isKnown ? places : [...places, { value: asked, label: asked }] };
}

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, get } from '../api/api.ts';
import { useMay } from '../list/parts.tsx';
import { numbersOf, orderEntry, peopleOf, productsOf } from './matches.ts';
import type { Term } from './term.ts';

const SETTLE_MS = 80;
const MOST = 8;
const MOST_LINES = 60;
/** What was found stays for a while: deleting a letter asks nothing again. */
const kept = { staleTime: 15_000, gcTime: 60_000, placeholderData: keepPreviousData };

/**
 * Numbers and products for what is typed. Each source is asked once a term, in parallel, and an answer belongs to its term: one that
 * comes late is not shown for a newer term. What an older term found stays on the screen meanwhile as far as it still fits.
 */
export function useFound(term: Term, inPickups: boolean) {
  const may = useMay();
  const [asked, setAsked] = useState<Term>(term);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(term), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [term]);
  const { number: q, product: productName } = asked;
  const deliveries = useQuery({
    ...kept,
    queryKey: ['search', 'deliveries', q],
    enabled: q !== null && may('delivery.read'),
    queryFn: ({ signal }) => get(api.GET('/api/bo/v1/deliveries', { params: { query: { q: q ?? '', limit: MOST } }, signal })),
  });
  const pickups = useQuery({
    ...kept,
    queryKey: ['search', 'pickups', q],
    enabled: q !== null && may('pickup.read'),
    queryFn: ({ signal }) => get(api.GET('/api/bo/v1/pickups', { params: { query: { q: q ?? '', limit: MOST } }, signal })),
  });
  const products = useQuery({
    ...kept,
    queryKey: ['search', 'products', productName],
    enabled: productName !== null && may('delivery.read'),
    queryFn: ({ signal }) =>
      get(
        api.GET('/api/bo/v1/delivery-lines', {
          params: { query: { productName: productName ?? '', limit: MOST_LINES } },
          signal,
        }),
      ),
  });
  const isAsked = asked === term;
  const found =
    term.number === null ? [] : numbersOf(deliveries.data?.items ?? [], pickups.data?.items ?? [], { key: term.key, inPickups });
  const isRead = isAsked && !deliveries.isFetching && !pickups.isFetching;
  const ended = useEnded(isRead && found.length === 0 && may('delivery.read') ? asked : null);
  const wanted = term.product?.toLowerCase();
  const lines = (products.data?.items ?? []).filter((line) => wanted && line.productName.toLowerCase().includes(wanted));
  return {
    numbers: found.length > 0 ? found : ended.found,
    products: productsOf(lines, Boolean(products.data?.nextCursor)),
    isMore: Boolean(deliveries.data?.nextCursor ?? pickups.data?.nextCursor) && term.number !== null,
    /** The numbers are those of what is typed now. */
    isSettled: isRead && !ended.isFetching,
    isBusy: !isAsked || deliveries.isFetching || pickups.isFetching || products.isFetching || ended.isFetching,
    error: deliveries.error ?? pickups.error ?? products.error,
    /** Asks without waiting for more letters. */
    ask: () => setAsked(term),
  };
}

const LEAST_OF_A_WHOLE_NUMBER = 6;

/** Canceled orders and what came back whole are in no list: a whole number that no list knows is asked for by itself. */
function useEnded(term: Term | null) {
  const no = term?.isCode && term.number !== null && term.key.length >= LEAST_OF_A_WHOLE_NUMBER ? term : null;
  const { data, isFetching } = useQuery({
    queryKey: ['search', 'ended', no?.text],
    enabled: no !== null,
    staleTime: kept.staleTime,
    queryFn: async ({ signal }) => {
      const query = { masked: 'true' as const };
      const { text = '', key = '' } = no ?? {};
      if (/^D\d+$/.test(key)) {
        const path = { deliveryNo: key };
        const { data: delivery } = await api.GET('/api/bo/v1/deliveries/{deliveryNo}', { params: { path, query }, signal });
        return delivery ? numbersOf([delivery], [], { key, inPickups: false }) : [];
      }
      const path = { orderNo: text };
      const { data: order } = await api.GET('/api/order/v1/orders/{orderNo}', { params: { path, query }, signal });
      return order ? [orderEntry(order.order.orderNo, key, order.order.receiver.name)] : [];
    },
  });
  return { found: (no && data) || [], isFetching: no !== null && isFetching };
}

/** Deliveries of a phone, by the search that is written down; the number is sent in the body and is forgotten with the search. */
export function usePhone(phone: string | null) {
  const { data, error, isFetching } = useQuery({
    queryKey: ['search', 'phone', phone],
    enabled: phone !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    queryFn: () => get(api.POST('/api/bo/v1/deliveries/search', { body: { phone: phone ?? '', limit: 20 } })),
  });
  return { people: peopleOf(data?.items ?? []), error, isBusy: isFetching };
}

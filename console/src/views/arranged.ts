/** What is known of a view here. */
interface Named {
  id: string;
  name: string;
}

/**
 * The order and names that a person gave to the views that he saw (`before`), put to those there are now: views he never saw stay, at
 * the end; names he did not change are those of now; what was deleted elsewhere stays deleted.
 */
export function arranged<View extends Named>(before: readonly Named[], mine: readonly Named[], now: readonly View[]): View[] {
  const seen = new Map(before.map((view) => [view.id, view]));
  const current = new Map(now.map((view) => [view.id, view]));
  const kept = mine.flatMap((view) => {
    const there = current.get(view.id);
    if (!there) return [];
    return view.name === seen.get(view.id)?.name ? [there] : [{ ...there, name: view.name }];
  });
  return [...kept, ...now.filter(({ id }) => !seen.has(id))];
}

import { linkTo, type OpenKind } from '../ui/opened.ts';

/** The number of an order, delivery or pickup as a link to it: a plain click opens it in the panel, others are the browser's. */
export function NumberLink({ kind, no }: { kind: OpenKind; no: string }) {
  return (
    <a className="link" href={linkTo({ kind, no }).href} data-open={kind} data-no={no}>
      {no}
    </a>
  );
}

import { parser } from '@prometheus-io/lezer-promql';

/** A metric that an expression asks for, and the labels by which it chooses. */
export interface Asked {
  metric: string;
  labels: string[];
}

/** The metrics of an expression, by Prometheus's own grammar; throws where that cannot read it. */
export function metricsIn(expression: string): Asked[] {
  const asked: Asked[] = [];
  parser.parse(expression).iterate({
    enter: ({ name, from, to, type }) => {
      const text = expression.slice(from, to);
      if (type.isError) throw new Error(`not PromQL at ${from}: ${expression}`);
      if (name === 'VectorSelector') asked.push({ metric: '', labels: [] });
      const last = asked.at(-1);
      if (name === 'Identifier' && last?.metric === '') last.metric = text;
      // Matchers stand after their metric, the labels of a grouping in their own part.
      if (name === 'LabelName' && last && /^\s*(=~|!~|!=|=)/.test(expression.slice(to))) last.labels.push(text);
    },
  });
  return asked;
}

/** A statement being written: every value becomes a bound parameter. */
export class Statement {
  readonly values: unknown[] = [];
  bind(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

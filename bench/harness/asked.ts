/** Numbers that an environment variable asks for, separated by commas; throws where one is none, because hours would measure nothing. */
export function numbersIn(name: string, preset: number[], { least = 1, whole = true } = {}): number[] {
  const given = process.env[name];
  if (!given) return preset;
  const numbers = given.split(',').map(Number);
  if (numbers.every((each) => Number.isFinite(each) && each >= least && (!whole || Number.isInteger(each)))) return numbers;
  throw new Error(`${name}: ${whole ? 'whole numbers' : 'numbers'} from ${least} on, separated by commas, not ${given}`);
}

/** The same of one number. */
export function numberIn(name: string, preset: number, range?: { least?: number; whole?: boolean }): number {
  const [number = preset, ...more] = numbersIn(name, [preset], range);
  if (more.length > 0) throw new Error(`${name}: one number, not ${process.env[name]}`);
  return number;
}

/** One of these words. */
export function wordIn<Word extends string>(name: string, words: readonly Word[], preset: Word): Word {
  const given = process.env[name];
  const word = given ? words.find((known) => known === given) : preset;
  if (word) return word;
  throw new Error(`${name}: ${words.join(' or ')}, not ${given}`);
}
